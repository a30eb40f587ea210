package org.vipmanager.core;

import java.time.Duration;

/**
 * How long to wait before the next try: from a first pause on, each longer by a factor, up to a
 * longest one.
 *
 * <p>Chance only ever shortens a pause: what is promised with a pause in its sum, such as how long
 * an address is held without an answer, holds with jitter as well. Its use is that a hundred hosts
 * that have lost the same server do not all come back at the same moment. No jitter is needed where
 * every host asks something of its own, such as its kernel.
 *
 * @param first the pause after the first failure
 * @param factor how much longer than the one before each pause is, at least 1
 * @param longest no pause is longer
 * @param jitter which part of a pause chance may take away, from 0 up to but not 1
 */
public record RetryPolicy(Duration first, int factor, Duration longest, double jitter) {

    public RetryPolicy {
        if (first.isNegative() || longest.isNegative() || factor < 1) {
            throw new IllegalArgumentException("a pause that shrinks, or is less than none");
        }
        if (!(jitter >= 0 && jitter < 1)) {
            throw new IllegalArgumentException("a jitter of " + jitter);
        }
    }

    /** Pauses that double, without jitter. */
    public static RetryPolicy doubling(Duration first, Duration longest) {
        return new RetryPolicy(first, 2, longest, 0);
    }

    /** The same pause each time, without jitter. */
    public static RetryPolicy steady(Duration pause) {
        return new RetryPolicy(pause, 1, pause, 0);
    }

    /** With the jitter of what many hosts ask: chance takes away up to a quarter of a pause. */
    public RetryPolicy spread() {
        return withJitter(0.25);
    }

    RetryPolicy withJitter(double part) {
        return new RetryPolicy(first, factor, longest, part);
    }

    /**
     * The pause after so many failures in a row; none after none.
     *
     * @param chance from 0, for the whole pause, up to but not 1
     */
    public Duration pause(int failures, double chance) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        long most = longest.toNanos();
        long nanos = Math.min(first.toNanos(), most);
        for (int i = 1; i < failures && factor > 1 && nanos > 0 && nanos < most; i++) {
            nanos = nanos > most / factor ? most : nanos * factor;
        }
        return Duration.ofNanos(nanos - (long) (nanos * jitter * chance));
    }
}
