package org.vipmanager.arp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.control.DecisionLoop;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.FreshNetwork;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Announces, claims and floods on a pair of virtual Ethernet interfaces: eth0 is this host's, wire
 * the other end, on which frames are made and looked at. Needs root; touches nothing outside its
 * namespaces.
 */
@ExtendWith(FreshNetwork.class)
final class PacketsLiveIT {

    private static final HardwareAddress LIAR = new HardwareAddress(0x0200_0000_00bbL);

    private final LibC libC = new FfmLibC();
    private final DecisionLoop loop = new DecisionLoop(new BootClock(libC), Duration.ofSeconds(1));
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Set<HardwareAddress> own = ConcurrentHashMap.newKeySet();

    private static VirtualIp vip(String address, int prefixLength) throws Exception {
        return new VirtualIp(InetAddress.getByName(address), prefixLength, "eth0");
    }

    /** Runs a test with a listener for these addresses on a running loop. */
    private void listening(List<VirtualIp> vips, Scenario scenario) throws Exception {
        Thread thread = new Thread(loop::run, "loop");
        thread.start();
        try (ClaimListener listener = ClaimListener.open(loop, libC, own::contains)) {
            onLoop(
                    () ->
                            listener.listen(
                                    vips,
                                    (vip, claim) ->
                                            heard.add(
                                                    claim.hardwareAddress()
                                                            + " "
                                                            + vip.address().getHostAddress())));
            scenario.play(listener);
        } finally {
            loop.stop();
            thread.join();
        }
    }

    private interface Scenario {
        void play(ClaimListener listener) throws Exception;
    }

    private void onLoop(Runnable task) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.execute(
                () -> {
                    task.run();
                    done.complete(true);
                });
        done.join();
    }

    private byte[] arp(HardwareAddress sender, ArpPacket packet) {
        ByteBuffer frame = ByteBuffer.allocate(EthernetHeader.LENGTH + ArpPacket.LENGTH);
        new EthernetHeader(HardwareAddress.BROADCAST, sender, EthernetHeader.ARP).encode(frame);
        packet.encode(frame);
        return frame.array();
    }

    private byte[] advertisement(String target) throws Exception {
        ByteBuffer frame =
                ByteBuffer.allocate(
                        EthernetHeader.LENGTH + Ipv6Header.LENGTH + NeighborAdvertisement.LENGTH);
        new EthernetHeader(NeighborAdvertisement.destination(), LIAR, EthernetHeader.IPV6)
                .encode(frame);
        new NeighborAdvertisement(InetAddress.getByName(target), LIAR).encode(frame);
        return frame.array();
    }

    /** Sends frames out of {@code wire}, so that {@code eth0} receives them. */
    private final class Wire implements AutoCloseable {
        private final NativeSocket socket;
        private final NativeBuffer frame = libC.allocate(1500);
        private final NativeBuffer to;

        Wire() throws Exception {
            this("wire");
        }

        Wire(String name) throws Exception {
            socket = NativeSocket.open(libC, LinkLayerAddress.AF_PACKET, 3, 0);
            NetworkInterfaces interfaces = new NetworkInterfaces(libC, socket);
            int index = interfaces.find(name).orElseThrow().index();
            to = new LinkLayerAddress(libC).of(index, EthernetHeader.ARP);
        }

        void send(byte[] bytes) {
            frame.bytes().put(0, bytes);
            assertThat(socket.send(frame, bytes.length, 0, to)).isPositive();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void claims_areHeardAndNothingElse() throws Exception {
        ethernet();
        VirtualIp v4 = vip("10.0.0.9", 24);
        VirtualIp v6 = vip("2001:db8::9", 64);
        InetAddress other = InetAddress.getByName("10.0.0.8");
        listening(
                List.of(v4, v6),
                listener -> {
                    try (Wire wire = new Wire()) {
                        wire.send(arp(LIAR, ArpPacket.probe(LIAR, v4.address())));
                        wire.send(arp(LIAR, ArpPacket.announcementRequest(LIAR, other)));
                        wire.send(
                                arp(
                                        LIAR,
                                        new ArpPacket(
                                                1,
                                                LIAR,
                                                other,
                                                HardwareAddress.NONE,
                                                v4.address())));
                        wire.send(
                                arp(
                                        HardwareAddress.BROADCAST,
                                        ArpPacket.announcementReply(LIAR, v4.address())));
                        wire.send(advertisement("2001:db8::8"));
                        byte[] routed = advertisement("2001:db8::9");
                        routed[EthernetHeader.LENGTH + 7] = 64;
                        wire.send(routed);
                        wire.send(arp(LIAR, ArpPacket.announcementRequest(LIAR, v4.address())));
                        wire.send(advertisement("2001:db8::9"));
                        await().untilAsserted(
                                        () ->
                                                assertThat(heard)
                                                        .containsExactlyInAnyOrder(
                                                                LIAR + " 10.0.0.9",
                                                                LIAR + " 2001:db8:0:0:0:0:0:9"));
                        heard.clear();
                        byte[] reply = arp(LIAR, ArpPacket.announcementReply(LIAR, v4.address()));
                        sendUntil(wire, reply, () -> heard.contains(LIAR + " 10.0.0.9"));
                    }
                });
    }

    /** Again and again: of each station one claim of an address in a tenth of a second counts. */
    private static void sendUntil(Wire wire, byte[] frame, BooleanSupplier isHeard) {
        await().until(
                        () -> {
                            wire.send(frame);
                            return isHeard.getAsBoolean();
                        });
    }

    /** The kernel sorts the frames, so that a flood about others costs this process nothing. */
    @Test
    void filter_passesClaimsOnly() throws Exception {
        ethernet();
        VirtualIp v4 = vip("10.0.0.9", 24);
        VirtualIp v6 = vip("2001:db8::9", 64);
        InetAddress other = InetAddress.getByName("10.0.0.8");
        try (ClaimSocket arp = ClaimSocket.open(libC, EthernetHeader.ARP);
                ClaimSocket ipv6 = ClaimSocket.open(libC, EthernetHeader.IPV6);
                Wire wire = new Wire()) {
            arp.pass(PacketFilter.ofArpSenders(List.of(v4.address().getAddress())), 1);
            ipv6.pass(PacketFilter.ofAdvertisedTargets(List.of(v6.address().getAddress())), 1);
            for (int i = 0; i < 20; i++) {
                wire.send(arp(LIAR, ArpPacket.probe(LIAR, v4.address())));
                wire.send(arp(LIAR, ArpPacket.announcementRequest(LIAR, other)));
                wire.send(arp(LIAR, ArpPacket.announcementReply(LIAR, other)));
                wire.send(advertisement("2001:db8::8"));
            }
            // The last ones, so that all others have come before them.
            byte[] request = arp(LIAR, ArpPacket.announcementRequest(LIAR, v4.address()));
            byte[] reply = arp(LIAR, ArpPacket.announcementReply(LIAR, v4.address()));
            byte[] advertisement = advertisement("2001:db8::9");
            wire.send(request);
            wire.send(reply);
            wire.send(advertisement);
            assertThat(received(arp, 2)).containsExactly(request, reply);
            assertThat(received(ipv6, 1)).containsExactly(advertisement);
        }
    }

    /** So many frames, and more if more are queued by then. */
    private List<byte[]> received(ClaimSocket socket, int count) {
        NativeBuffer buffer = libC.allocate(1500);
        List<byte[]> frames = new ArrayList<>();
        await().until(
                        () -> {
                            int length;
                            while ((length = socket.socket().receive(buffer, 0)) > 0) {
                                byte[] frame = new byte[length];
                                buffer.bytes().get(0, frame);
                                frames.add(frame);
                            }
                            return frames.size() >= count;
                        });
        return frames;
    }

    /**
     * As the kernel's own ARP has it: with the tag of a VLAN that the interface is not in a frame
     * is not for this host; with that of VLAN 0, which says a priority alone, it is.
     */
    @Test
    void framesOfAnotherVlan_areNoClaims() throws Exception {
        ethernet();
        VirtualIp v4 = vip("10.0.0.9", 24);
        VirtualIp v6 = vip("2001:db8::9", 64);
        byte[] request = arp(LIAR, ArpPacket.announcementRequest(LIAR, v4.address()));
        byte[] advertisement = advertisement("2001:db8::9");
        listening(
                List.of(v4, v6),
                listener -> {
                    try (Wire wire = new Wire()) {
                        wire.send(tagged(request, 7));
                        wire.send(tagged(advertisement, 7));
                        wire.send(tagged(request, 7 | 5 << 13));
                        wire.send(tagged(request, 0 | 5 << 13));
                        wire.send(tagged(advertisement, 0));
                        await().until(() -> heard.size() >= 2);
                        onLoop(() -> {});
                        assertThat(heard)
                                .containsExactlyInAnyOrder(
                                        LIAR + " 10.0.0.9", LIAR + " 2001:db8:0:0:0:0:0:9");
                        sendUntil(wire, request, () -> heard.size() >= 3);
                    }
                });
        unfiltered_ignoresTheFirst(v4, tagged(request, 7), request);
    }

    /** The first frame claims nothing, the second does. */
    private void unfiltered_ignoresTheFirst(VirtualIp vip, byte[] ignored, byte[] claim)
            throws Exception {
        try (ClaimSocket arp = ClaimSocket.open(libC, EthernetHeader.ARP);
                Wire wire = new Wire()) {
            arp.pass(PacketFilter.ofEverything(), 1);
            wire.send(ignored);
            wire.send(arp(LIAR, ArpPacket.probe(LIAR, vip.address())));
            wire.send(claim);
            await().until(() -> arp.receive().isPresent());
            assertThat(arp.receive()).isEmpty();
        }
    }

    /** IEEE 802.1Q: behind the hardware addresses 0x8100, then priority and VLAN. */
    private static byte[] tagged(byte[] frame, int tag) {
        return ByteBuffer.allocate(frame.length + 4)
                .put(frame, 0, 12)
                .putShort((short) 0x8100)
                .putShort((short) tag)
                .put(frame, 12, frame.length - 12)
                .array();
    }

    /**
     * A new leader announces a thousand addresses at once, by request and reply, and again 300 ms
     * later, while somebody claims another one under a thousand names: each address is heard of
     * each time, as if it were the only one.
     */
    @Test
    void claimsOfAThousandAddresses_areAllHeard() throws Exception {
        ethernet();
        List<VirtualIp> vips = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            vips.add(vip("10.0." + (i / 200) + "." + (i % 200 + 1), 16));
        }
        VirtualIp flooded = vip("10.0.9.9", 16);
        vips.add(flooded);
        listening(
                vips,
                listener -> {
                    int made = 0;
                    try (Wire wire = new Wire()) {
                        for (int round = 1; round <= 2; round++) {
                            for (VirtualIp vip : vips.subList(0, 1000)) {
                                wire.send(
                                        arp(
                                                LIAR,
                                                ArpPacket.announcementRequest(
                                                        LIAR, vip.address())));
                                wire.send(
                                        arp(
                                                LIAR,
                                                ArpPacket.announcementReply(LIAR, vip.address())));
                                HardwareAddress name =
                                        new HardwareAddress(0x0600_0000_0000L + made++);
                                wire.send(
                                        arp(
                                                name,
                                                ArpPacket.announcementReply(
                                                        name, flooded.address())));
                            }
                            int times = round;
                            await().untilAsserted(
                                            () ->
                                                    assertThat(heardOf(vips.subList(0, 1000)))
                                                            .allMatch(count -> count >= times));
                            HardwareAddress last = new HardwareAddress(0x0a00_0000_0000L + round);
                            VirtualIp first = vips.getFirst();
                            wire.send(
                                    arp(last, ArpPacket.announcementReply(last, first.address())));
                            await().until(() -> heard.contains(last + " 10.0.0.1"));
                            Thread.sleep(300); // from the last one that was heard
                        }
                    }
                });
    }

    private List<Long> heardOf(List<VirtualIp> vips) {
        Map<String, Long> counts =
                heard.stream().collect(Collectors.groupingBy(line -> line, Collectors.counting()));
        return vips.stream()
                .map(vip -> LIAR + " " + vip.address().getHostAddress())
                .map(line -> counts.getOrDefault(line, 0L))
                .toList();
    }

    @Test
    void announcementThatTheKernelRefuses_isAnError() throws Exception {
        ethernet();
        ip("link set eth0 down");
        try (PacketAnnouncer announcer = PacketAnnouncer.open(libC)) {
            assertThatThrownBy(() -> announcer.announce(vip("10.0.0.9", 24)))
                    .hasMessageContaining("ENETDOWN");
        }
    }

    @Test
    void interfaceThatIsCreatedAgain_isListenedToAtOnce() throws Exception {
        ethernet();
        VirtualIp vip = vip("10.0.0.9", 24);
        listening(
                List.of(vip),
                listener -> {
                    ip("link del eth0");
                    ethernet();
                    try (Wire wire = new Wire()) {
                        wire.send(arp(LIAR, ArpPacket.announcementRequest(LIAR, vip.address())));
                        await().until(() -> heard.contains(LIAR + " 10.0.0.9"));
                    }
                });
    }

    @Test
    void framesOfThisHost_areCountedAsLoops() throws Exception {
        ethernet();
        VirtualIp vip = vip("10.0.0.9", 24);
        own.add(LIAR);
        listening(
                List.of(vip),
                listener -> {
                    try (Wire wire = new Wire()) {
                        wire.send(arp(LIAR, ArpPacket.announcementRequest(LIAR, vip.address())));
                        await().until(() -> loopsOf(listener) == 1);
                        assertThat(heard).isEmpty();
                    }
                });
    }

    private long loopsOf(ClaimListener listener) {
        CompletableFuture<Long> loops = new CompletableFuture<>();
        loop.execute(() -> loops.complete(listener.loops()));
        return loops.join();
    }

    /**
     * The loop stands still, as if frozen, while claims arrive; afterwards the first task discards
     * them.
     */
    @Test
    void discardBacklog_dropsWhatCameBeforeAndKeepsWhatComesAfter() throws Exception {
        ethernet();
        VirtualIp vip = vip("10.0.0.9", 24);
        listening(
                List.of(vip),
                listener -> {
                    try (Wire wire = new Wire()) {
                        byte[] claim =
                                arp(LIAR, ArpPacket.announcementRequest(LIAR, vip.address()));
                        onLoop(
                                () -> {
                                    for (int i = 0; i < 20; i++) {
                                        wire.send(claim);
                                        sleep(20);
                                    }
                                    listener.discardBacklog();
                                });
                        onLoop(() -> {});
                        assertThat(heard).isEmpty();
                        sendUntil(wire, claim, () -> !heard.isEmpty());
                    }
                });
    }

    /**
     * Two floods, each as fast as one thread can send: about an address that is not ours, with one
     * true claim in the middle of it, and claims of ours.
     */
    @Test
    void floods_costLittleAndHideNothing() throws Exception {
        ethernet();
        List<VirtualIp> vips = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            vips.add(vip("10.0." + (i / 200) + "." + (i % 200 + 1), 16));
        }
        VirtualIp vip = vips.get(500);
        listening(
                vips,
                listener -> {
                    try (Wire wire = new Wire()) {
                        InetAddress other = InetAddress.getByName("10.0.9.9");
                        byte[] foreign = arp(LIAR, ArpPacket.announcementRequest(LIAR, other));
                        byte[] claim =
                                arp(LIAR, ArpPacket.announcementRequest(LIAR, vip.address()));
                        long before = System.nanoTime();
                        int sent = 0;
                        for (int second = 0; second < 3; second++) {
                            sent += flood(wire, foreign);
                            wire.send(claim);
                        }
                        double seconds = (System.nanoTime() - before) / 1e9;
                        await().until(() -> heard.size() == 3);
                        System.out.printf(
                                "flood about another address: %.0f frames/s, 3 of 3 claims heard%n",
                                sent / seconds);
                        heard.clear();
                        before = System.nanoTime();
                        sent = 0;
                        for (int second = 0; second < 3; second++) {
                            sent += flood(wire, claim);
                        }
                        seconds = (System.nanoTime() - before) / 1e9;
                        System.out.printf(
                                "flood of claims: %.0f frames/s, %d a second reached the loop,"
                                        + " the thread used %.1f %% of a core in both%n",
                                sent / seconds,
                                Math.round(heard.size() / seconds),
                                cpuOfThread("claims") / 1e7 / 6);
                        assertThat(heard).hasSizeBetween(1, 100);
                    }
                });
    }

    private static long cpuOfThread(String name) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals(name)) {
                nanos = threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return nanos;
    }

    /** For a second; returns the number of frames. */
    private int flood(Wire wire, byte[] frame) {
        long end = System.nanoTime() + 1_000_000_000L;
        int sent = 0;
        while (System.nanoTime() < end) {
            wire.send(frame);
            sent++;
            if (sent % 50 == 0) {
                sleep(1);
            }
        }
        return sent;
    }

    /** Old kernels allow a socket 20 KiB for its filters. */
    @ParameterizedTest
    @ValueSource(ints = {20480, 131072})
    void filterOfThousandScatteredAddresses_passesEachOfThem(int allowed) throws Exception {
        FreshNetwork.run("sh", "-c", "echo " + allowed + " > /proc/sys/net/core/optmem_max");
        ethernet();
        List<VirtualIp> vips = new ArrayList<>();
        for (int i : IntStream.range(0, 1000).map(i -> i * 17 + 3).toArray()) {
            vips.add(vip("10.0." + (i / 256) + "." + (i % 256), 8));
            vips.add(vip("2001:db8::" + Integer.toHexString(i), 64));
        }
        listening(
                vips,
                listener -> {
                    try (Wire wire = new Wire()) {
                        for (int i = 0; i < vips.size(); i += 97) {
                            VirtualIp vip = vips.get(i);
                            wire.send(
                                    vip.isIpv6()
                                            ? advertisement(vip.address().getHostAddress())
                                            : arp(
                                                    LIAR,
                                                    ArpPacket.announcementRequest(
                                                            LIAR, vip.address())));
                            String expected = LIAR + " " + vip.address().getHostAddress();
                            await().until(() -> heard.contains(expected));
                        }
                    }
                });
    }

    /** Announces on, and hears a claim on, interfaces of many kinds above the same cable. */
    @ParameterizedTest
    @CsvSource({
        "bridge,  link add top type bridge, link set eth0 master top",
        "macvlan, link add top link eth0 type macvlan mode bridge, ''",
        "VLAN,    link add top link eth0 type vlan id 7, link add far link wire type vlan id 7",
        "bond,    link add top type bond mode active-backup, link set eth0 down master top",
    })
    void interfaceKinds(String kind, String make, String join) throws Exception {
        ethernet();
        try {
            ip(make);
        } catch (AssertionError e) {
            Assumptions.abort("not run: this kernel has no " + kind + ": " + e.getMessage());
        }
        if (!join.isEmpty()) {
            ip(join);
        }
        String far = kind.equals("VLAN") ? "far" : "wire";
        ip("link set eth0 up");
        ip("link set " + far + " up");
        ip("link set top up");
        await().until(() -> ip("link show top").contains("LOWER_UP"));
        VirtualIp vip = new VirtualIp(InetAddress.getByName("10.0.0.9"), 24, "top");
        listening(
                List.of(vip),
                listener -> {
                    try (PacketAnnouncer announcer = PacketAnnouncer.open(libC);
                            NativeSocket sniffer = sniffer(far);
                            Wire wire = new Wire(far)) {
                        announcer.announce(vip);
                        assertThat(
                                        ArpPacket.parse(next(sniffer, EthernetHeader.ARP))
                                                .senderAddress())
                                .isEqualTo(vip.address());
                        wire.send(arp(LIAR, ArpPacket.announcementRequest(LIAR, vip.address())));
                        await().until(() -> heard.contains(LIAR + " 10.0.0.9"));
                        onLoop(() -> {});
                        assertThat(heard).hasSize(1);
                    }
                });
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void announcements_areWhatTheOtherEndSees() throws Exception {
        ethernet();
        ip("link set eth0 address 02:00:00:00:00:0a");
        VirtualIp v4 = vip("10.0.0.9", 24);
        VirtualIp v6 = vip("2001:db8::9", 64);
        try (PacketAnnouncer announcer = PacketAnnouncer.open(libC);
                NativeSocket wire = sniffer("wire")) {
            HardwareAddress own = new HardwareAddress(0x0200_0000_000aL);
            announcer.announce(v4);
            assertThat(ArpPacket.parse(next(wire, EthernetHeader.ARP)))
                    .isEqualTo(ArpPacket.announcementRequest(own, v4.address()));
            assertThat(ArpPacket.parse(next(wire, EthernetHeader.ARP)))
                    .isEqualTo(ArpPacket.announcementReply(own, v4.address()));
            announcer.probe(v4);
            assertThat(ArpPacket.parse(next(wire, EthernetHeader.ARP)))
                    .isEqualTo(ArpPacket.probe(own, v4.address()));

            ip("link set eth0 address 02:00:00:00:00:0b");
            announcer.announce(v6);
            assertThat(nextAdvertisement(wire))
                    .isEqualTo(
                            new NeighborAdvertisement(
                                    v6.address(), new HardwareAddress(0x0200_0000_000bL)));
        }
    }

    @Test
    void interfacesWithoutArp_areSilentlyLeftAlone() throws Exception {
        try (PacketAnnouncer announcer = PacketAnnouncer.open(libC)) {
            announcer.announce(new VirtualIp(InetAddress.getByName("10.0.0.9"), 32, "lo"));
            announcer.probe(new VirtualIp(InetAddress.getByName("10.0.0.9"), 32, "lo"));
        }
    }

    @Test
    void announcing_isFast() throws Exception {
        ethernet();
        VirtualIp vip = vip("10.0.0.9", 24);
        try (PacketAnnouncer announcer = PacketAnnouncer.open(libC)) {
            long[] micros = new long[200];
            for (int i = 0; i < micros.length; i++) {
                long before = System.nanoTime();
                announcer.announce(vip);
                micros[i] = (System.nanoTime() - before) / 1000;
            }
            long first = micros[0];
            java.util.Arrays.sort(micros);
            System.out.printf("announce: first %d µs, median %d µs%n", first, micros[100]);
        }
    }

    private NativeSocket sniffer(String name) throws Exception {
        NativeSocket socket =
                NativeSocket.open(
                        libC, LinkLayerAddress.AF_PACKET, 3, Short.reverseBytes((short) 3));
        NetworkInterfaces interfaces = new NetworkInterfaces(libC, socket);
        int index = interfaces.find(name).orElseThrow().index();
        NativeBuffer address = new LinkLayerAddress(libC).of(index, 3);
        socket.bind(address);
        return socket;
    }

    private ByteBuffer next(NativeSocket wire, int etherType) {
        NativeBuffer buffer = libC.allocate(1500);
        while (true) {
            int length = wire.receive(buffer, 0);
            ByteBuffer frame = buffer.bytes().order(ByteOrder.BIG_ENDIAN).position(0).limit(length);
            if (EthernetHeader.parse(frame).etherType() == etherType) {
                return frame.slice(EthernetHeader.LENGTH, length - EthernetHeader.LENGTH);
            }
            buffer.bytes().clear();
        }
    }

    private NeighborAdvertisement nextAdvertisement(NativeSocket wire) {
        while (true) {
            ByteBuffer packet = next(wire, EthernetHeader.IPV6);
            if (Byte.toUnsignedInt(packet.get(Ipv6Header.LENGTH)) == NeighborAdvertisement.TYPE) {
                return NeighborAdvertisement.parse(packet);
            }
        }
    }
}
