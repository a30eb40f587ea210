package org.vipmanager.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The stations that have claimed the address.
 *
 * @param stations the newest few of them, the newest last
 * @param defendedAt when a claim was last answered by announcing (RFC 5227 2.4: at most once in ten
 *     seconds)
 * @param unansweredSince the first claim since then, which is still to be answered; {@link
 *     Moment#NEVER} for none
 */
public record Claims(List<Station> stations, Moment defendedAt, Moment unansweredSince) {

    static final Claims NONE = new Claims(List.of(), Moment.LONG_AGO, Moment.NEVER);

    private static final int MOST_STATIONS = 16;
    private static final Duration DEFEND_INTERVAL = Duration.ofSeconds(10);

    /**
     * A station that still claims when a read sent so much later than its first claim has shown
     * that this host leads has not become the leader: it lies. That the DCS is not in doubt yet is
     * not enough: with long intervals the new leader claims for longer before this host is.
     */
    private static final Duration LONGEST_HONEST_CLAIM = Duration.ofSeconds(5);

    private static final Duration LIAR_FOR = Duration.ofMinutes(10);

    /** A pause after which claims while confirmed are counted from the beginning. */
    private static final Duration FORGET_AFTER = Duration.ofSeconds(30);

    /**
     * One station.
     *
     * @param address its hardware address
     * @param claimingSince the first of its claims heard while this host was confirmed
     * @param heardAt the last of its claims
     * @param counted claims since the newest leader sighting, those too close together counted as
     *     one
     * @param countedAt the last one counted
     * @param liarUntil until when its claims take nothing away
     */
    public record Station(
            String address,
            Moment claimingSince,
            Moment heardAt,
            int counted,
            Moment countedAt,
            Moment liarUntil) {

        boolean liesAt(Moment now) {
            return now.isBefore(liarUntil);
        }

        private Station afterAnotherLed() {
            return new Station(address, Moment.NEVER, heardAt, 0, Moment.LONG_AGO, liarUntil);
        }

        private Station afterLeaderSighting() {
            return new Station(address, claimingSince, heardAt, 0, Moment.LONG_AGO, liarUntil);
        }

        private Station heard(
                Moment at, boolean confirmed, Moment confirmedAsOf, Duration spacing) {
            boolean apart = countedAt.until(at).compareTo(spacing) >= 0;
            boolean anew = heardAt.until(at).compareTo(FORGET_AFTER) > 0;
            Moment since =
                    confirmed && (anew || claimingSince.equals(Moment.NEVER)) ? at : claimingSince;
            boolean lies = confirmed && !confirmedAsOf.isBefore(since.plus(LONGEST_HONEST_CLAIM));
            return new Station(
                    address,
                    since,
                    at,
                    apart ? counted + 1 : counted,
                    apart ? at : countedAt,
                    lies ? at.plus(LIAR_FOR) : liarUntil);
        }
    }

    /**
     * Another host led: who claimed the address before may have been that one, and is not to be
     * taken for a liar when it leads again.
     */
    Claims afterAnotherLed() {
        return each(Station::afterAnotherLed);
    }

    /** A good leader sighting arrived: what was claimed before it takes nothing away any more. */
    Claims afterLeaderSighting() {
        return each(Station::afterLeaderSighting);
    }

    private Claims each(UnaryOperator<Station> change) {
        return stations.isEmpty()
                ? this
                : new Claims(stations.stream().map(change).toList(), defendedAt, unansweredSince);
    }

    /**
     * A claim was heard.
     *
     * @param confirmed whether the DCS is not in doubt
     * @param confirmedAsOf when the newest good read was sent
     * @param spacing claims closer together count as one
     */
    Claims with(Claim claim, boolean confirmed, Moment confirmedAsOf, Duration spacing) {
        List<Station> changed = new ArrayList<>(stations);
        Station known =
                find(claim.station())
                        .orElse(
                                new Station(
                                        claim.station(),
                                        Moment.NEVER,
                                        Moment.LONG_AGO,
                                        0,
                                        Moment.LONG_AGO,
                                        Moment.LONG_AGO));
        changed.remove(known);
        changed.add(known.heard(claim.receivedAt(), confirmed, confirmedAsOf, spacing));
        if (changed.size() > MOST_STATIONS) {
            changed.removeFirst();
        }
        return new Claims(List.copyOf(changed), defendedAt, unansweredSince);
    }

    Optional<Station> find(String address) {
        return stations.stream().filter(station -> station.address().equals(address)).findFirst();
    }

    /** The station that the address is to be yielded to, when the DCS is in doubt. */
    Optional<Station> toYieldTo(Moment now, int claimsToYield) {
        return stations.stream()
                .filter(station -> station.counted() >= claimsToYield && !station.liesAt(now))
                .findFirst();
    }

    /** The stations that the address is not yielded to. */
    List<String> liarsAt(Moment now) {
        return stations.stream()
                .filter(station -> station.liesAt(now))
                .map(Station::address)
                .toList();
    }

    boolean isUnanswered() {
        return !unansweredSince.equals(Moment.NEVER);
    }

    /** The newest claim is to be answered, when the time has come. */
    Claims unanswered(Moment now) {
        return isUnanswered() ? this : new Claims(stations, defendedAt, now);
    }

    /** The earliest time at which a claim may be answered. */
    Moment mayDefendFrom() {
        return defendedAt.plus(DEFEND_INTERVAL);
    }

    Claims defended(Moment now) {
        return new Claims(stations, now, Moment.NEVER);
    }

    /** The address is not ours to defend any more. */
    Claims nothingToDefend() {
        return isUnanswered() ? new Claims(stations, defendedAt, Moment.NEVER) : this;
    }
}
