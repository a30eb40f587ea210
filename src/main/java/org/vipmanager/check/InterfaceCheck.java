package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.netlink.HostNetwork.Address;
import org.vipmanager.netlink.HostNetwork.Link;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether each address has an interface that frames pass, in a subnet to which it belongs. */
final class InterfaceCheck {

    private final List<VirtualIp> vips;
    private final HostNetwork host;
    private final Set<InetAddress> ours;

    InterfaceCheck(Config config, HostNetwork host) {
        this.vips = config.localVips().stream().map(VipConfig::vip).toList();
        this.host = host;
        this.ours = vips.stream().map(VirtualIp::address).collect(Collectors.toSet());
    }

    List<Finding> findings() {
        return vips.stream().map(this::finding).toList();
    }

    private Finding finding(VirtualIp vip) {
        Optional<Link> found = host.link(vip.interfaceName());
        if (found.isEmpty()) {
            return Finding.error(
                    Item.INTERFACE,
                    vip
                            + ": "
                            + vip.interfaceName()
                            + " does not exist on this host; there are: "
                            + host.links().stream()
                                    .map(Link::name)
                                    .collect(Collectors.joining(", ")),
                    "write interface: "
                            + neighbour(vip).map(Link::name).orElse("NAME")
                            + ", or create "
                            + vip.interfaceName()
                            + "; the daemon waits for it, and cannot add the address before");
        }
        Link link = found.get();
        if (!link.isUp()) {
            return Finding.error(
                    Item.INTERFACE,
                    vip + ": " + link.name() + " is down, so that nobody reaches the address",
                    "ip link set " + link.name() + " up");
        }
        if (!link.hasCarrier()) {
            return Finding.error(
                    Item.INTERFACE,
                    vip
                            + ": "
                            + link.name()
                            + " is up and has no carrier, so that nobody reaches it",
                    "look at the cable, the port of the switch, or the other end of "
                            + link.name());
        }
        return subnet(vip, link);
    }

    private Finding subnet(VirtualIp vip, Link link) {
        String state = vip + ": " + link.name() + " is up and has carrier";
        boolean isSingle = vip.prefixLength() == vip.address().getAddress().length * Byte.SIZE;
        List<Address> own = own(link);
        Optional<Address> neighbour =
                own.stream().filter(other -> other.isInSubnetWith(vip.address())).findFirst();
        if (neighbour.isEmpty()) {
            return isSingle ? Finding.good(Item.INTERFACE, state) : strange(vip, link, own);
        }
        Address other = neighbour.get();
        String here = cidr(other);
        if (other.prefixLength() != vip.prefixLength() && !isSingle) {
            return Finding.warning(
                    Item.INTERFACE,
                    state + ", but its address in that subnet is " + here,
                    "write netmask: " + other.prefixLength() + ", as the network has");
        }
        return Finding.good(Item.INTERFACE, state + ", with " + here + " in the same subnet");
    }

    private Finding strange(VirtualIp vip, Link link, List<Address> own) {
        String has =
                own.isEmpty()
                        ? "no address of its own"
                        : own.stream().map(InterfaceCheck::cidr).collect(Collectors.joining(", "));
        return Finding.warning(
                Item.INTERFACE,
                vip + ": " + link.name() + " has no other address in that subnet; it has " + has,
                neighbour(vip)
                        .map(
                                other ->
                                        "is interface: "
                                                + other.name()
                                                + " meant? It has an address in that subnet")
                        .orElse(
                                "check ip, netmask and interface: hosts of the subnet find the"
                                        + " address by ARP on the interface alone"));
    }

    /** Another interface of this host that has an address in the same subnet. */
    private Optional<Link> neighbour(VirtualIp vip) {
        return host.links().stream()
                .filter(link -> own(link).stream().anyMatch(a -> a.isInSubnetWith(vip.address())))
                .findFirst();
    }

    /** Its addresses without those that are managed, of the subnets that have others. */
    private List<Address> own(Link link) {
        return host.on(link).stream()
                .filter(address -> !ours.contains(address.address()))
                .filter(address -> !address.address().isLinkLocalAddress())
                .toList();
    }

    private static String cidr(Address address) {
        return PrintedAddress.of(address.address()) + "/" + address.prefixLength();
    }
}
