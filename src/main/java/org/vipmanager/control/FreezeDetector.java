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

    /** For a busy kernel; what came meanwhile is not new any more. */
    private static final Duration LONG_WAIT = Duration.ofMillis(500);

    private Duration allowed = LEAST_DELAY;
    private Moment expectedBy = Moment.LONG_AGO;
    private long clockDifferenceNanos;
    private Duration waitedForKernel = Duration.ZERO;

    /**
     * @param interval the daemon's interval; the loop waits no longer than this
     */
    public FreezeDetector(Duration interval, TimeSource time) {
        changeInterval(interval, time);
    }

    /** Looks from now on by another interval. What the kernel was waited for stays counted. */
    public void changeInterval(Duration interval, TimeSource time) {
        Duration twoIntervals = interval.multipliedBy(2);
        allowed = twoIntervals.compareTo(LEAST_DELAY) > 0 ? twoIntervals : LEAST_DELAY;
        expectFrom(Clocks.read(time));
    }

    /** Tells that the loop is about to wait until the given time at the latest. */
    public void waitingUntil(Moment time) {
        expectedBy = time;
    }

    /** Tells that so much of the time since then was spent in waiting for a busy kernel. */
    public void excuse(Duration time) {
        expectedBy = expectedBy.plus(time);
        waitedForKernel = waitedForKernel.plus(time);
    }

    /** Whether a busy kernel was waited for long since the last call. */
    public boolean kernelWasBusy() {
        boolean busy = waitedForKernel.compareTo(LONG_WAIT) > 0;
        waitedForKernel = Duration.ZERO;
        return busy;
    }

    /** Whether the process was frozen since the last call; asked before anything else is done. */
    public boolean wasFrozen(TimeSource time) {
        Clocks clocks = Clocks.read(time);
        boolean late = expectedBy.until(clocks.now()).compareTo(allowed) > 0;
        long change = Math.abs(clocks.differenceNanos() - clockDifferenceNanos);
        boolean jumped = change > CLOCK_JUMP.toNanos() + clocks.apartNanos();
        expectFrom(clocks);
        return late || jumped;
    }

    private void expectFrom(Clocks clocks) {
        expectedBy = clocks.now();
        clockDifferenceNanos = clocks.differenceNanos();
    }

    /**
     * Both clocks, read as close to each other as can be: another process may run between the two
     * calls, and what it takes is no jump.
     *
     * @param apartNanos by how much the difference may be wrong
     */
    private record Clocks(Moment now, long differenceNanos, long apartNanos) {

        private static final int MOST_TRIES = 5;
        private static final long CLOSE_NANOS = 1_000_000;

        static Clocks read(TimeSource time) {
            Clocks best = readOnce(time);
            for (int i = 1; i < MOST_TRIES && best.apartNanos > CLOSE_NANOS; i++) {
                Clocks again = readOnce(time);
                best = again.apartNanos < best.apartNanos ? again : best;
            }
            return best;
        }

        private static Clocks readOnce(TimeSource time) {
            long before = time.nowNanos();
            long monotonic = time.monotonicNanos();
            long after = time.nowNanos();
            return new Clocks(new Moment(after), before - monotonic, after - before);
        }
    }
}
