package org.vipmanager.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * Sees in a host which frames announce an address, on all its interfaces, those that it sends
 * itself included: gratuitous ARP (RFC 826) and unsolicited neighbour advertisements (RFC 4861).
 */
final class AnnouncementWatch implements AutoCloseable {

    private static final short ETH_P_ALL = 3;
    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final byte ICMPV6 = 58;
    private static final byte NEIGHBOUR_ADVERTISEMENT = (byte) 136;

    /** Solicited, in the flags of an advertisement: an answer, and no announcement. */
    private static final int SOLICITED = 0x40;

    private static final Duration CLOSE_TOGETHER = Duration.ofMillis(1500);

    /** Another thread tells of the kernel, and either may be late when this JVM stood still. */
    private static final Duration A_MOMENT = Duration.ofMillis(50);

    /**
     * An announcement.
     *
     * @param kind {@code request}, {@code reply} or {@code advertisement}
     * @param station whose it says the address is, such as {@code 02:00:00:00:00:0a}
     */
    record Frame(long atNanos, InetAddress address, String kind, String station) {}

    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final Thread thread;
    private volatile int lost;
    private volatile boolean closed;

    AnnouncementWatch(Host host) throws InterruptedException {
        this(host, ETH_P_ALL);
    }

    private AnnouncementWatch(Host host, short protocol) throws InterruptedException {
        thread = host.namespace().start("announcement watch", () -> listen(protocol));
        listening.await();
    }

    /**
     * The same for gratuitous ARP that the host receives. What it sends itself the kernel shows
     * only to sockets of all protocols: {@code dev_queue_xmit_nit} in {@code net/core/dev.c}.
     */
    static AnnouncementWatch ofReceivedArp(Host host) throws InterruptedException {
        return new AnnouncementWatch(host, (short) ETHERTYPE_ARP);
    }

    List<Frame> since(InetAddress address, long nanos) {
        return frames.stream()
                .filter(frame -> frame.address.equals(address) && frame.atNanos >= nanos)
                .toList();
    }

    /** The first one since then; -1 for none. */
    long first(InetAddress address, long sinceNanos) {
        return since(address, sinceNanos).stream().mapToLong(Frame::atNanos).findFirst().orElse(-1);
    }

    /** When each announcement since then began: of a pair, of request and reply, the request. */
    List<Long> times(InetAddress address, long sinceNanos) {
        return since(address, sinceNanos).stream()
                .filter(frame -> !frame.kind.equals("reply"))
                .map(Frame::atNanos)
                .toList();
    }

    /**
     * Whether since then it was announced as what is there, or can be reached, only now: at once,
     * after 100 and after 300 ms. A busy machine makes that later. What is left to be said of an
     * earlier time comes too rarely to be mistaken for it: after 0.3, one, two, four seconds and so
     * on.
     */
    boolean isAnnouncedAnew(InetAddress address, long sinceNanos) {
        List<Long> times = times(address, sinceNanos - A_MOMENT.toNanos());
        return IntStream.range(2, times.size())
                .anyMatch(i -> times.get(i) - times.get(i - 2) <= CLOSE_TOGETHER.toNanos());
    }

    private void listen(short protocol) {
        Kernel.measureInRealTime();
        int socket = Kernel.openPacketSocket(protocol, 0);
        Kernel.stopWaitingAfterTenthOfSecond(socket);
        listening.countDown();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(2048);
            while (!closed) {
                Kernel.receive(socket, buffer).ifPresent(bytes -> read(System.nanoTime(), bytes));
            }
            lost = Kernel.lostFrames(socket);
        } finally {
            Kernel.close(socket);
        }
    }

    private void read(long atNanos, byte[] frame) {
        if (frame.length < 42) {
            return;
        }
        int etherType = ByteBuffer.wrap(frame).getShort(12) & 0xffff;
        if (etherType == ETHERTYPE_ARP && Arrays.equals(frame, 28, 32, frame, 38, 42)) {
            String kind = frame[21] == 1 ? "request" : "reply";
            add(atNanos, Arrays.copyOfRange(frame, 28, 32), kind, frame, 22);
        } else if (etherType == ETHERTYPE_IPV6
                && frame.length >= 86
                && frame[20] == ICMPV6
                && frame[54] == NEIGHBOUR_ADVERTISEMENT
                && (frame[58] & SOLICITED) == 0) {
            add(atNanos, Arrays.copyOfRange(frame, 62, 78), "advertisement", frame, 80);
        }
    }

    private void add(long atNanos, byte[] address, String kind, byte[] frame, int stationAt) {
        byte[] station = Arrays.copyOfRange(frame, stationAt, stationAt + 6);
        try {
            InetAddress announced = InetAddress.getByAddress(address);
            String name = HexFormat.ofDelimiter(":").formatHex(station);
            frames.add(new Frame(atNanos, announced, kind, name));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
        if (lost > 0) {
            throw new IllegalStateException("this watch itself has missed " + lost + " frames");
        }
    }
}
