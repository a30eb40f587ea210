/**
 * The end of TCP connections over sock_diag(7), before an address goes. Enter at {@link
 * org.vipmanager.netlink.reset.NetlinkConnectionReset}.
 */
@NullMarked
package org.vipmanager.netlink.reset;

import org.jspecify.annotations.NullMarked;
