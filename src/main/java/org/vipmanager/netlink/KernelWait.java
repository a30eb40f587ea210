package org.vipmanager.netlink;

import org.vipmanager.control.Loop;
import org.vipmanager.control.TimeSource;

import java.time.Duration;

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

    private final Loop loop;
    private long total;

    KernelWait(Loop loop) {
        this.loop = loop;
    }

    TimeSource time() {
        return loop;
    }

    /** Allocates nothing, as a request follows. */
    long begins() {
        return loop.monotonicNanos();
    }

    void ends(long since) {
        long waited = loop.monotonicNanos() - since;
        total += waited;
        if (waited > NOTABLE_NANOS) {
            loop.waitedForKernel(Duration.ofNanos(waited));
        }
    }

    /** Since the start; compared with what it was before. */
    Duration total() {
        return Duration.ofNanos(total);
    }
}
