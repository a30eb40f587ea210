package org.vipmanager.core;

import java.time.Duration;

/**
 * The rule by which the lifetime of an address in the kernel is computed at the last moment before
 * the request is sent.
 *
 * <p>The kernel counts whole seconds ({@code ifa_valid} of {@code struct ifa_cacheinfo},
 * linux/if_addr.h) and removes an expired address up to 1.3 s (IPv4) or 1.8 s (IPv6) late: where
 * another node may lead from a certain moment on, {@code until} is so much earlier.
 *
 * @param until when it must be over at the latest
 * @param holdUntil from when on nothing may be put any more
 * @param cap the longest lifetime ever given, whole seconds
 * @param computeBy after this it must be decided anew whether to put the address, as this process
 *     was frozen; {@link Moment#NEVER} where that makes no difference
 */
public record KernelLifetime(Moment until, Moment holdUntil, Duration cap, Moment computeBy) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * The longest that may pass between deciding on a put and computing its lifetime, and, where
     * the address was not there before, until the kernel's acknowledgement.
     */
    public static final Duration LONGEST_PUT = Duration.ofMillis(500);

    /** The same rule, decided on at the given time. */
    public KernelLifetime decidedAt(Moment time) {
        return new KernelLifetime(until, holdUntil, cap, time.plus(LONGEST_PUT));
    }

    /**
     * The lifetime to put into a request that is sent now.
     *
     * <p>Allocates nothing, so that nothing delays the request that follows.
     *
     * @return whole seconds; below 1 means that the address must not be put
     */
    public int secondsAt(long nowNanos) {
        if (nowNanos >= holdUntil.nanos() || nowNanos > computeBy.nanos()) {
            return 0;
        }
        long left = (until.nanos() - nowNanos) / NANOS_PER_SECOND;
        return (int) Math.max(0, Math.min(left, cap.toSeconds()));
    }

    /**
     * Whether a lifetime given before is longer than what this rule allows: trust has ended, and
     * been replaced by a shorter one.
     *
     * @param end when the kernel will remove the address by itself
     */
    public boolean isExceededBy(Moment end) {
        return end.isAfter(until);
    }

    /** The same rule with another longest lifetime, when that is shorter. */
    public KernelLifetime atMost(Duration shorter) {
        return shorter.compareTo(cap) < 0
                ? new KernelLifetime(until, holdUntil, shorter, computeBy)
                : this;
    }

    /**
     * Whether a put must be taken back: trust has ended, it may have created anew what had ended
     * meanwhile, or the kernel got it from a process that was frozen until it was over. Merely to
     * take long, because the kernel is busy, does no harm.
     *
     * @param mayCreateUntil until when an address that is not there may be created by it
     */
    public boolean isStale(PutResult.Done done, Moment mayCreateUntil) {
        Moment acknowledgedAt = done.acknowledgedAt();
        return !acknowledgedAt.isBefore(holdUntil)
                || done.created() && acknowledgedAt.isAfter(mayCreateUntil)
                || done.processTook().toSeconds() >= done.seconds();
    }
}
