package org.vipmanager.posix;

import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;

/**
 * The kernel's clocks, which no clock step moves (clock_gettime(2)). Safe for use by any thread.
 */
public final class BootClock implements TimeSource {

    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_BOOTTIME = 7;

    private final LibC libC;

    public BootClock(LibC libC) {
        this.libC = libC;
    }

    @Override
    public Moment now() {
        return new Moment(nowNanos());
    }

    @Override
    public long nowNanos() {
        return libC.clockGettime(CLOCK_BOOTTIME);
    }

    @Override
    public long monotonicNanos() {
        return libC.clockGettime(CLOCK_MONOTONIC);
    }
}
