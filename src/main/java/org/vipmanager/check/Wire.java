package org.vipmanager.check;

import org.vipmanager.arp.AddressInquiry;
import org.vipmanager.config.Config;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.netlink.HostNetwork.Link;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who answers for addresses on the network at this moment.
 *
 * @param claimants the other hosts that answer for an address, by that, without those that answer
 *     for every address
 * @param proxies those
 * @param neighbours other hosts that this one has lately spoken to
 * @param hosts addresses of hosts, which were asked for as well
 * @param trouble why nobody could be asked; empty when somebody was
 */
record Wire(
        Map<InetAddress, Set<HardwareAddress>> claimants,
        Map<InetAddress, Set<HardwareAddress>> proxies,
        List<Neighbour> neighbours,
        Set<InetAddress> hosts,
        String trouble) {

    /** Another host, as /proc/net/arp has it. */
    record Neighbour(String address, String hardwareAddress) {

        private static final Path TABLE = Path.of("/proc/net/arp");

        /** Columns: address, type, flags, hardware address, mask, device (proc_pid_net(5)). */
        static List<Neighbour> known() {
            try {
                return Files.readAllLines(TABLE).stream()
                        .skip(1)
                        .map(line -> line.split("\\s+"))
                        .filter(columns -> columns.length >= 6)
                        .map(columns -> new Neighbour(columns[0], columns[3]))
                        .toList();
            } catch (IOException notShown) {
                return List.of();
            }
        }
    }

    private static final String NO_INTERFACE = "no interface of an address is up";

    /** Of more addresses the rest is not asked for. */
    private static final int MOST_ASKED = 200;

    private static final Duration LISTENING = Duration.ofMillis(900);

    /** Where no address is to be asked for. */
    static final Wire NOBODY = new Wire(Map.of(), Map.of(), List.of(), Set.of(), "");

    static Wire unseen(String trouble) {
        return new Wire(Map.of(), Map.of(), List.of(), Set.of(), trouble);
    }

    /** What to do about that. */
    String remedy() {
        return trouble.equals(NO_INTERFACE)
                ? "see the interface above"
                : "call check as root (CAP_NET_RAW)";
    }

    /** Whether somebody could be asked. */
    boolean wasAsked() {
        return trouble.isEmpty();
    }

    Set<HardwareAddress> holders(InetAddress address) {
        return claimants.getOrDefault(address, Set.of());
    }

    /** A host in a sentence, with the addresses by which the kernel knows it, if it does. */
    String named(HardwareAddress claimant) {
        Set<String> known = new TreeSet<>();
        for (Neighbour one : neighbours) {
            if (one.hardwareAddress().equals(claimant.toString())) {
                known.add(one.address());
            }
        }
        for (InetAddress host : hosts) {
            if (holders(host).contains(claimant)) {
                known.add(PrintedAddress.of(host));
            }
        }
        return known.isEmpty()
                ? claimant.toString()
                : claimant + " (" + String.join(", ", known) + ")";
    }

    /**
     * Asks; blocks for a second.
     *
     * @param leaders addresses of hosts, whose hardware addresses are wanted as well
     */
    static Wire ask(LibC libC, HostNetwork host, Config config, Collection<InetAddress> leaders) {
        List<VirtualIp> vips =
                config.localVips().stream()
                        .map(VipConfig::vip)
                        .filter(
                                vip ->
                                        host.link(vip.interfaceName())
                                                .filter(Link::isUp)
                                                .isPresent())
                        .limit(MOST_ASKED)
                        .toList();
        Set<VirtualIp> asked = new LinkedHashSet<>(vips);
        Map<VirtualIp, Decoys> decoys = new HashMap<>();
        for (VirtualIp vip : vips) {
            leaders.stream()
                    .filter(leader -> (leader.getAddress().length == 16) == vip.isIpv6())
                    .forEach(leader -> asked.add(on(vip, leader)));
            if (!vip.isIpv6()) {
                Decoys chosen = Decoys.of(vip, host);
                decoys.put(vip, chosen);
                chosen.addresses().forEach(decoy -> asked.add(on(vip, decoy)));
            }
        }
        Set<InetAddress> moving =
                config.vips().stream().map(vip -> vip.vip().address()).collect(Collectors.toSet());
        if (vips.isEmpty()) {
            return unseen(NO_INTERFACE);
        }
        try {
            Set<AddressInquiry.Answer> answers =
                    AddressInquiry.ask(
                            libC,
                            asked.stream().map(one -> question(one, host, moving)).toList(),
                            LISTENING,
                            name -> host.link(name).map(Link::name).orElse(name));
            return sorted(host, answers, decoys, vips, Set.copyOf(leaders));
        } catch (IOException e) {
            return unseen(String.valueOf(e.getMessage()));
        }
    }

    /** Asked by an address of this host that does not move, where there is one. */
    private static AddressInquiry.Question question(
            VirtualIp vip, HostNetwork host, Set<InetAddress> moving) {
        Optional<InetAddress> sender =
                host.link(vip.interfaceName()).stream()
                        .flatMap(link -> host.on(link).stream())
                        .filter(own -> own.validSeconds().isEmpty() && !own.isMarkedAsOurs())
                        .map(HostNetwork.Address::address)
                        .filter(own -> !vip.isIpv6() && own instanceof Inet4Address)
                        .filter(own -> !moving.contains(own))
                        .findFirst();
        return new AddressInquiry.Question(vip, sender);
    }

    private static Wire sorted(
            HostNetwork host,
            Set<AddressInquiry.Answer> answers,
            Map<VirtualIp, Decoys> decoys,
            List<VirtualIp> vips,
            Set<InetAddress> hosts) {
        Set<HardwareAddress> own =
                host.links().stream()
                        .flatMap(link -> link.hardwareAddresses().stream())
                        .collect(Collectors.toSet());
        Map<InetAddress, Set<HardwareAddress>> claimants = new HashMap<>();
        for (AddressInquiry.Answer answer : answers) {
            if (!own.contains(answer.hardwareAddress())) {
                claimants
                        .computeIfAbsent(answer.address(), _ -> new HashSet<>())
                        .add(answer.hardwareAddress());
            }
        }
        Map<InetAddress, Set<HardwareAddress>> proxies = new HashMap<>();
        for (VirtualIp vip : vips) {
            Set<HardwareAddress> answering = claimants.getOrDefault(vip.address(), Set.of());
            Decoys asked = decoys.getOrDefault(vip, Decoys.NONE);
            Set<HardwareAddress> lying =
                    answering.stream()
                            .filter(one -> asked.isProxy(one, claimants))
                            .collect(Collectors.toSet());
            proxies.put(vip.address(), lying);
        }
        proxies.forEach(
                (address, lying) ->
                        claimants.getOrDefault(address, new HashSet<>()).removeAll(lying));
        return new Wire(claimants, proxies, Neighbour.known(), hosts, "");
    }

    private static VirtualIp on(VirtualIp vip, InetAddress other) {
        return new VirtualIp(other, vip.prefixLength(), vip.interfaceName());
    }
}
