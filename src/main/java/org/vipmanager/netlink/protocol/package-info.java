/**
 * netlink(7) as such, the lowest storey: sockets, messages, and a request with its answer. What the
 * messages are for, others know. Enter at {@link
 * org.vipmanager.netlink.protocol.RtnetlinkConnection}.
 */
@NullMarked
package org.vipmanager.netlink.protocol;

import org.jspecify.annotations.NullMarked;
