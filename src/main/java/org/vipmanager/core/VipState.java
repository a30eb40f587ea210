package org.vipmanager.core;

import java.util.Optional;

/**
 * All that the state machine knows about one address.
 *
 * @param phase whether the address is held
 * @param order the order of sightings
 * @param last the newest sighting that was acted on
 * @param trust until when no other node can lead
 * @param failsafe what the local Patroni adds to it while the DCS is lost; {@link Trust#NONE}
 *     mostly
 * @param returnAfter only a sighting with a later {@code asOf} may bring the address (back)
 * @param lastReadAsOf when the newest good read was sent
 * @param claims who else claims the address
 * @param doubt what was done about the silence of the DCS
 * @param quietUntilReadAfter announce nothing before a read sent after this moment: this process
 *     was frozen
 */
public record VipState(
        Phase phase,
        SightingOrder order,
        Optional<Sighting> last,
        Trust trust,
        Trust failsafe,
        Moment returnAfter,
        Moment lastReadAsOf,
        Claims claims,
        Doubt doubt,
        Moment quietUntilReadAfter) {

    /** Whether the address is held. */
    public sealed interface Phase {

        /** The DCS has not answered since the start. */
        record Unseen() implements Phase {}

        /**
         * Another host leads, or none, or nothing is certain.
         *
         * @param yielded whether the address was given up to a station that claimed it
         * @param removeAgainAt when to try a failed removal again; {@link Moment#NEVER} mostly
         */
        record Standby(boolean yielded, Moment removeAgainAt) implements Phase {
            static final Standby CLEAN = new Standby(false, Moment.NEVER);
        }

        /** This host leads, and the address is here, or is being put. */
        record Holding(Placement placement, AnnouncementSchedule announcements) implements Phase {}

        /** The end. */
        record Stopped() implements Phase {}
    }

    /** Where the address is, while it is held. */
    public sealed interface Placement {

        /**
         * Not on the interface: a put failed.
         *
         * @param backoff how often it has failed
         * @param retryAt when to try again
         */
        record Missing(Backoff backoff, Moment retryAt) implements Placement {}

        /**
         * Being put, or renewed.
         *
         * @param before where it was
         * @param renewal whether it was on the interface already, so that nothing has to be
         *     announced
         */
        record Pending(Placement before, boolean renewal) implements Placement {}

        /**
         * On the interface.
         *
         * @param kernelEnd when the kernel will remove it by itself
         * @param renewAt when its lifetime should be renewed
         */
        record Present(Moment kernelEnd, Moment renewAt) implements Placement {}
    }

    /**
     * What was done about a silent DCS.
     *
     * @param told whether people were told
     * @param nextProbeAt when to ask the network and Patroni next
     */
    public record Doubt(boolean told, Moment nextProbeAt) {
        static final Doubt NONE = new Doubt(false, Moment.LONG_AGO);
    }

    /** The state before anything is known. */
    public static VipState atStart(Moment now) {
        return new VipState(
                new Phase.Unseen(),
                SightingOrder.EMPTY,
                Optional.empty(),
                Trust.NONE,
                Trust.NONE,
                Moment.LONG_AGO,
                now,
                Claims.NONE,
                Doubt.NONE,
                Moment.LONG_AGO);
    }

    public boolean isHolding() {
        return phase instanceof Phase.Holding;
    }
}
