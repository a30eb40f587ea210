package org.vipmanager.status;

import java.time.Duration;

/** How long something took, time after time: a histogram of fixed bounds. Lives on the loop. */
public final class Durations {

    private static final double NANOS_PER_SECOND = 1e9;

    /** From a takeover on an idle host to one that had to wait for a lease. Seconds. */
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private final long[] counts = new long[BOUNDS.length + 1];
    private double sum;

    /**
     * What was counted.
     *
     * @param bounds the upper end of each bucket but the last, which has none; seconds
     * @param counts how many are in each, not in those before it
     * @param sum of all, seconds
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Histogram(double[] bounds, long[] counts, double sum) {}

    void add(Duration duration) {
        double seconds = Math.max(0, duration.toNanos() / NANOS_PER_SECOND);
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sum += seconds;
    }

    Histogram histogram() {
        return new Histogram(BOUNDS.clone(), counts.clone(), sum);
    }
}
