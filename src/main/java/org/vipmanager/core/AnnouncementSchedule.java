package org.vipmanager.core;

import java.time.Duration;

/**
 * When the address is announced: at 0, 100 and 300 ms, 1, 2, 4 s and so on, doubling, then at every
 * refresh.
 *
 * <p>Several, because one lost frame leaves clients blind for as long as their neighbour cache
 * lasts; close together first, because a switch that has just seen the address elsewhere may drop
 * the first ones.
 *
 * @param startedAt when the address came to be on the interface
 * @param sent how many were sent
 * @param lastAt when the last one was sent
 */
public record AnnouncementSchedule(Moment startedAt, int sent, Moment lastAt) {

    private static final long[] FIRST_OFFSETS_MILLIS = {0, 100, 300, 1000};

    /**
     * RFC 4861 7.2.6: a node sends at most MAX_NEIGHBOR_ADVERTISEMENT (3) unsolicited
     * advertisements.
     */
    private static final int MOST_NEIGHBOR_ADVERTISEMENTS = 3;

    static AnnouncementSchedule startingAt(Moment now) {
        return new AnnouncementSchedule(now, 0, Moment.LONG_AGO);
    }

    AnnouncementSchedule afterSending(Moment now) {
        return new AnnouncementSchedule(startedAt, sent + 1, now);
    }

    /** When the next one is due; {@link Moment#NEVER} when all are sent and there is no refresh. */
    Moment nextAt(Rules rules, boolean ipv6) {
        int count =
                ipv6
                        ? Math.min(rules.announceCount(), MOST_NEIGHBOR_ADVERTISEMENTS)
                        : rules.announceCount();
        if (sent < count) {
            return startedAt.plus(offset(sent));
        }
        return rules.announceRefresh().isZero()
                ? Moment.NEVER
                : lastAt.plus(rules.announceRefresh());
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
