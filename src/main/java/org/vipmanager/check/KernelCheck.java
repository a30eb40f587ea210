package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.netlink.HostNetwork.Link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Settings of the kernel that decide whether an address is reachable, and whether its end takes
 * others along (Documentation/networking/ip-sysctl.rst).
 */
final class KernelCheck {

    private static final String STRICT = "1";

    private final Config config;
    private final HostNetwork host;
    private final Path settings;

    /**
     * @param settings the folder {@code /proc/sys/net}, or one like it
     */
    KernelCheck(Config config, HostNetwork host, Path settings) {
        this.config = config;
        this.host = host;
        this.settings = settings;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<VirtualIp> vips = config.localVips().stream().map(VipConfig::vip).toList();
        if (vips.stream().anyMatch(vip -> !vip.isIpv6())) {
            findings.add(nonlocalBind("ipv4"));
        }
        if (vips.stream().anyMatch(VirtualIp::isIpv6)) {
            findings.add(nonlocalBind("ipv6"));
        }
        Set<String> interfaces =
                vips.stream()
                        .filter(vip -> !vip.isIpv6())
                        .map(VirtualIp::interfaceName)
                        .collect(Collectors.toCollection(TreeSet::new));
        for (String called : interfaces) {
            host.link(called).map(this::ofInterface).ifPresent(findings::addAll);
        }
        return findings;
    }

    private Finding nonlocalBind(String family) {
        String name = "net." + family + ".ip_nonlocal_bind";
        Optional<String> value = value(family + "/ip_nonlocal_bind");
        if (value.isEmpty()) {
            return unseen(name);
        }
        return Finding.good(
                Item.KERNEL,
                value.get().equals("0")
                        ? name
                                + " is 0: a PostgreSQL whose listen_addresses names the address, and not"
                                + " *, cannot start where the address is not"
                        : name
                                + " is "
                                + value.get()
                                + ": programs may listen on the address everywhere");
    }

    private List<Finding> ofInterface(Link link) {
        return List.of(promoteSecondaries(link), reversePathFilter(link), arpIgnore(link));
    }

    private Finding promoteSecondaries(Link link) {
        Optional<String> value = greatest(link, "promote_secondaries");
        String name = "promote_secondaries of " + link.name();
        if (value.isEmpty()) {
            return unseen(name);
        }
        if (!value.get().equals("0")) {
            return Finding.good(
                    Item.KERNEL, name + " is 1: the end of an address takes no other one along");
        }
        return hasOwnAddressBeside(link)
                ? Finding.good(
                        Item.KERNEL,
                        name + " is 0, which is no harm: no other address depends on a virtual one")
                : Finding.warning(
                        Item.KERNEL,
                        name
                                + " is 0: an address that is added to the same subnet later goes together"
                                + " with the virtual one",
                        "sysctl net.ipv4.conf.all.promote_secondaries=1, or give the host its own"
                                + " address before vip-manager starts");
    }

    private boolean hasOwnAddressBeside(Link link) {
        Set<java.net.InetAddress> ours =
                config.localVips().stream()
                        .map(vip -> vip.vip().address())
                        .collect(Collectors.toSet());
        return config.localVips().stream()
                .map(VipConfig::vip)
                .filter(vip -> !vip.isIpv6() && link.names().contains(vip.interfaceName()))
                .filter(vip -> vip.prefixLength() < Integer.SIZE) // a single one has no others
                .allMatch(
                        vip ->
                                host.on(link).stream()
                                        .filter(a -> !ours.contains(a.address()))
                                        .anyMatch(a -> a.isInSubnetWith(vip.address())));
    }

    private Finding reversePathFilter(Link link) {
        Optional<String> value = greatest(link, "rp_filter");
        String name = "rp_filter of " + link.name();
        if (value.isEmpty()) {
            return unseen(name);
        }
        boolean routed = link.name().equals("lo");
        if (value.get().equals(STRICT) && routed) {
            return Finding.warning(
                    Item.KERNEL,
                    name
                            + " is 1: where a client's packets come in over another interface than the"
                            + " answers take, they are dropped",
                    "sysctl net.ipv4.conf.all.rp_filter=2 where routes are asymmetric");
        }
        return Finding.good(
                Item.KERNEL,
                name
                        + " is "
                        + value.get()
                        + (value.get().equals(STRICT)
                                ? ": packets of clients are taken only by the interface that leads back to them"
                                : ""));
    }

    private Finding arpIgnore(Link link) {
        Optional<String> value = greatest(link, "arp_ignore");
        String name = "arp_ignore of " + link.name();
        if (value.isEmpty()) {
            return unseen(name);
        }
        return switch (value.get()) {
            case "0", "1" -> Finding.good(Item.KERNEL, name + " is " + value.get());
            case "2" ->
                    Finding.warning(
                            Item.KERNEL,
                            name
                                    + " is 2: the host answers ARP only to whom it takes for a member of"
                                    + " the address's subnet, and to nobody while it has a /32",
                            "sysctl net.ipv4.conf.all.arp_ignore=1");
            default ->
                    Finding.error(
                            Item.KERNEL,
                            name
                                    + " is "
                                    + value.get()
                                    + ": the host does not answer ARP for such addresses, so that"
                                    + " nobody finds them",
                            "sysctl net.ipv4.conf.all.arp_ignore=1");
        };
    }

    private static Finding unseen(String name) {
        return Finding.unseen(
                Item.KERNEL, name + " cannot be read", "look at it from outside of the container");
    }

    /** The kernel takes the greater one of the interface's and that of all. */
    private Optional<String> greatest(Link link, String setting) {
        Optional<String> own = value("ipv4/conf/" + link.name() + "/" + setting);
        Optional<String> all = value("ipv4/conf/all/" + setting);
        return all.filter(text -> own.isEmpty() || text.compareTo(own.get()) > 0).or(() -> own);
    }

    private Optional<String> value(String setting) {
        try {
            return Optional.of(Files.readString(settings.resolve(setting)).strip());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
