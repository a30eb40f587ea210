package org.vipmanager.daemon;

import java.time.Duration;

/** Ends a stop that takes too long by force. Safe for use by any thread. */
final class StopGuard {

    private final Duration longest;
    private final Runnable force;
    private Duration more = Duration.ZERO;

    /**
     * @param longest how long a stop may take
     * @param force called when it takes longer
     */
    StopGuard(Duration longest, Runnable force) {
        this.longest = longest;
        this.force = force;
    }

    /** A stop has begun: waits until it has taken too long, on the thread that was told of it. */
    void watch() {
        long begunNanos = System.nanoTime();
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

    /** It may take so much longer. */
    synchronized void allow(Duration time) {
        more = more.plus(time);
    }

    private synchronized Duration limit() {
        return longest.plus(more);
    }
}
