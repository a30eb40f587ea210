package org.vipmanager.control;

import org.vipmanager.core.Moment;

/** Where the time comes from. Safe for use by any thread. */
public interface TimeSource {

    /** {@code CLOCK_BOOTTIME}: runs during suspend, is not stepped. */
    Moment now();

    /** The same in nanoseconds, for the places that must not allocate. */
    default long nowNanos() {
        return now().nanos();
    }

    /**
     * {@code CLOCK_MONOTONIC} in nanoseconds: stands still during suspend; a difference between the
     * two shows one.
     */
    long monotonicNanos();
}
