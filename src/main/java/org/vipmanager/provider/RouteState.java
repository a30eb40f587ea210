package org.vipmanager.provider;

import org.vipmanager.core.Backoff;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.SightingOrder;

import java.util.Optional;

/**
 * All that is known about one routed address.
 *
 * @param phase where it is in the diagram of {@link RouteDecision}
 * @param knowledge who leads
 * @param agenda what is asked next, and what is being asked
 * @param reads requests that only read, in the last hour
 * @param changes requests that change something, in the last hour
 * @param told what people were told that is not to be repeated
 */
public record RouteState(
        Phase phase, Knowledge knowledge, Agenda agenda, Budget reads, Budget changes, Told told) {

    /** What is wanted, and what is. */
    public sealed interface Phase {

        /** The DCS has not said anything yet. */
        record Unseen() implements Phase {}

        /** Another host leads, or none: nothing is wanted. */
        record Elsewhere() implements Phase {}

        /**
         * This host leads, and the address is not known to be here.
         *
         * @param since for how long
         */
        record Wanted(Moment since) implements Phase {}

        /**
         * The provider is switching.
         *
         * @param since when the address was first wanted
         * @param until when it is asked again
         */
        record Switching(Moment since, Moment until) implements Phase {}

        /** It is here. */
        record Here() implements Phase {}

        /** It is wanted here, and the last attempt has failed. */
        record Failed(Moment since, String trouble, boolean needsAPerson) implements Phase {}

        /** The end. */
        record Stopped() implements Phase {}
    }

    /**
     * Who leads.
     *
     * @param last the newest sighting
     * @param confirmedAt when the newest read was sent that shows this host as the leader
     * @param wokeAt only what was sent later counts, as this process was frozen before it
     * @param leadsSince when this host was first seen to lead without another in between
     */
    record Knowledge(
            SightingOrder order,
            Optional<Sighting> last,
            Moment confirmedAt,
            Moment wokeAt,
            Moment leadsSince) {

        static final Knowledge NONE =
                new Knowledge(
                        SightingOrder.EMPTY,
                        Optional.empty(),
                        Moment.LONG_AGO,
                        Moment.LONG_AGO,
                        Moment.LONG_AGO);

        Knowledge with(Sighting sighting, boolean leads, boolean ledBefore, Moment now) {
            boolean confirms = leads && sighting.origin() == Sighting.Origin.READ;
            return new Knowledge(
                    order.with(sighting),
                    Optional.of(sighting),
                    !leads ? Moment.LONG_AGO : confirms ? sighting.asOf() : confirmedAt,
                    wokeAt,
                    leads && ledBefore ? leadsSince : now);
        }

        Knowledge ofARestoredStore(Moment now) {
            return new Knowledge(
                    SightingOrder.EMPTY, Optional.empty(), Moment.LONG_AGO, wokeAt, now);
        }

        Knowledge ofAnotherSource() {
            return new Knowledge(SightingOrder.EMPTY, last, Moment.LONG_AGO, wokeAt, leadsSince);
        }

        Knowledge woken(Moment now) {
            return new Knowledge(order, last, Moment.LONG_AGO, now, leadsSince);
        }
    }

    /**
     * What is to be asked of the provider.
     *
     * @param next what
     * @param nextAt when; {@link Moment#NEVER} when nothing is to be asked
     * @param readDcsAt when the DCS is to be read so that a change is confirmed
     * @param running what is being asked now; at the end a release that may still wait
     * @param failures in a row
     * @param releaseOwed the provider is still to be told that this host needs it no more
     */
    record Agenda(
            Call.Kind next,
            Moment nextAt,
            Moment readDcsAt,
            Optional<Running> running,
            Backoff failures,
            boolean releaseOwed) {

        Agenda asking(Call.Kind what, Moment time) {
            return new Agenda(what, time, readDcsAt, running, failures, releaseOwed);
        }

        Agenda nothing() {
            return asking(Call.Kind.STATE, Moment.NEVER);
        }

        Agenda readingDcsAt(Moment time) {
            return new Agenda(next, nextAt, time, running, failures, releaseOwed);
        }

        Agenda runs(Call.Kind kind, Moment since) {
            return new Agenda(
                    next,
                    Moment.NEVER,
                    Moment.LONG_AGO,
                    Optional.of(new Running(kind, since)),
                    failures,
                    releaseOwed);
        }

        Agenda ended() {
            return new Agenda(next, nextAt, readDcsAt, Optional.empty(), failures, releaseOwed);
        }

        Agenda failed() {
            return with(failures.afterFailure());
        }

        Agenda succeeded() {
            return with(failures.afterSuccess());
        }

        Agenda withoutFailures(RetryPolicy pauses) {
            return with(new Backoff(pauses));
        }

        private Agenda with(Backoff after) {
            return new Agenda(next, nextAt, readDcsAt, running, after, releaseOwed);
        }

        Agenda owingRelease(boolean owed) {
            return new Agenda(next, nextAt, readDcsAt, running, failures, owed);
        }
    }

    /** A call that has not ended. */
    record Running(Call.Kind kind, Moment since) {}

    /**
     * What is not repeated.
     *
     * @param trouble the last, until something succeeds
     * @param budget that it is used up, until something could be asked
     */
    record Told(Optional<String> trouble, boolean budget) {
        static final Told NOTHING = new Told(Optional.empty(), false);
    }

    /** Before anything is known. */
    public static RouteState atStart(RouteRules rules) {
        return new RouteState(
                new Phase.Unseen(),
                Knowledge.NONE,
                new Agenda(
                        Call.Kind.STATE,
                        Moment.NEVER,
                        Moment.LONG_AGO,
                        Optional.empty(),
                        new Backoff(rules.retry()),
                        false),
                Budget.UNTOUCHED,
                Budget.UNTOUCHED,
                Told.NOTHING);
    }

    /** The value of the leader key, as it was last seen. */
    public Optional<String> leader() {
        return knowledge.last().flatMap(Sighting::value);
    }

    /** Whether this host leads, as far as it knows. */
    public boolean isWanted() {
        return isWanted(phase);
    }

    static boolean isWanted(Phase phase) {
        return switch (phase) {
            case Phase.Unseen _, Phase.Elsewhere _, Phase.Stopped _ -> false;
            case Phase.Wanted _, Phase.Switching _, Phase.Here _, Phase.Failed _ -> true;
        };
    }
}
