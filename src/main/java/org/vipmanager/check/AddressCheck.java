package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.DcsType;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.netlink.HostNetwork.Address;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who has each address now, on this host and on its network, and whether that is who should. */
final class AddressCheck {

    private final Config config;
    private final HostNetwork host;
    private final Wire wire;
    private final Leadership leadership;
    private final boolean isDaemonRunning;

    /**
     * Who should have the addresses.
     *
     * @param keys what the DCS says of the leader keys; empty when it says nothing
     * @param leaders by virtual address, where the leader says that it is found
     */
    record Leadership(Map<String, KeyState> keys, Map<InetAddress, InetAddress> leaders) {}

    AddressCheck(
            Config config,
            HostNetwork host,
            Wire wire,
            Leadership leadership,
            boolean isDaemonRunning) {
        this.config = config;
        this.host = host;
        this.wire = wire;
        this.leadership = leadership;
        this.isDaemonRunning = isDaemonRunning;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (!wire.wasAsked()) {
            findings.add(
                    Finding.unseen(
                            Item.ADDRESS,
                            "who answers for the address on the network cannot be asked: "
                                    + wire.trouble(),
                            wire.remedy()));
        }
        for (VipConfig vip : config.localVips()) {
            findings.add(finding(vip));
            proxy(vip.vip()).ifPresent(findings::add);
        }
        return findings;
    }

    private Finding finding(VipConfig vip) {
        Optional<KeyState> key = Optional.ofNullable(leadership.keys().get(vip.trigger().key()));
        if (key.isEmpty()) {
            return unjudged(vip.vip());
        }
        Optional<String> leader = key.get().value();
        if (leader.isEmpty()) {
            return withoutLeader(vip.vip());
        }
        return leader.get().equals(vip.trigger().value())
                ? onLeader(vip.vip())
                : elsewhere(vip.vip(), leader.get());
    }

    private Finding onLeader(VirtualIp vip) {
        Set<HardwareAddress> others = wire.holders(vip.address());
        if (!isHere(vip) && !others.isEmpty()) {
            return Finding.error(
                    Item.ADDRESS,
                    "this host leads, and " + of(vip) + " is held by " + named(others),
                    "look at that host: a daemon that does not follow this key, or somebody who has"
                            + " the address by hand; "
                            + remedyHere());
        }
        if (!isHere(vip)) {
            return Finding.error(
                    Item.ADDRESS,
                    "this host leads, and " + of(vip) + " is not on it",
                    remedyHere());
        }
        if (!others.isEmpty()) {
            return Finding.error(
                    Item.ADDRESS,
                    of(vip)
                            + " is on this host, which leads, and "
                            + named(others)
                            + " answers for it, too",
                    "take the address away from that host: clients reach now the one, now the other");
        }
        return Finding.good(
                Item.ADDRESS,
                of(vip)
                        + " is on this host, which leads"
                        + (wire.wasAsked() ? ", and nobody else answers for it" : ""));
    }

    private String remedyHere() {
        return isDaemonRunning
                ? "look at the log of the daemon here: journalctl -u vip-manager -n 50"
                : "no daemon runs here: systemctl start vip-manager";
    }

    private Finding elsewhere(VirtualIp vip, String leader) {
        Set<HardwareAddress> others = wire.holders(vip.address());
        // Patroni's status tells that this host does not lead, and not who does.
        String leads =
                config.dcs().type() == DcsType.PATRONI
                        ? "this host does not lead"
                        : Printable.quoted(leader) + " leads";
        if (isHere(vip)) {
            return Finding.error(
                    Item.ADDRESS,
                    of(vip)
                            + " is on this host, and "
                            + leads
                            + (others.isEmpty()
                                    ? ""
                                    : "; " + named(others) + " answers for it, too"),
                    isDaemonRunning
                            ? "look at the log of the daemon here: journalctl -u vip-manager -n 50"
                            : "no daemon runs here that would remove it: ip address del "
                                    + vip.cidr()
                                    + " dev "
                                    + vip.interfaceName());
        }
        if (!wire.wasAsked()) {
            return Finding.good(Item.ADDRESS, of(vip) + " is not on this host, as " + leads);
        }
        if (others.isEmpty()) {
            return Finding.warning(
                    Item.ADDRESS,
                    "nobody answers for " + of(vip) + ", and " + leads,
                    "look at the daemon on the leader: vip-manager check there");
        }
        if (others.size() > 1) {
            return Finding.error(
                    Item.ADDRESS,
                    named(others) + " answer for " + of(vip) + ": it has several holders",
                    "take the address away from all but the leader");
        }
        return one(vip, leads, others.iterator().next());
    }

    private Finding one(VirtualIp vip, String leads, HardwareAddress holder) {
        Optional<InetAddress> at = Optional.ofNullable(leadership.leaders().get(vip.address()));
        Set<HardwareAddress> right = at.map(wire::holders).orElse(Set.of());
        if (!right.isEmpty() && !right.contains(holder)) {
            return Finding.warning(
                    Item.ADDRESS,
                    named(Set.of(holder))
                            + " answers for "
                            + of(vip)
                            + ", though "
                            + leads
                            + ", which is found at "
                            + PrintedAddress.of(at.get())
                            + " by "
                            + named(right),
                    "look whose hardware address that is, and whether the daemon runs on the leader");
        }
        return Finding.good(
                Item.ADDRESS,
                named(Set.of(holder)) + " answers for " + of(vip) + ", and nobody else; " + leads);
    }

    private Finding withoutLeader(VirtualIp vip) {
        Set<HardwareAddress> others = wire.holders(vip.address());
        if (isHere(vip)) {
            return Finding.error(
                    Item.ADDRESS, of(vip) + " is on this host, and nobody leads", remedyHere());
        }
        return others.isEmpty()
                ? Finding.good(Item.ADDRESS, "nobody leads, and nobody has " + of(vip))
                : Finding.warning(
                        Item.ADDRESS,
                        "nobody leads by that key, and " + named(others) + " has " + of(vip),
                        "is the key right? Else look at that host: vip-manager check there");
    }

    /** What is seen, where nobody says who should have it. */
    private Finding unjudged(VirtualIp vip) {
        Set<HardwareAddress> others = wire.holders(vip.address());
        String found =
                isHere(vip)
                        ? of(vip) + " is on this host"
                        : others.isEmpty()
                                ? wire.wasAsked()
                                        ? "nobody answers for " + of(vip)
                                        : of(vip) + " is not on this host"
                                : named(others) + " answers for " + of(vip);
        return Finding.unseen(
                Item.ADDRESS,
                found + "; who should have it is not known",
                "mend what is wrong with the endpoints first");
    }

    private Optional<Finding> proxy(VirtualIp vip) {
        Set<HardwareAddress> lying = wire.proxies().getOrDefault(vip.address(), Set.of());
        return lying.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Finding.warning(
                                Item.ADDRESS,
                                named(lying)
                                        + " answers for "
                                        + of(vip)
                                        + " as for every address: proxy ARP",
                                "switch proxy ARP off there (net.ipv4.conf.*.proxy_arp, or the router's"
                                        + " setting): clients that ask anew may reach it in place of the"
                                        + " leader"));
    }

    private boolean isHere(VirtualIp vip) {
        return host.addresses().stream()
                .filter(address -> !address.isDuplicate())
                .map(Address::address)
                .anyMatch(vip.address()::equals);
    }

    private static String of(VirtualIp vip) {
        return PrintedAddress.of(vip.address());
    }

    /** Hardware addresses in a sentence, with the other addresses that they have answered for. */
    private String named(Set<HardwareAddress> claimants) {
        return claimants.stream().map(wire::named).sorted().collect(Collectors.joining(" and "));
    }
}
