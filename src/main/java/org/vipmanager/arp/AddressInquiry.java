package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Asks the network who has addresses, and listens for a moment.
 *
 * <p>By probes, which claim nothing and change nobody's mind (RFC 5227, 1.1; RFC 4862, 5.4.2); for
 * IPv4 also as any client asks, with the host's own address as the sender, because a proxy on Linux
 * answers only that (arp_process in net/ipv4/arp.c).
 */
public final class AddressInquiry {

    private static final int ROUNDS = 3;
    private static final long REST_NANOS = 5_000_000;
    private static final int MOST_ANSWERS = 10_000;

    private AddressInquiry() {}

    /**
     * What is asked.
     *
     * @param vip the address, on the interface on which it is asked for
     * @param sender an address of this host on that interface, of its family; empty for probes only
     */
    public record Question(VirtualIp vip, Optional<InetAddress> sender) {}

    /** Who has answered for an address. */
    public record Answer(InetAddress address, HardwareAddress hardwareAddress) {}

    /**
     * Asks, and blocks for that time.
     *
     * @param questions those on an interface without ARP are passed over
     * @param shortNames what an interface with a longer name is called in 15 bytes
     * @return who answered, or claimed one of them otherwise; frames of this host are among them
     *     where the network returns them
     * @throws IOException without the right to do so (CAP_NET_RAW), or where an interface is gone
     */
    public static Set<Answer> ask(
            LibC libC, List<Question> questions, Duration time, UnaryOperator<String> shortNames)
            throws IOException {
        List<VirtualIp> asked = questions.stream().map(Question::vip).toList();
        Set<Answer> answers = new HashSet<>();
        try (PacketAnnouncer prober = PacketAnnouncer.open(libC, shortNames);
                ClaimSocket arp = ClaimSocket.open(libC, EthernetHeader.ARP);
                ClaimSocket ipv6 = ClaimSocket.open(libC, EthernetHeader.IPV6)) {
            Map<InetAddress, Set<Integer>> wanted = indexes(libC, arp, asked, shortNames);
            List<byte[]> four = bytes(asked, 4);
            List<byte[]> six = bytes(asked, 16);
            if (!four.isEmpty()) {
                arp.pass(PacketFilter.ofArpSenders(four), four.size());
            }
            if (!six.isEmpty()) {
                ipv6.pass(PacketFilter.ofAdvertisedTargets(six), six.size());
            }
            long end = System.nanoTime();
            for (int round = 0; round < ROUNDS; round++) {
                for (Question question : questions) {
                    prober.probe(question.vip());
                    if (question.sender().isPresent()) {
                        prober.ask(question.vip(), question.sender().get());
                    }
                }
                end += time.toNanos() / ROUNDS;
                while (System.nanoTime() < end) {
                    collect(arp, wanted, answers);
                    collect(ipv6, wanted, answers);
                    LockSupport.parkNanos(REST_NANOS);
                }
            }
        }
        return answers;
    }

    private static void collect(
            ClaimSocket socket, Map<InetAddress, Set<Integer>> wanted, Set<Answer> answers) {
        for (int i = 0; i < MOST_ANSWERS && answers.size() < MOST_ANSWERS; i++) {
            Optional<HeardClaim> heard = socket.receive();
            if (heard.isEmpty()) {
                return;
            }
            HeardClaim claim = heard.get();
            if (wanted.getOrDefault(claim.address(), Set.of()).contains(claim.interfaceIndex())) {
                answers.add(new Answer(claim.address(), claim.hardwareAddress()));
            }
        }
    }

    /** On which interfaces an answer for an address counts. */
    private static Map<InetAddress, Set<Integer>> indexes(
            LibC libC, ClaimSocket any, List<VirtualIp> asked, UnaryOperator<String> shortNames)
            throws IOException {
        NetworkInterfaces interfaces = new NetworkInterfaces(libC, any.socket(), shortNames);
        Map<InetAddress, Set<Integer>> indexes = new HashMap<>();
        for (VirtualIp one : asked) {
            Optional<NetworkInterfaces.Ethernet> found = interfaces.find(one.interfaceName());
            if (found.isPresent()) {
                indexes.computeIfAbsent(one.address(), _ -> new HashSet<>())
                        .add(found.get().index());
            }
        }
        return indexes;
    }

    private static List<byte[]> bytes(List<VirtualIp> asked, int length) {
        return asked.stream()
                .map(VirtualIp::address)
                .distinct()
                .map(InetAddress::getAddress)
                .filter(bytes -> bytes.length == length)
                .toList();
    }
}
