package org.vipmanager.netlink;

import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.LinkMessage;

/**
 * In which form an address is put on an interface so that its end never harms another address.
 *
 * <p>Removing an IPv4 address that is its subnet's primary takes the secondary ones, and the routes
 * that use them as source, along (__inet_del_ifa in net/ipv4/devinet.c). An IPv6 address brings a
 * route to its prefix with its own lifetime, which shortens one that a router advertisement made
 * for another address (inet6_addr_add in net/ipv6/addrconf.c). So where somebody else has an
 * address of the same subnet ours adds nothing but itself; where it is alone it brings the route.
 *
 * @param prefixLength of the address on the interface
 * @param bringsPrefixRoute false for IFA_F_NOPREFIXROUTE
 */
record AddressForm(int prefixLength, boolean bringsPrefixRoute) {

    static final int IPV4_BITS = 32;
    static final int IPV6_BITS = 128;

    /** The one that fits who is on that interface now. */
    static AddressForm fitting(WatchedAddress address, LinkMessage link, Subnets subnets) {
        Subnets.Members members = subnets.members(link.index(), address.subnet);
        return of(
                address.vip,
                members.hasOthers(),
                subnets.othersWereThere(link.name(), address.subnet),
                members.hasOnlyAnotherOfOurs(address.vip.address()));
    }

    /**
     * The rule.
     *
     * @param othersAreThere whether an address of the same subnet that is not ours is on the
     *     interface. In IPv4 that one is the primary, or it already is secondary to one of ours,
     *     where taking ours away only to put it in another form would do the harm that is to be
     *     avoided.
     * @param othersWereThere whether there has been one since this program started: it may come
     *     back, and must not find ours as its primary
     * @param anotherOfOursIsAlone whether one of our other addresses already brings the route, and
     *     this one would become secondary to it
     */
    static AddressForm of(
            VirtualIp vip,
            boolean othersAreThere,
            boolean othersWereThere,
            boolean anotherOfOursIsAlone) {
        if (vip.isIpv6()) {
            return new AddressForm(vip.prefixLength(), !othersAreThere);
        }
        boolean own = othersAreThere || !othersWereThere && !anotherOfOursIsAlone;
        return new AddressForm(own ? vip.prefixLength() : IPV4_BITS, true);
    }

    /** The prefix length with which an address is in nobody's subnet. */
    static int hostPrefixLength(VirtualIp vip) {
        return vip.isIpv6() ? IPV6_BITS : IPV4_BITS;
    }
}
