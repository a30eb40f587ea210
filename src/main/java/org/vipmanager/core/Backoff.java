package org.vipmanager.core;

import java.time.Duration;

/**
 * How often something has failed in a row, and so how long it rests before the next try.
 *
 * @param policy how long after how many failures
 * @param failures in a row, up to now
 */
public record Backoff(RetryPolicy policy, int failures) {

    public Backoff(RetryPolicy policy) {
        this(policy, 0);
    }

    public Backoff afterFailure() {
        return new Backoff(policy, failures + 1);
    }

    public Backoff afterSuccess() {
        return new Backoff(policy);
    }

    /** The whole pause that is due now, without any jitter; zero when nothing has failed. */
    public Duration pause() {
        return policy.pause(failures, 0);
    }

    /**
     * The pause that is due now.
     *
     * @param chance as for {@link RetryPolicy#pause}
     */
    public Duration pause(double chance) {
        return policy.pause(failures, chance);
    }
}
