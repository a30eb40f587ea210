/**
 * Addresses and links of the Linux kernel over rtnetlink(7), in storeys: {@link
 * org.vipmanager.netlink.AddressMessage} and its kin are bytes, {@link
 * org.vipmanager.netlink.RtnetlinkConnection} is a request with its answer, {@link
 * org.vipmanager.netlink.KernelView} is what the kernel has, and {@link
 * org.vipmanager.netlink.NetlinkAddressTable} is what a person would say. Enter at the last.
 */
@NullMarked
package org.vipmanager.netlink;

import org.jspecify.annotations.NullMarked;
