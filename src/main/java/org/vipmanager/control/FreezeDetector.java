package org.vipmanager.control;

import org.vipmanager.core.Moment;

import java.time.Duration;

/**
 * Notices that this process did not run for a while: SIGSTOP, a paused virtual machine, a suspended
 * or overloaded host.
 *
 * <p>Everything that was under way is old then: answers, watch events, frames. Two signs: a wait
 * that ended late by more than two intervals, and by a second at least, because busy hosts delay
 * every process by tenths of it now and then; and a jump between CLOCK_BOOTTIME and
 * CLOCK_MONOTONIC, because only the former runs during a suspend. Used on the loop.
 */
public final class FreezeDetector {

    private static final Duration CLOCK_JUMP = Duration.ofMillis(100);
    private static final Duration LEAST_DELAY = Duration.ofSeconds(1);

    private final Duration allowed;
    private Moment expectedBy;
    private long clockDifferenceNanos;

    /**
     * @param interval the daemon's interval; the loop waits no longer than this
     */
    public FreezeDetector(Duration interval, TimeSource time) {
        Duration twoIntervals = interval.multipliedBy(2);
        allowed = twoIntervals.compareTo(LEAST_DELAY) > 0 ? twoIntervals : LEAST_DELAY;
        expectedBy = time.now();
        clockDifferenceNanos = expectedBy.nanos() - time.monotonicNanos();
    }

    /** Tells that the loop is about to wait until the given time at the latest. */
    public void waitingUntil(Moment time) {
        expectedBy = time;
    }

    /** Tells that so much of the time since then was spent in waiting for a busy kernel. */
    public void excuse(Duration time) {
        expectedBy = expectedBy.plus(time);
    }

    /** Whether the process stood still since the last call; asked before anything else is done. */
    public boolean wasFrozen(TimeSource time) {
        Moment now = time.now();
        long difference = now.nanos() - time.monotonicNanos();
        boolean late = expectedBy.until(now).compareTo(allowed) > 0;
        boolean jumped = Math.abs(difference - clockDifferenceNanos) > CLOCK_JUMP.toNanos();
        expectedBy = now;
        clockDifferenceNanos = difference;
        return late || jumped;
    }
}
