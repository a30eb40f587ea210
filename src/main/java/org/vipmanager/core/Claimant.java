package org.vipmanager.core;

import java.time.Duration;

/**
 * A station that has claimed the address.
 *
 * <p>It is found out as a liar by what the DCS says later: two claims of it, five seconds apart,
 * each of which a read that was sent afterwards has refuted. A claim that no read has judged yet
 * says nothing about it: it may have become the leader a moment ago.
 *
 * @param address its hardware address
 * @param refutedSince the first of its claims that a read has refuted; {@link Moment#NEVER} for
 *     none
 * @param unjudgedAt the first of its claims that no read sent later has judged, heard while this
 *     host was confirmed; {@link Moment#NEVER} for none
 * @param heardAt the last of its claims
 * @param counted claims since the newest leader sighting, those too close together counted as one
 * @param countedAt the last one counted
 * @param liarUntil until when its claims take nothing away
 */
record Claimant(
        HardwareAddress address,
        Moment refutedSince,
        Moment unjudgedAt,
        Moment heardAt,
        int counted,
        Moment countedAt,
        Moment liarUntil) {

    /**
     * Who has claimed the address for so long, though another leads, has not merely held it until a
     * moment ago, or not yet heard that it does not lead any more.
     */
    private static final Duration LONGEST_HONEST_CLAIM = Duration.ofSeconds(5);

    /**
     * A liar is asked once a minute while this host is confirmed: who has not answered twice lies
     * no longer. It bounds what forged claims in another host's name do as well.
     */
    private static final Duration REMEMBERED = Duration.ofSeconds(130);

    static Claimant of(HardwareAddress address) {
        return new Claimant(
                address,
                Moment.NEVER,
                Moment.NEVER,
                Moment.LONG_AGO,
                0,
                Moment.LONG_AGO,
                Moment.LONG_AGO);
    }

    /** The same under the address of another, for many that count as one. */
    Claimant called(HardwareAddress other) {
        return new Claimant(
                other, refutedSince, unjudgedAt, heardAt, counted, countedAt, liarUntil);
    }

    boolean liesAt(Moment time) {
        return time.isBefore(liarUntil);
    }

    /** Whether it could be forgotten without a loss. */
    boolean isIdleAt(Moment time) {
        return counted == 0 && !liesAt(time);
    }

    /**
     * It claims the address.
     *
     * @param confirmed whether the DCS is not in doubt
     * @param spacing claims closer together count as one
     */
    Claimant heard(Moment at, boolean confirmed, Duration spacing) {
        boolean apart = countedAt.until(at).compareTo(spacing) >= 0;
        boolean anew = heardAt.until(at).compareTo(REMEMBERED) > 0;
        boolean first = confirmed && unjudgedAt.equals(Moment.NEVER);
        return new Claimant(
                address,
                anew ? Moment.NEVER : refutedSince,
                first ? at : unjudgedAt,
                at,
                apart ? counted + 1 : counted,
                apart ? at : countedAt,
                liarUntil);
    }

    /**
     * A read has shown that this host leads.
     *
     * @param asOf when it was sent
     * @param within after a longer silence of the DCS it refutes nothing: another may have led
     *     meanwhile
     */
    Claimant judgedBy(Moment asOf, Duration within) {
        boolean judged = unjudgedAt.isBefore(asOf);
        boolean all = heardAt.isBefore(asOf);
        boolean refuted = judged && unjudgedAt.until(asOf).compareTo(within) <= 0;
        boolean first = refutedSince.equals(Moment.NEVER);
        Moment newest = all ? heardAt : unjudgedAt;
        boolean lies =
                refuted && !first && !newest.isBefore(refutedSince.plus(LONGEST_HONEST_CLAIM));
        return new Claimant(
                address,
                refuted && first ? unjudgedAt : refutedSince,
                !judged ? unjudgedAt : all ? Moment.NEVER : heardAt,
                heardAt,
                0,
                Moment.LONG_AGO,
                lies ? newest.plus(REMEMBERED) : liarUntil);
    }

    /** What it has claimed so far takes nothing away any more, and is not judged. */
    Claimant uncounted() {
        return new Claimant(
                address, refutedSince, Moment.NEVER, heardAt, 0, Moment.LONG_AGO, liarUntil);
    }
}
