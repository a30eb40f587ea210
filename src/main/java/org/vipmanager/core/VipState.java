package org.vipmanager.core;

import java.time.Duration;
import java.util.Optional;

/**
 * All that is known about one address.
 *
 * @param phase whether the address is held
 * @param leadership what is known about who leads
 * @param claims who else claims the address
 * @param meddling what others did to the address
 */
public record VipState(Phase phase, Leadership leadership, Claims claims, Meddling meddling) {

    /** Whether the address is held. */
    public sealed interface Phase {

        /**
         * The DCS has not answered since the start.
         *
         * @param found the address, as it was there at the start
         * @param retry how often giving it an end has failed
         * @param limitAt when to give it an end; {@link Moment#NEVER} mostly
         */
        record Unseen(Optional<FoundAddress> found, Backoff retry, Moment limitAt)
                implements Phase {
            static final Unseen AT_START =
                    new Unseen(
                            Optional.empty(),
                            new Backoff(
                                    RetryPolicy.doubling(
                                            Duration.ofMillis(20), Duration.ofSeconds(1))),
                            Moment.NEVER);

            Unseen with(FoundAddress there) {
                return new Unseen(Optional.of(there), retry, limitAt);
            }

            Unseen limitingAt(Moment time) {
                return new Unseen(found, retry, time);
            }

            Unseen limiting() {
                return new Unseen(found, retry, Moment.NEVER);
            }

            Unseen limited() {
                return new Unseen(found, retry.afterSuccess(), Moment.NEVER);
            }

            Unseen limitingAgainAfter(Moment now) {
                Backoff failed = retry.afterFailure();
                return new Unseen(found, failed, now.plus(failed.pause()));
            }
        }

        /**
         * Another host leads, or none, or nothing is certain.
         *
         * @param yielded whether the address was given up to a station that claimed it
         * @param retry how often removing the address has failed
         * @param removeAgainAt when to try it again; {@link Moment#NEVER} mostly
         */
        record Standby(boolean yielded, Backoff retry, Moment removeAgainAt) implements Phase {
            private static final Backoff FIRST_TRY =
                    new Backoff(RetryPolicy.doubling(Duration.ofMillis(20), Duration.ofSeconds(1)));

            static final Standby CLEAN = new Standby(false, FIRST_TRY, Moment.NEVER);
            static final Standby YIELDED = new Standby(true, FIRST_TRY, Moment.NEVER);

            Standby afterFailedRemoval(Moment now) {
                Backoff failed = retry.afterFailure();
                return new Standby(yielded, failed, now.plus(failed.pause()));
            }

            /** The DCS says who leads, so that claims tell nothing more. */
            Standby knowingTheLeader() {
                return new Standby(false, retry, removeAgainAt);
            }

            Standby removing() {
                return new Standby(yielded, retry, Moment.NEVER);
            }

            Standby removingAt(Moment time) {
                return new Standby(yielded, retry, time);
            }

            boolean isRemovingLater() {
                return !removeAgainAt.equals(Moment.NEVER);
            }
        }

        /** This host leads, and the address is here, or is being put. */
        record Holding(Placement placement, AnnouncementSchedule announcements) implements Phase {

            public boolean isPlaced() {
                return placement.isPlaced();
            }
        }

        /**
         * The end.
         *
         * @param failedRemovals how often the address could not be removed since
         */
        record Stopped(int failedRemovals) implements Phase {
            static final Stopped CLEAN = new Stopped(0);
            static final int MOST_REMOVALS = 2;

            /** Whether it was left to its lifetime in the kernel, though it was to be removed. */
            public boolean isLeftBehind() {
                return failedRemovals >= MOST_REMOVALS;
            }
        }
    }

    /** The state before anything is known. */
    public static VipState atStart(Moment now) {
        return new VipState(
                Phase.Unseen.AT_START, Leadership.unknown(now), Claims.NONE, Meddling.NONE);
    }

    /**
     * A claim of another station.
     *
     * @param ignored it went on claiming while this host led, and is not yielded to
     */
    public record LastClaim(String station, Moment heardAt, boolean ignored) {}

    /** Who claimed the address last, if anybody did; for those who show it. */
    public Optional<LastClaim> lastClaim(Moment now) {
        var newest = claims.newest();
        return newest.heardAt().equals(Moment.LONG_AGO)
                ? Optional.empty()
                : Optional.of(
                        new LastClaim(
                                newest.address().toString(), newest.heardAt(), newest.liesAt(now)));
    }

    public boolean isHolding() {
        return phase instanceof Phase.Holding;
    }
}
