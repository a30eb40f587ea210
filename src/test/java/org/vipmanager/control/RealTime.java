package org.vipmanager.control;

import org.vipmanager.core.Moment;

/** The clock of this machine, which is not suspended during a test. */
public record RealTime() implements TimeSource {

    @Override
    public Moment now() {
        return new Moment(System.nanoTime());
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }
}
