package org.vipmanager.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that wakes every few milliseconds, as ordinary as any process, asks the kernel for the
 * loopback interface, and remembers how late it had that: what the machine costs everybody, beside
 * what a program costs. The kernel answers when nobody changes any interface of the machine ({@code
 * rtnl_lock}): others may keep it from that for seconds, and from ending addresses too.
 *
 * <p>Thread-safe. Times are those of {@link System#nanoTime}.
 */
final class Bystander implements AutoCloseable {

    private static final short RTM_GETLINK = 18;
    private static final short NLM_F_REQUEST = 1;
    private static final Duration INTERVAL = Duration.ofMillis(5);

    /** Who has hardly anything to do waits so long only where others want all processors. */
    private static final Duration KEPT_WAITING = Duration.ofMillis(20);

    private static final byte[] WHAT_IS_LOOPBACK = whatIsLoopback();

    private record Delay(long atNanos, Duration duration) {}

    private final List<Delay> delays = new ArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().name("bystander").daemon().start(this::wakeUntilClosed);
    private volatile boolean closed;

    private void wakeUntilClosed() {
        int socket = Kernel.openRouteNetlink(0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(32 << 10);
            while (!closed) {
                long due = System.nanoTime() + INTERVAL.toNanos();
                LockSupport.parkNanos(INTERVAL.toNanos());
                Kernel.send(socket, WHAT_IS_LOOPBACK);
                Kernel.receive(socket, answer);
                long now = System.nanoTime();
                synchronized (delays) {
                    delays.add(new Delay(now, Duration.ofNanos(Math.max(0, now - due))));
                }
            }
        } finally {
            Kernel.close(socket);
        }
    }

    /** struct nlmsghdr (length, type, flags), struct ifinfomsg (family, index at 4): netlink(7). */
    private static byte[] whatIsLoopback() {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.nativeOrder())
                .putInt(0, 32)
                .putShort(4, RTM_GETLINK)
                .putShort(6, NLM_F_REQUEST)
                .putInt(16 + 4, 1)
                .array();
    }

    /** Whether, at some time between the two, it had to wait for a processor for long. */
    boolean wasKeptWaiting(long fromNanos, long toNanos) {
        return longestDelay(fromNanos, toNanos).compareTo(KEPT_WAITING) > 0;
    }

    /** The longest that it had to wait of what reaches into the time between the two. */
    Duration longestDelay(long fromNanos, long toNanos) {
        synchronized (delays) {
            return delays.stream()
                    .filter(delay -> delay.atNanos >= fromNanos)
                    .filter(delay -> delay.atNanos - delay.duration.toNanos() <= toNanos)
                    .map(Delay::duration)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
        }
    }

    /** For tables. */
    @Override
    public String toString() {
        Samples late = new Samples();
        synchronized (delays) {
            delays.forEach(delay -> late.add(delay.duration));
        }
        return late.count() == 0
                ? "no bystander was there"
                : "a bystander was late by: median %s, 95%% %s, worst %s"
                        .formatted(
                                Samples.text(late.median()),
                                Samples.text(late.percentile95()),
                                Samples.text(late.worst()));
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
