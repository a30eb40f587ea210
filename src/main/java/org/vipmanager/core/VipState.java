package org.vipmanager.core;

import java.time.Duration;
import java.util.Optional;

/**
 * All that the state machine knows about one address.
 *
 * @param phase whether the address is held
 * @param leadership what is known about who leads
 * @param claims who else claims the address
 * @param doubt what was done about the silence of the DCS
 * @param meddling what others did to the address
 * @param quietUntilRead put nothing anew, renew nothing and announce nothing before a read that was
 *     sent at this moment or later: this process was frozen before it
 */
public record VipState(
        Phase phase,
        Leadership leadership,
        Claims claims,
        Doubt doubt,
        Meddling meddling,
        Moment quietUntilRead) {

    /** Whether the address is held. */
    public sealed interface Phase {

        /**
         * The DCS has not answered since the start.
         *
         * @param found the address, as it was there at the start
         * @param retry how often giving it an end has failed
         * @param limitAgainAt when to try that again; {@link Moment#NEVER} mostly
         */
        record Unseen(Optional<FoundAddress> found, Backoff retry, Moment limitAgainAt)
                implements Phase {
            static final Unseen AT_START =
                    new Unseen(
                            Optional.empty(),
                            new Backoff(
                                    RetryPolicy.doubling(
                                            Duration.ofMillis(20), Duration.ofSeconds(1))),
                            Moment.NEVER);

            Unseen with(FoundAddress there) {
                return new Unseen(Optional.of(there), retry, limitAgainAt);
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

            Standby removingAgain() {
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

            /**
             * On the interface, as far as is known; a renewal under way changes nothing about that.
             */
            public boolean isPlaced() {
                return switch (placement) {
                    case Placement.Present _ -> true;
                    case Placement.Pending(Placement _, boolean renewal) -> renewal;
                    case Placement.Missing _ -> false;
                };
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

    /** Where the address is, while it is held. */
    public sealed interface Placement {

        /**
         * Until when the kernel was to keep it by the last put at least, so that it was others who
         * removed it before; {@link Moment#LONG_AGO} when there was none.
         */
        Moment givenUntil();

        /**
         * Not on the interface: nothing was put yet, others removed it, or a put failed.
         *
         * @param backoff how often it has failed
         * @param retryAt when to try again
         */
        record Missing(Backoff backoff, Moment retryAt, Moment givenUntil) implements Placement {}

        /**
         * Being put, or renewed.
         *
         * @param before where it was
         * @param renewal whether it was on the interface already, so that nothing has to be
         *     announced
         */
        record Pending(Placement before, boolean renewal) implements Placement {
            @Override
            public Moment givenUntil() {
                return before.givenUntil();
            }
        }

        /**
         * On the interface.
         *
         * @param kernelEnd when the kernel will remove it by itself
         * @param renewAt when its lifetime should be renewed
         */
        record Present(Moment kernelEnd, Moment renewAt, Moment givenUntil) implements Placement {
            Present renewedAt(Moment time) {
                return new Present(kernelEnd, time, givenUntil);
            }
        }
    }

    /**
     * What was done about a silent DCS.
     *
     * @param told whether people were told
     * @param nextProbeAt when to ask the network and Patroni next
     * @param trouble what the source has told last of its trouble, since it was last read
     */
    public record Doubt(boolean told, Moment nextProbeAt, Optional<String> trouble) {
        static final Doubt NONE = new Doubt(false, Moment.LONG_AGO, Optional.empty());

        Doubt after(String failure) {
            return new Doubt(told, nextProbeAt, Optional.of(failure));
        }

        Doubt afterRead() {
            return new Doubt(told, nextProbeAt, Optional.empty());
        }

        Doubt toldAndProbingAt(Moment time) {
            return new Doubt(true, time, trouble);
        }

        /** There will be some soon, and Patroni was asked. */
        Doubt expected() {
            return new Doubt(told, Moment.NEVER, trouble);
        }

        boolean isExpected() {
            return nextProbeAt.equals(Moment.NEVER);
        }
    }

    /** The state before anything is known. */
    public static VipState atStart(Moment now) {
        return new VipState(
                Phase.Unseen.AT_START,
                Leadership.unknown(now),
                Claims.NONE,
                Doubt.NONE,
                Meddling.NONE,
                Moment.LONG_AGO);
    }

    public boolean isHolding() {
        return phase instanceof Phase.Holding;
    }
}
