package org.vipmanager.core;

import java.time.Duration;

/**
 * A point in time on this host's boot clock.
 *
 * <p>Counts nanoseconds of {@code CLOCK_BOOTTIME} (clock_gettime(2)): it also runs while the host
 * is suspended and no clock step moves it. It means nothing on another host and nothing after a
 * reboot. Immutable.
 *
 * @param nanos nanoseconds since an arbitrary point, in practice the boot
 */
public record Moment(long nanos) implements Comparable<Moment> {

    /** Earlier than every moment that a clock shows; leaves room for arithmetic. */
    public static final Moment LONG_AGO = new Moment(Long.MIN_VALUE / 4);

    /** Later than every moment that a clock shows; leaves room for arithmetic. */
    public static final Moment NEVER = new Moment(Long.MAX_VALUE / 4);

    public Moment plus(Duration duration) {
        return new Moment(nanos + duration.toNanos());
    }

    public Moment minus(Duration duration) {
        return new Moment(nanos - duration.toNanos());
    }

    /** The time from this moment to the other; negative when the other is earlier. */
    public Duration until(Moment other) {
        return Duration.ofNanos(other.nanos - nanos);
    }

    public boolean isBefore(Moment other) {
        return nanos < other.nanos;
    }

    public boolean isAfter(Moment other) {
        return nanos > other.nanos;
    }

    public static Moment earlier(Moment a, Moment b) {
        return new Moment(Math.min(a.nanos, b.nanos));
    }

    public static Moment later(Moment a, Moment b) {
        return new Moment(Math.max(a.nanos, b.nanos));
    }

    @Override
    public int compareTo(Moment other) {
        return Long.compare(nanos, other.nanos);
    }
}
