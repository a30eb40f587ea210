package org.vipmanager.netlink;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Tells people of an address that is on this host otherwise than configured when it begins to be
 * watched.
 *
 * <p>The Go program takes a {@code netmask} that it does not understand for the default of the
 * address's class, and leaves 10.0.0.9/8 behind for ever.
 */
final class FoundOtherwise {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private FoundOtherwise() {}

    static void warn(WatchedAddress address, KernelView view) {
        VirtualIp vip = address.vip;
        for (LinkMessage link : view.links()) {
            for (ObservedAddress form : view.formsOf(link.index(), vip.address())) {
                String cidr =
                        PrintedAddress.of(vip.address()) + "/" + form.message().prefixLength();
                if (!link.isCalled(vip.interfaceName())) {
                    warnOfOtherInterface(vip, cidr, link.name());
                } else if (!address.prefixLengths.contains(form.message().prefixLength())) {
                    warnOfOtherLength(vip, cidr);
                }
            }
        }
    }

    private static void warnOfOtherInterface(VirtualIp vip, String cidr, String interfaceName) {
        LOGGER.log(
                Level.WARNING,
                "{0} is on {1} of this host, but {2} is configured: it is not removed from {1}, and"
                        + " clients may reach this host by it whoever leads; if nothing else needs"
                        + " it, run: ip address del {0} dev {1}",
                cidr,
                interfaceName,
                vip);
    }

    private static void warnOfOtherLength(VirtualIp vip, String cidr) {
        LOGGER.log(
                Level.WARNING,
                "{0} is there, left by another program or an earlier configuration, but {1} is"
                        + " configured: the former is replaced when this host leads, and at once"
                        + " if it has no lifetime; else it is removed",
                cidr,
                vip);
    }
}
