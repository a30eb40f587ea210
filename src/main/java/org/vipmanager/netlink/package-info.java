/**
 * Addresses and links of the Linux kernel over rtnetlink(7), in storeys. On {@link
 * org.vipmanager.netlink.protocol}, a request with its answer, stand {@link
 * org.vipmanager.netlink.AddressService} and {@link org.vipmanager.netlink.LinkService}: what can
 * be asked. {@link org.vipmanager.netlink.InterfaceTable} is what the kernel has, which {@link
 * org.vipmanager.netlink.InterfaceMonitor} keeps true, and {@link
 * org.vipmanager.netlink.NetlinkAddressTable} is what a person would say. Enter at the last.
 */
@NullMarked
package org.vipmanager.netlink;

import org.jspecify.annotations.NullMarked;
