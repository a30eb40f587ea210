package org.vipmanager.daemon;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Ends a stop that takes too long by force. Safe for use by any thread. */
final class StopGuard {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private final Duration longest;
    private final Runnable force;
    private final Executor aside;
    private Duration more = Duration.ZERO;

    /**
     * @param longest how long a stop may take
     * @param force called on a thread of this guard's when it takes longer
     */
    StopGuard(Duration longest, Runnable force) {
        this(longest, force, watch -> Thread.ofPlatform().daemon().name("stop").start(watch));
    }

    /**
     * @param aside where it waits
     */
    StopGuard(Duration longest, Runnable force, Executor aside) {
        this.longest = longest;
        this.force = force;
        this.aside = aside;
    }

    /** A stop begins, with this guard or without where no thread can be had. */
    void begin() {
        long begunNanos = System.nanoTime();
        try {
            aside.execute(() -> watch(begunNanos));
        } catch (OutOfMemoryError noThread) {
            LOG.log(
                    Level.WARNING,
                    "a stop that takes long is not ended by force, as no thread can be had");
        }
    }

    /** It may take so much longer. */
    synchronized void allow(Duration time) {
        more = more.plus(time);
    }

    private synchronized Duration limit() {
        return longest.plus(more);
    }

    private void watch(long begunNanos) {
        try {
            long left = limit().toNanos();
            while (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
                left = begunNanos + limit().toNanos() - System.nanoTime();
            }
            force.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
