package org.vipmanager.provider;

import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many requests of one kind were sent in the last hour. Immutable.
 *
 * @param sentAt when, oldest first
 */
record Budget(List<Moment> sentAt) {

    static final Budget UNTOUCHED = new Budget(List.of());

    private static final Duration WINDOW = Duration.ofHours(1);

    /** After so many more; what is older than an hour is forgotten. */
    Budget spent(int requests, Moment now) {
        List<Moment> kept = new ArrayList<>(sentAt);
        kept.removeIf(time -> !time.plus(WINDOW).isAfter(now));
        for (int i = 0; i < requests; i++) {
            kept.add(now);
        }
        return new Budget(List.copyOf(kept));
    }

    /** When another one may be sent; long ago when it may at once. */
    Moment freeAt(int perHour) {
        return sentAt.size() < perHour
                ? Moment.LONG_AGO
                : sentAt.get(sentAt.size() - perHour).plus(WINDOW);
    }
}
