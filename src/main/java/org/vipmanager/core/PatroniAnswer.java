package org.vipmanager.core;

/**
 * What the local Patroni says of itself.
 *
 * @param sentAt when the first question was sent
 * @param leaderStatus the HTTP status of {@code /leader}; 0 when it did not answer
 * @param failsafe what becomes of its leadership without the DCS; {@code NONE} unless it leads
 */
public record PatroniAnswer(Moment sentAt, int leaderStatus, Failsafe failsafe) {

    /** How a Patroni that leads stands to its failsafe mode. */
    public enum Failsafe {
        /** It has none, or does not say so: it will demote itself. */
        NONE,
        /**
         * It has one and has not found out yet that the DCS is lost. Until then it leads by the
         * lease that it renews, and afterwards by failsafe mode or not at all.
         */
        EXPECTED,
        /** Every member has agreed that it goes on leading without the DCS. */
        ACTIVE
    }

    public boolean answered() {
        return leaderStatus != 0;
    }

    public boolean isLeader() {
        return leaderStatus == 200;
    }
}
