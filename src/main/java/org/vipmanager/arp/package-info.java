/**
 * The address on the wire: announcing it, asking for it, and hearing others claim it, with ARP (RFC
 * 826, RFC 5227) and neighbour discovery (RFC 4861). Packets are values without sockets. Enter at
 * {@link org.vipmanager.arp.PacketAnnouncer} and {@link org.vipmanager.arp.ClaimListener}.
 */
@NullMarked
package org.vipmanager.arp;

import org.jspecify.annotations.NullMarked;
