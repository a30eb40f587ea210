package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;

import java.time.Duration;

/** What is known of the lease of one key, as the key is, and when to ask about it again. */
final class KnownLease {

    /** More than what the address is let go before the lease's end, and a second. */
    private static final Duration NEARLY_OVER = Duration.ofSeconds(4);

    private static final Duration SHORT_PACE = Duration.ofSeconds(1);

    private @Nullable Moment askedAt;
    private @Nullable Moment end;

    /** When the question was sent that proved something last. */
    private Moment provedAsOf = Moment.LONG_AGO;

    private Duration granted = Duration.ZERO;

    /**
     * The time from one round to the next, while this host leads by the lease. It is short while
     * nothing is known of it, because the answer was lost or made no sense; and not long when it is
     * about to end: whether it was renewed decides whether the address may stay.
     */
    Duration pace(Moment now, EtcdPolicy policy) {
        Duration interval = policy.interval();
        if (end == null) {
            return shorter(interval, policy.retryAfter());
        }
        boolean endsSoon = now.until(end).compareTo(interval.plus(NEARLY_OVER)) < 0;
        return endsSoon ? shorter(interval, SHORT_PACE) : interval;
    }

    /**
     * Whether it has to be asked about: nothing is known of it, or less than two thirds of its time
     * is left by our own reckoning; and not twice in a round's time, of which one half is enough
     * because a round may be early.
     */
    boolean isQuestionDue(Moment now, Duration pace) {
        if (askedAt != null && askedAt.plus(pace.dividedBy(2)).isAfter(now)) {
            return false;
        }
        return end == null || now.until(end).toNanos() < granted.toNanos() / 3 * 2;
    }

    void asked(Moment now) {
        askedAt = now;
    }

    /** What was under way is void: it may be asked about at once. */
    void restart() {
        askedAt = null;
    }

    /** It was proved to run until a certain time. */
    void proved(LeaseProof proof, Duration grantedTime, Moment sentAt) {
        provedAsOf = sentAt;
        end = end == null || proof.disproves(end) ? proof.end() : Moment.later(end, proof.end());
        granted = grantedTime;
    }

    /**
     * Whether another question was answered first that was sent later: the lease may have been
     * renewed since.
     */
    boolean wasProvedAfter(Moment sentAt) {
        return sentAt.isBefore(provedAsOf);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
