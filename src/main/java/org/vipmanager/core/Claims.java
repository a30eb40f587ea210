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
 * @param claimants some of them, the one heard last at the end
 * @param crowd all others together, by the address of the last of them
 * @param defendedAt when a claim was last answered by announcing (RFC 5227 2.4: at most once in ten
 *     seconds)
 * @param unansweredSince the first claim since then, which is still to be answered; {@link
 *     Moment#NEVER} for none
 */
public record Claims(
        List<Claimant> claimants, Claimant crowd, Moment defendedAt, Moment unansweredSince) {

    private static final Claimant NOBODY = Claimant.of(HardwareAddress.NONE);

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
        return each(claimant -> claimant.judgedBy(asOf, within));
    }

    /** What was claimed before takes nothing away any more. */
    Claims uncounted() {
        return each(Claimant::uncounted);
    }

    private Claims each(UnaryOperator<Claimant> change) {
        return claimants.isEmpty()
                ? this
                : new Claims(
                        claimants.stream().map(change).toList(),
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
        List<Claimant> changed = new ArrayList<>(claimants);
        Optional<Claimant> known = find(claim.hardwareAddress());
        known.ifPresent(changed::remove);
        if (changed.size() >= MOST_STATIONS && !forgetsOneOf(changed, at)) {
            Claimant more = crowd.called(claim.hardwareAddress()).heard(at, false, spacing);
            return new Claims(claimants, more, defendedAt, unansweredSince);
        }
        Claimant claimant = known.orElseGet(() -> Claimant.of(claim.hardwareAddress()));
        changed.add(claimant.heard(at, confirmed, spacing));
        return new Claims(List.copyOf(changed), crowd, defendedAt, unansweredSince);
    }

    private static boolean forgetsOneOf(List<Claimant> claimants, Moment now) {
        Optional<Claimant> idle =
                claimants.stream().filter(claimant -> claimant.isIdleAt(now)).findFirst();
        idle.ifPresent(claimants::remove);
        return idle.isPresent();
    }

    Optional<Claimant> find(HardwareAddress address) {
        return claimants.stream()
                .filter(claimant -> claimant.address().equals(address))
                .findFirst();
    }

    /** Who claimed the address last. */
    Claimant newest() {
        boolean isKnown =
                !claimants.isEmpty() && !claimants.getLast().heardAt().isBefore(crowd.heardAt());
        return isKnown ? claimants.getLast() : crowd;
    }

    /**
     * The station that the address is to be yielded to, when the DCS is in doubt.
     *
     * @param asOf when it was last known who leads; who lied then lies
     */
    Optional<Claimant> toYieldTo(Moment asOf, int claimsToYield) {
        return Stream.concat(claimants.stream(), Stream.of(crowd))
                .filter(claimant -> claimant.counted() >= claimsToYield && !claimant.liesAt(asOf))
                .findFirst();
    }

    /** The stations that the address is not yielded to. */
    List<String> liarsAt(Moment time) {
        return claimants.stream()
                .filter(claimant -> claimant.liesAt(time))
                .map(claimant -> claimant.address().toString())
                .toList();
    }

    boolean isUnanswered() {
        return !unansweredSince.equals(Moment.NEVER);
    }

    /** The newest claim is to be answered, when the time has come. */
    Claims unanswered(Moment now) {
        return isUnanswered() ? this : new Claims(claimants, crowd, defendedAt, now);
    }

    /** The earliest time at which a claim may be answered. */
    Moment mayDefendFrom() {
        return defendedAt.plus(DEFEND_INTERVAL);
    }

    Claims defended(Moment now) {
        return new Claims(claimants, crowd, now, Moment.NEVER);
    }

    /** The address is not ours to defend any more. */
    Claims nothingToDefend() {
        return isUnanswered() ? new Claims(claimants, crowd, defendedAt, Moment.NEVER) : this;
    }
}
