/**
 * Finds the members of an etcd cluster by SRV records of name servers (RFC 2782), and follows them.
 * Enter at {@link org.vipmanager.discovery.DiscoveredSource}.
 */
@NullMarked
package org.vipmanager.discovery;

import org.jspecify.annotations.NullMarked;
