package org.vipmanager.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The stations that have claimed the address.
 *
 * <p>So many are remembered and no more, and anybody can make up others: when each of those has
 * claimed it since the last read, or is a known liar, all further ones count together, as one that
 * is never a liar. So the new leader cannot be drowned in claims of others.
 *
 * @param stations some of them, the one heard last at the end
 * @param crowd all others together, by the address of the last of them
 * @param defendedAt when a claim was last answered by announcing (RFC 5227 2.4: at most once in ten
 *     seconds)
 * @param unansweredSince the first claim since then, which is still to be answered; {@link
 *     Moment#NEVER} for none
 */
public record Claims(
        List<Station> stations, Station crowd, Moment defendedAt, Moment unansweredSince) {

    private static final Station NOBODY = Station.of(HardwareAddress.NONE);

    static final Claims NONE = new Claims(List.of(), NOBODY, Moment.LONG_AGO, Moment.NEVER);

    private static final int MOST_STATIONS = 16;
    private static final Duration DEFEND_INTERVAL = Duration.ofSeconds(10);

    /**
     * Another host led: who claimed the address, rightly or wrongly, may have been that one, and is
     * not to be taken for a liar when it leads again. One that goes on lying is soon found out.
     */
    Claims afterAnotherLed() {
        return new Claims(List.of(), NOBODY, defendedAt, unansweredSince);
    }

    /**
     * A read has shown that this host leads: what was claimed before takes nothing away any more.
     *
     * @param asOf when it was sent
     * @param within after a longer silence of the DCS it does not show that a claim was a lie
     */
    Claims judgedBy(Moment asOf, Duration within) {
        return each(station -> station.judgedBy(asOf, within));
    }

    /** What was claimed before takes nothing away any more. */
    Claims uncounted() {
        return each(Station::uncounted);
    }

    private Claims each(UnaryOperator<Station> change) {
        return stations.isEmpty()
                ? this
                : new Claims(
                        stations.stream().map(change).toList(),
                        crowd.uncounted(),
                        defendedAt,
                        unansweredSince);
    }

    /**
     * A claim was heard.
     *
     * @param confirmed whether the DCS is not in doubt
     * @param spacing claims closer together count as one
     */
    Claims with(Claim claim, boolean confirmed, Duration spacing) {
        Moment at = claim.receivedAt();
        List<Station> changed = new ArrayList<>(stations);
        Optional<Station> known = find(claim.station());
        known.ifPresent(changed::remove);
        if (changed.size() >= MOST_STATIONS && !forgetsOneOf(changed, at)) {
            Station more = crowd.called(claim.station()).heard(at, false, spacing);
            return new Claims(stations, more, defendedAt, unansweredSince);
        }
        Station station = known.orElseGet(() -> Station.of(claim.station()));
        changed.add(station.heard(at, confirmed, spacing));
        return new Claims(List.copyOf(changed), crowd, defendedAt, unansweredSince);
    }

    private static boolean forgetsOneOf(List<Station> stations, Moment now) {
        Optional<Station> idle =
                stations.stream().filter(station -> station.isIdleAt(now)).findFirst();
        idle.ifPresent(stations::remove);
        return idle.isPresent();
    }

    Optional<Station> find(HardwareAddress address) {
        return stations.stream().filter(station -> station.address().equals(address)).findFirst();
    }

    /** Who claimed the address last. */
    Station newest() {
        boolean isKnown =
                !stations.isEmpty() && !stations.getLast().heardAt().isBefore(crowd.heardAt());
        return isKnown ? stations.getLast() : crowd;
    }

    /**
     * The station that the address is to be yielded to, when the DCS is in doubt.
     *
     * @param asOf when it was last known who leads; who lied then lies
     */
    Optional<Station> toYieldTo(Moment asOf, int claimsToYield) {
        return Stream.concat(stations.stream(), Stream.of(crowd))
                .filter(station -> station.counted() >= claimsToYield && !station.liesAt(asOf))
                .findFirst();
    }

    /** The stations that the address is not yielded to. */
    List<String> liarsAt(Moment time) {
        return stations.stream()
                .filter(station -> station.liesAt(time))
                .map(station -> station.address().toString())
                .toList();
    }

    boolean isUnanswered() {
        return !unansweredSince.equals(Moment.NEVER);
    }

    /** The newest claim is to be answered, when the time has come. */
    Claims unanswered(Moment now) {
        return isUnanswered() ? this : new Claims(stations, crowd, defendedAt, now);
    }

    /** The earliest time at which a claim may be answered. */
    Moment mayDefendFrom() {
        return defendedAt.plus(DEFEND_INTERVAL);
    }

    Claims defended(Moment now) {
        return new Claims(stations, crowd, now, Moment.NEVER);
    }

    /** The address is not ours to defend any more. */
    Claims nothingToDefend() {
        return isUnanswered() ? new Claims(stations, crowd, defendedAt, Moment.NEVER) : this;
    }
}
