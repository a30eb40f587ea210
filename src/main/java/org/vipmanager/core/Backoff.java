package org.vipmanager.core;

import java.time.Duration;

/**
 * How long to wait before the next try: doubling from the first pause up to a longest one.
 *
 * <p>Without jitter: every daemon talks to its own kernel, or has been thrown out of step by its
 * own failures.
 *
 * @param first the pause after the first failure
 * @param longest no pause is longer
 * @param failures how often it has failed in a row
 */
public record Backoff(Duration first, Duration longest, int failures) {

    public Backoff(Duration first, Duration longest) {
        this(first, longest, 0);
    }

    public Backoff afterFailure() {
        return new Backoff(first, longest, failures + 1);
    }

    public Backoff afterSuccess() {
        return new Backoff(first, longest, 0);
    }

    /** The pause that is due now; zero when nothing has failed. */
    public Duration pause() {
        if (failures == 0) {
            return Duration.ZERO;
        }
        int doublings = Math.min(failures - 1, 20);
        Duration pause = first.multipliedBy(1L << doublings);
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
