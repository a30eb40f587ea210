package org.vipmanager.core;

/**
 * What the local Patroni says of itself.
 *
 * @param sentAt when the question was sent
 * @param leaderStatus the HTTP status of {@code /leader}; 0 when it did not answer
 * @param failsafeActive {@code failsafe_mode_is_active} of {@code /patroni}
 */
public record PatroniAnswer(Moment sentAt, int leaderStatus, boolean failsafeActive) {

    public boolean answered() {
        return leaderStatus != 0;
    }

    public boolean isLeader() {
        return leaderStatus == 200;
    }
}
