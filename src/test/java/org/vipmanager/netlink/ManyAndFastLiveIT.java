package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vipmanager.control.AddressTable;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.netlink.protocol.RtnetlinkConnection;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.ForwardingLibC;
import org.vipmanager.posix.FreshNetwork;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures, and tries to break what is measured. Needs root; touches nothing outside its
 * namespaces.
 */
@ExtendWith(FreshNetwork.class)
final class ManyAndFastLiveIT {

    /** On any machine; microseconds where nobody else wants the processor. */
    private static final long LONGEST_RESTORING = 10_000_000_000L;

    private static VirtualIp vip(String address, int prefixLength) throws Exception {
        return new VirtualIp(InetAddress.getByName(address), prefixLength, "eth0");
    }

    private static List<VirtualIp> thousand() throws Exception {
        List<VirtualIp> vips = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            vips.add(vip("10.0." + (i / 250) + "." + (i % 250 + 1), 16));
        }
        return vips;
    }

    @Test
    void putAndRemove_inMicroseconds() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable()) {
            VirtualIp vip = vip("10.0.0.9", 24);
            VirtualIp ipv6 = vip("2001:db8::9", 64);
            running.onLoop(
                    () -> {
                        running.warmUp(vip);
                        running.warmUp(ipv6);
                        measure(running, vip);
                        measure(running, ipv6);
                        return true;
                    });
        }
    }

    private static void measure(RunningTable running, VirtualIp vip) {
        long[] put = new long[500];
        long[] renew = new long[put.length];
        long[] remove = new long[put.length];
        for (int i = 0; i < put.length; i++) {
            long start = System.nanoTime();
            running.table.put(vip, running.lifetime(10));
            long added = System.nanoTime();
            running.table.put(vip, running.lifetime(10));
            long renewed = System.nanoTime();
            running.table.remove(vip);
            put[i] = added - start;
            renew[i] = renewed - added;
            remove[i] = System.nanoTime() - renewed;
        }
        System.out.printf(
                "%s: put %s, renew %s, remove %s%n",
                vip.cidr(), text(put), text(renew), text(remove));
    }

    private static String text(long[] nanos) {
        long first = nanos[0] / 1000;
        Arrays.sort(nanos);
        return "first "
                + first
                + " µs, median "
                + nanos[nanos.length / 2] / 1000
                + ", p99 "
                + nanos[nanos.length * 99 / 100] / 1000;
    }

    /** From the kernel's removal by somebody else to the acknowledged put, as the loop sees it. */
    @Test
    void restoring_whenSomebodyElseRemoves() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable()) {
            VirtualIp vip = vip("10.0.0.9", 24);
            running.onLoop(
                    () -> {
                        running.warmUp(vip);
                        return true;
                    });
            AtomicBoolean restored = new AtomicBoolean();
            running.watch(
                    vip,
                    new Restorer(
                            () -> {
                                running.table.put(vip, running.lifetime(10));
                                restored.set(true);
                            }));
            running.put(vip, 10);
            RtnetlinkConnection connection =
                    new RtnetlinkConnection(running.libC, running.clock, _ -> {});
            AddressService foreign = new AddressService(connection);
            int index =
                    running.onLoop(() -> Integer.parseInt(ip("-o link show eth0").split(":")[0]));
            long[] nanos = new long[200];
            for (int i = 0; i < nanos.length; i++) {
                restored.set(false);
                long start = System.nanoTime();
                assertThat(foreign.delete(index, vip.address(), vip.address(), 24).isSuccess())
                        .isTrue();
                while (!restored.get() && System.nanoTime() - start < LONGEST_RESTORING) {
                    Thread.onSpinWait();
                }
                assertThat(restored).as("put again").isTrue();
                nanos[i] = System.nanoTime() - start;
            }
            connection.close();
            System.out.println("removed by somebody else until put again: " + text(nanos));
        }
    }

    private record Restorer(Runnable restore) implements AddressTable.Listener {
        @Override
        public void addressGone() {
            restore.run();
        }

        @Override
        public void addressGoneWithLink() {}

        @Override
        public void addressReturned() {}

        @Override
        public void addressAppeared(FoundAddress found) {}

        @Override
        public void linkChanged(LinkChange change) {}
    }

    @Test
    void aThousandAddresses() throws Exception {
        ethernet();
        List<VirtualIp> vips = thousand();
        try (RunningTable running = new RunningTable()) {
            vips.forEach(running::watch);
            time("1000 put", () -> putAll(running, vips));
            time("1000 renewed", () -> putAll(running, vips));
            assertThat(ip("-4 -o address show dev eth0").lines()).hasSize(1000);
            assertThat(running.otherEvents()).isEmpty();
            ip("address flush dev eth0");
            time(
                    "1000 flushed, all told",
                    () -> await().until(() -> running.events.size() == 1000));
            running.events.clear();
            time("1000 put again", () -> putAll(running, vips));
            time(
                    "1000 removed",
                    () ->
                            running.onLoop(
                                    () -> {
                                        vips.forEach(running.table::remove);
                                        return true;
                                    }));
            assertThat(ip("-4 -o address show dev eth0")).isEmpty();
            assertThat(running.otherEvents()).isEmpty();
        }
    }

    private static void putAll(RunningTable running, List<VirtualIp> vips) {
        running.onLoop(
                () -> {
                    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    for (VirtualIp vip : vips) {
                        assertThat(running.putNow(vip, 60)).isInstanceOf(PutResult.Done.class);
                    }
                    cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
                    System.out.printf("%d ms of CPU time for the next line%n", cpu / 1_000_000);
                    return true;
                });
    }

    private static void time(String what, Runnable task) {
        long start = System.nanoTime();
        task.run();
        System.out.printf("%s: %d ms%n", what, (System.nanoTime() - start) / 1_000_000);
    }

    /** The loop stands still while more changes happen than the socket can hold. */
    @Test
    void lostNotifications_areMadeUpForByReadingAnew() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable(smallBuffers(new FfmLibC()))) {
            VirtualIp held = vip("10.0.0.9", 24);
            VirtualIp foreign = vip("10.0.0.10", 24);
            running.watch(held, running.recorder("held "));
            running.watch(foreign, running.recorder("foreign "));
            running.put(held, 60);
            running.onLoop(
                    () -> {
                        for (int i = 0; i < 20; i++) {
                            ip("link set wire down");
                            ip("link set wire up");
                        }
                        ip("address del 10.0.0.9/24 dev eth0");
                        ip("address add 10.0.0.10/24 dev eth0");
                        return true;
                    });
            List<String> events = new ArrayList<>();
            await().until(
                            () -> {
                                events.addAll(running.otherEvents());
                                return events.containsAll(
                                        List.of("held gone", "foreign appeared for ever"));
                            });
            assertThat(running.put(held, 10)).isInstanceOf(PutResult.Done.class);
            assertThat(running.otherEvents()).isEmpty();
        }
    }

    /** No socket gets the receive buffer that it asks for. */
    private static LibC smallBuffers(LibC libC) {
        return new ForwardingLibC(libC) {
            @Override
            public int setsockopt(int descriptor, int level, int option, NativeBuffer value) {
                if (option == NativeSocket.SO_RCVBUFFORCE) {
                    value.bytes().putInt(0, 4096);
                }
                return super.setsockopt(descriptor, level, option, value);
            }
        };
    }

    /**
     * A collection of garbage between the clock and the kernel would make an address live too long.
     */
    @Test
    void betweenTheClockAndTheRequest_nothingIsAllocated() throws Exception {
        ethernet();
        AllocationWatch libC = new AllocationWatch(new FfmLibC());
        try (RunningTable running = new RunningTable(libC)) {
            VirtualIp vip = vip("10.0.0.9", 24);
            running.onLoop(
                    () -> {
                        running.warmUp(vip);
                        return true;
                    });
            running.put(vip, 10);
            assertThat(libC.allocatedBetween).isZero();
            running.put(vip, 10);
            assertThat(libC.allocatedBetween).isZero();
        }
    }

    /** Notes how much its thread allocated from the last reading of the clock until sending. */
    private static final class AllocationWatch extends ForwardingLibC {
        private final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        private long atClock;
        private volatile long allocatedBetween = -1;

        AllocationWatch(LibC libC) {
            super(libC);
        }

        @Override
        public long clockGettime(int clock) {
            long time = super.clockGettime(clock);
            atClock = threads.getCurrentThreadAllocatedBytes();
            return time;
        }

        @Override
        public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
            if (buffer.bytes().getShort(4) == NetlinkMessage.NEW_ADDRESS) {
                allocatedBetween = threads.getCurrentThreadAllocatedBytes() - atClock;
            }
            return super.send(descriptor, buffer, length, flags);
        }
    }

    /** Puts, renews and removes for three seconds while the interface comes and goes. */
    @Test
    void interfaceThatComesAndGoes_breaksNothing() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable()) {
            VirtualIp v4 = vip("10.0.0.9", 24);
            VirtualIp v6 = vip("2001:db8::9", 64);
            running.watch(v4);
            running.watch(v6);
            AtomicBoolean ended = new AtomicBoolean();
            Thread chaos =
                    new Thread(
                            () -> {
                                for (int i = 0; !ended.get(); i++) {
                                    if (i % 3 == 0) {
                                        ip("link set eth0 down");
                                        ip("link set eth0 name lan0");
                                        ip("link set lan0 name eth0");
                                    }
                                    ip("link del eth0");
                                    ip("link add eth0 type veth peer name wire");
                                    ip("link set wire up");
                                    ip("link set eth0 up");
                                }
                            });
            chaos.start();
            long end = System.nanoTime() + 3_000_000_000L;
            int done = 0;
            int failed = 0;
            while (System.nanoTime() < end) {
                PutResult first = running.put(v4, 10);
                PutResult second = running.put(v6, 10);
                done += first instanceof PutResult.Done ? 1 : 0;
                failed += first instanceof PutResult.Failed ? 1 : 0;
                done += second instanceof PutResult.Done ? 1 : 0;
                failed += second instanceof PutResult.Failed ? 1 : 0;
                running.find(v4);
                assertThat(running.remove(v4)).isEmpty();
            }
            ended.set(true);
            chaos.join();
            running.otherEvents();
            System.out.println("interface comes and goes: " + done + " put, " + failed + " failed");
            assertThat(running.put(v4, 10)).isInstanceOf(PutResult.Done.class);
            assertThat(running.put(v6, 10)).isInstanceOf(PutResult.Done.class);
            assertThat(ip("-o address show dev eth0"))
                    .contains("10.0.0.9/24")
                    .contains("2001:db8::9/64");
            assertThat(running.otherEvents()).isEmpty();
        }
    }
}
