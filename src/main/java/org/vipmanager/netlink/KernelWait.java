package org.vipmanager.netlink;

import org.vipmanager.control.Loop;
import org.vipmanager.control.TimeSource;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How long the kernel has kept this process waiting.
 *
 * <p>Whoever changes interfaces or addresses waits for everybody else who does (rtnl_lock), for
 * seconds where containers come and go. That is no standstill of this process: it was waited for,
 * from the moment at which the request was handed over until the answer was there. A process that
 * is stopped just in between cannot be told apart. Used on the loop.
 */
final class KernelWait {

    /** Shorter ones say nothing. */
    private static final long NOTABLE_NANOS = 10_000_000;

    private final TimeSource time;
    private final Consumer<Duration> listener;
    private long total;

    KernelWait(Loop loop) {
        this(loop, loop::waitedForKernel);
    }

    /**
     * @param listener is told of each time that is worth it
     */
    KernelWait(TimeSource time, Consumer<Duration> listener) {
        this.time = time;
        this.listener = listener;
    }

    TimeSource time() {
        return time;
    }

    /** Allocates nothing, as a request follows. */
    long begins() {
        return time.monotonicNanos();
    }

    void ends(long since) {
        long waited = time.monotonicNanos() - since;
        total += waited;
        if (waited > NOTABLE_NANOS) {
            listener.accept(Duration.ofNanos(waited));
        }
    }

    /** Since the start; compared with what it was before. */
    Duration total() {
        return Duration.ofNanos(total);
    }
}
