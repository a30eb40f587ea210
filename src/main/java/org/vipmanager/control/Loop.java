package org.vipmanager.control;

import org.vipmanager.core.Moment;

import java.time.Duration;

/**
 * The one thread on which everything is decided.
 *
 * <p>Adapters do their waiting elsewhere and hand their results to {@link #execute}; so the logic
 * needs no locks. Tasks run in the order in which they were handed over. A task must not block.
 */
public interface Loop extends TimeSource {

    /** Runs the task on the loop, soon. Callable from any thread. */
    void execute(Runnable task);

    /** Runs the task on the loop at the given time, or soon after. Callable on the loop only. */
    Alarm at(Moment time, Runnable task);

    /**
     * A number at random, from 0 up to but not 1: the jitter of pauses, so that many hosts do not
     * act in step. Callable on the loop only.
     */
    double chance();

    /**
     * Tells that the task that is running had to wait for the kernel for so long: others kept it
     * busy, and this process was not frozen. Callable on the loop only.
     */
    default void waitedForKernel(Duration time) {}

    /** A task that waits for its time. */
    interface Alarm {
        /** Forgets the task; harmless when it has run. Callable on the loop only. */
        void cancel();
    }

    /** One that reads the clocks of another. */
    interface OnClock extends Loop {

        TimeSource clock();

        @Override
        default Moment now() {
            return clock().now();
        }

        @Override
        default long nowNanos() {
            return clock().nowNanos();
        }

        @Override
        default long monotonicNanos() {
            return clock().monotonicNanos();
        }
    }
}
