package org.vipmanager.retry;

import org.vipmanager.core.RetryPolicy;

import java.time.Duration;

/**
 * How fast several endpoints are asked.
 *
 * @param quickRounds after how many rounds of failures the usual pace begins
 * @param soon the pause before a quick round, from the last failure
 * @param usual the pause before the later ones, from the beginning of the last attempt; never less
 *     than before a quick one
 * @param rest how long one that refused is left alone, from the beginning of that attempt
 */
public record Pace(int quickRounds, RetryPolicy soon, RetryPolicy usual, RetryPolicy rest) {

    private static final RetryPolicy AT_ONCE = RetryPolicy.steady(Duration.ZERO);

    /** No pauses: who asks keeps them. */
    static final Pace NONE = new Pace(1, AT_ONCE, AT_ONCE, AT_ONCE);
}
