package org.vipmanager.simulation;

import java.util.HashMap;
import java.util.Map;

/** What a daemon has heard others claim, counted as the design says rather than by asking it. */
final class HeardClaims {

    private static final long LONG_AGO = Long.MIN_VALUE / 4;
    private static final long NEVER = Long.MAX_VALUE / 4;

    /** Claims closer together count as one; hosts' clocks are fast or slow by half a percent. */
    private static final long SPACING = 199_000_000L;

    /** Who still claims when a read sent so much later has confirmed this host lies. */
    private static final long LONGEST_HONEST_CLAIM = 5_000_000_000L;

    private static final long INACCURACY = 100_000_000L;
    private static final long FORGET_AFTER = 30_000_000_000L;

    private static final class Station {
        /** The first of its claims that are less than {@link #FORGET_AFTER} apart. */
        private long since;

        /** The same, since this host leads, and as late as it may have been looked at. */
        private long knownSince = NEVER;

        private long heardAt = LONG_AGO;

        /** Since the newest good read, and when the last was counted. */
        private int counted;

        private long countedAt = LONG_AGO;
        private boolean mayBeALiar;
        private boolean isALiar;
    }

    private final Map<String, Station> stations = new HashMap<>();
    private long confirmedAsOf = LONG_AGO;

    /** Whether the daemon holds the address, runs and is not in doubt when it looks at a claim. */
    enum Heeded {
        NO,
        PERHAPS,
        SURELY
    }

    /**
     * A claim was heard.
     *
     * @param leadsSince since when the host leads: who claimed before that may have led itself
     * @param lookedAtBy when the daemon has looked at it, at the latest
     */
    void heard(String address, Heeded heeded, long leadsSince, long now, long lookedAtBy) {
        Station station = stations.computeIfAbsent(address, unused -> new Station());
        if (now - station.countedAt >= SPACING) {
            station.counted++;
            station.countedAt = now;
        }
        if (heeded == Heeded.NO) {
            return;
        }
        if (now - station.heardAt > FORGET_AFTER) {
            station.since = now;
            station.knownSince = NEVER;
        }
        station.heardAt = now;
        station.mayBeALiar |= confirmedLaterBy(station.since) > -INACCURACY;
        if (heeded == Heeded.SURELY) {
            if (station.knownSince == NEVER || station.knownSince < leadsSince) {
                station.knownSince = lookedAtBy;
            }
            station.isALiar |= confirmedLaterBy(station.knownSince) > INACCURACY;
        }
    }

    /** By how much more than an honest claim may last. */
    private long confirmedLaterBy(long since) {
        return confirmedAsOf - since - LONGEST_HONEST_CLAIM;
    }

    /**
     * A read was answered.
     *
     * @param queuedSince frames that have come since then may be looked at after it
     */
    void read(long sent, long queuedSince) {
        confirmedAsOf = Math.max(confirmedAsOf, sent);
        for (Station station : stations.values()) {
            if (station.countedAt > queuedSince) {
                station.counted = 1;
            } else {
                station.counted = 0;
                station.countedAt = LONG_AGO;
            }
        }
    }

    /**
     * Whether a station that is no known liar has claimed the address twice since the last read.
     */
    boolean areReasonToYield() {
        return stations.values().stream()
                .anyMatch(station -> station.counted >= 2 && !station.isALiar);
    }

    /** Whether claims of this station may be taken for lies. */
    boolean mayBeLies(String address) {
        Station station = stations.get(address);
        return station != null && station.mayBeALiar;
    }

    /** Another daemon knows nothing of them. */
    void forget() {
        stations.clear();
        confirmedAsOf = LONG_AGO;
    }
}
