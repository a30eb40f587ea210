package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;

import java.time.Duration;

/**
 * Whether one watch is known to be alive: it is asked once an interval, and answers behind all that
 * it has told.
 *
 * <p>That it is alive proves nothing of the keys: a member that lags, or is cut off from the
 * others, answers too. So keys by which this host leads, or may lead next, do not rely on it.
 * Belongs to the loop.
 */
final class WatchCheck {

    private final Loop loop;
    private final EtcdPolicy policy;
    private final EtcdConnection.Watch watch;
    private final Runnable unanswered;
    private @Nullable Moment askedAt;
    private Loop.@Nullable Alarm patience;

    /** When the newest question was asked that was answered in time; none has been late since. */
    private Moment aliveAsOf = Moment.LONG_AGO;

    private boolean hasAnswered;

    /**
     * Checks a watch that has begun.
     *
     * @param unanswered is run where a watch that has answered in time does not any more
     */
    WatchCheck(Loop loop, EtcdPolicy policy, EtcdConnection.Watch watch, Runnable unanswered) {
        this.loop = loop;
        this.policy = policy;
        this.watch = watch;
        this.unanswered = unanswered;
    }

    /** Asks, unless a question is still waited for. */
    void ask() {
        Moment now = loop.now();
        if (askedAt != null && askedAt.plus(policy.timeout()).isAfter(now)) {
            return;
        }
        stop();
        askedAt = now;
        patience = loop.at(now.plus(policy.watchPatience()), this::tookTooLong);
        watch.askWhetherAlive();
    }

    /**
     * It has answered.
     *
     * @return when it was asked; null if it was not, or has taken too long
     */
    @Nullable Moment answered() {
        Moment asked = askedAt;
        boolean inTime = patience != null;
        stop();
        askedAt = null;
        hasAnswered |= asked != null;
        if (asked == null || !inTime) {
            return null;
        }
        aliveAsOf = asked;
        return asked;
    }

    /**
     * Whether an answer is still missing when it should have come, so that the watch is dead if a
     * read is answered meanwhile. A server that never answers keeps its watch, and is read from.
     */
    boolean isOverdue() {
        return hasAnswered && askedAt != null && patience == null;
    }

    /** Whether it has answered the question of an interval ago, or a later one. */
    boolean isAlive() {
        Duration counts = policy.interval().plus(policy.watchPatience());
        return !aliveAsOf.plus(counts).isBefore(loop.now());
    }

    /** Asks no more, and waits for nothing. */
    void stop() {
        if (patience != null) {
            patience.cancel();
            patience = null;
        }
    }

    private void tookTooLong() {
        patience = null;
        boolean wasAlive = aliveAsOf.isAfter(Moment.LONG_AGO);
        aliveAsOf = Moment.LONG_AGO;
        if (wasAlive) {
            unanswered.run();
        }
    }
}
