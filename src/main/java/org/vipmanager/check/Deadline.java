package org.vipmanager.check;

import java.time.Duration;

/**
 * Until when something may take.
 *
 * @param atNanos on the clock of {@link System#nanoTime}
 */
record Deadline(long atNanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** The same, and some more, for whoever waits for one who has this one. */
    Deadline plus(Duration more) {
        return new Deadline(atNanos + more.toNanos());
    }

    /** What is left; at least a millisecond, so that it can be handed on. */
    Duration left() {
        return Duration.ofNanos(leftNanos());
    }

    long leftNanos() {
        return Math.max(1_000_000, atNanos - System.nanoTime());
    }
}
