/**
 * The program: {@link org.vipmanager.Main} reads the settings, wires the parts together and turns
 * the outcome into an exit code.
 */
@NullMarked
package org.vipmanager;

import org.jspecify.annotations.NullMarked;
