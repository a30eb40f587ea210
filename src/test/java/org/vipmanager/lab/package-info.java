/**
 * The laboratory: hosts, switches and a client made of network namespaces, real servers, real
 * faults, and instruments that measure who holds the address and what a client notices. It shares
 * no code with the daemon. Enter at {@link org.vipmanager.lab.Lab}.
 */
@NullMarked
package org.vipmanager.lab;

import org.jspecify.annotations.NullMarked;
