package org.vipmanager.core;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * When the address is announced: at 0, 100 and 300 ms, 1, 2, 4 s and so on, doubling until the
 * pauses are as long as the refresh; and when the network is asked whose it is.
 *
 * <p>Several, because one lost frame leaves clients blind for as long as their neighbour cache
 * lasts; close together first, because a switch that has just seen the address elsewhere may drop
 * the first ones; and doubling, because a port that spanning tree holds back swallows all of the
 * first half minute: clients wait no longer after it than it has lasted.
 *
 * @param startedAt when the address came to be on the interface, or may be announced again
 * @param sent how many were sent
 * @param lastAt when the last one was sent
 * @param refusals how many the kernel has refused one after another
 * @param probedAt when the network was asked last, or the address came
 */
public record AnnouncementSchedule(
        Moment startedAt, int sent, Moment lastAt, Backoff refusals, Moment probedAt) {

    private static final long[] FIRST_OFFSETS_MILLIS = {0, 100, 300, 1000};

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    /** After a refusal: as soon as a queue may have emptied, and not faster than it does. */
    private static final Backoff NONE_REFUSED =
            new Backoff(RetryPolicy.doubling(Duration.ofMillis(50), Duration.ofSeconds(1)));

    /** Often enough to know who answers wrongly before the next outage of the DCS. */
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(60);

    /**
     * RFC 4861 7.2.6: a node sends at most MAX_NEIGHBOR_ADVERTISEMENT (3) unsolicited
     * advertisements at once.
     */
    private static final int MOST_NEIGHBOR_ADVERTISEMENTS = 3;

    static AnnouncementSchedule startingAt(Moment now) {
        return new AnnouncementSchedule(now, 0, Moment.LONG_AGO, NONE_REFUSED, now);
    }

    AnnouncementSchedule afterSending(Moment now) {
        return new AnnouncementSchedule(
                startedAt, sent + 1, now, sent == 0 ? refusals : NONE_REFUSED, probedAt);
    }

    /**
     * The kernel refused the last one, because a queue was full or the interface down: nobody has
     * heard it, and the first that is not refused is as good as the first of all.
     */
    AnnouncementSchedule afterRefusal(Moment now) {
        Backoff again = refusals.afterFailure();
        return new AnnouncementSchedule(
                now.plus(again.pause()), 0, Moment.LONG_AGO, again, probedAt);
    }

    /** When the next one is due; {@link Moment#NEVER} when all are sent and there is no refresh. */
    Moment nextAt(Rules rules, boolean ipv6) {
        int count =
                ipv6
                        ? Math.min(rules.announceCount(), MOST_NEIGHBOR_ADVERTISEMENTS)
                        : rules.announceCount();
        Duration refresh = rules.announceRefresh();
        if (sent < count) {
            Moment inTurn = startedAt.plus(offset(sent));
            return sent == 0 || refresh.isZero()
                    ? inTurn
                    : Moment.earlier(inTurn, lastAt.plus(refresh));
        }
        return refresh.isZero() ? Moment.NEVER : doublingAfter(lastAt, refresh);
    }

    /** When the network is to be asked next whether somebody else has the address. */
    Moment nextProbeAt() {
        return doublingAfter(probedAt, PROBE_INTERVAL);
    }

    AnnouncementSchedule afterProbe(Moment now) {
        return new AnnouncementSchedule(startedAt, sent, lastAt, refusals, now);
    }

    /** Twice as late as the last one, but not later than the longest pause after it. */
    private Moment doublingAfter(Moment last, Duration longest) {
        Duration pause = Collections.max(List.of(startedAt.until(last), LEAST_PAUSE));
        return last.plus(Collections.min(List.of(pause, longest)));
    }

    static Duration offset(int index) {
        int known = FIRST_OFFSETS_MILLIS.length;
        if (index < known) {
            return Duration.ofMillis(FIRST_OFFSETS_MILLIS[index]);
        }
        long doublings = Math.min(index - known + 1L, 30);
        return Duration.ofMillis(FIRST_OFFSETS_MILLIS[known - 1] << doublings);
    }
}
