package org.vipmanager.core;

import org.vipmanager.core.Reason.Release;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VipState.Placement;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What follows from what is known, whatever the event was: may the address be held, is a put due,
 * an announcement, a probe. Each question is asked in each step, in this order.
 */
final class Consequences {

    private static final Duration LEAST_SHORTENING = Duration.ofMillis(500);
    private static final Duration NOT_WORTH_A_PUT = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE_IN_DOUBT = Duration.ofSeconds(1);

    private final Turn turn;

    private Consequences(Turn turn) {
        this.turn = turn;
    }

    /** Asks all of them. */
    static void drawIn(Turn turn) {
        new Consequences(turn).draw();
    }

    private void draw() {
        releaseIfNotAllowed();
        yieldIfClaimed();
        removeAgainIfDue();
        takeOverIfAllowed();
        placeIfDue();
        defendIfDue();
        announceIfDue();
        askAroundIfDue();
    }

    private void releaseIfNotAllowed() {
        if (!turn.isHolding() || turn.leadership.allows(turn.trigger, turn.now)) {
            return;
        }
        if (turn.leadership.isLeader(turn.trigger)) {
            turn.leadership = turn.leadership.returningAfterLast();
            turn.release(turn.trustRanOut());
        } else {
            Optional<String> value = turn.leadership.last().flatMap(Sighting::value);
            turn.release(
                    value.<Release>map(Reason.LeaderIsOther::new)
                            .orElseGet(Reason.LeaderKeyGone::new));
        }
    }

    private void yieldIfClaimed() {
        if (!turn.isHolding() || !turn.inDoubt() || !turn.rules.yieldInDoubt()) {
            return;
        }
        if (turn.leadership.isVouchedFor(turn.now)) {
            return; // every member has agreed that nobody else leads
        }
        turn.claims
                .toYieldTo(turn.leadership.lastReadAsOf(), turn.rules.margins().claimsToYield())
                .ifPresent(this::yieldTo);
    }

    private void yieldTo(Station station) {
        turn.leadership = turn.leadership.returningAfter(station.heardAt());
        turn.release(new Reason.YieldedTo(station.address()));
        turn.phase = Phase.Standby.YIELDED;
    }

    private void removeAgainIfDue() {
        if (turn.phase instanceof Phase.Standby standby
                && !turn.now.isBefore(standby.removeAgainAt())) {
            turn.actions.add(new Action.Remove());
            turn.phase = standby.removingAgain();
        }
    }

    private void takeOverIfAllowed() {
        if ((turn.phase instanceof Phase.Standby || turn.phase instanceof Phase.Unseen)
                && turn.leadership.allows(turn.trigger, turn.now)
                && turn.secondsLeft() >= 1) {
            // Claims from before this sighting take nothing away any more.
            turn.claims = turn.claims.uncounted();
            turn.reasons.add(new Reason.TookOver(turn.trigger.value()));
            turn.phase =
                    new Phase.Holding(
                            Turn.missingUntil(turn.now, Moment.LONG_AGO),
                            AnnouncementSchedule.startingAt(turn.now));
        }
    }

    private void placeIfDue() {
        if (!(turn.phase instanceof Phase.Holding holding)) {
            return;
        }
        switch (holding.placement()) {
            case Placement.Missing missing -> {
                if (!turn.now.isBefore(missing.retryAt()) && turn.isConfirmedSinceWaking()) {
                    put(
                            turn.lifetime().atMost(turn.rules.margins().firstLifetime()),
                            holding,
                            false);
                }
            }
            case Placement.Pending _ -> {}
            case Placement.Present present -> {
                boolean tooLong = turn.lifetime().isExceededBy(present.kernelEnd());
                boolean due =
                        !turn.now.isBefore(present.renewAt())
                                && turn.mayRenewSinceWaking()
                                && renewalGains(present);
                boolean over = !turn.now.isBefore(present.kernelEnd());
                if (over || (tooLong && turn.secondsLeft() < 1)) {
                    turn.leadership = turn.leadership.returningAfterLast();
                    turn.release(turn.trustRanOut());
                } else if (tooLong) {
                    shorten(present, holding);
                } else if (due) {
                    put(turn.lifetime(), holding, true);
                }
            }
        }
    }

    /**
     * By half a second at least, as the kernel counts whole ones: the same number again would end
     * it later still.
     */
    private void shorten(Placement.Present present, Phase.Holding holding) {
        Duration left = turn.now.until(present.kernelEnd());
        Duration shorter =
                Duration.ofSeconds(Math.max(1, left.minus(LEAST_SHORTENING).toSeconds()));
        if (left.compareTo(shorter.plus(NOT_WORTH_A_PUT)) > 0) {
            put(turn.lifetime().atMost(shorter), holding, true);
        }
    }

    /** Without more trust a renewal would not make the lifetime end later. */
    private boolean renewalGains(Placement.Present present) {
        int seconds = turn.secondsLeft();
        return seconds >= 1
                && turn.now.plus(Duration.ofSeconds(seconds)).isAfter(present.kernelEnd());
    }

    private void put(KernelLifetime lifetime, Phase.Holding holding, boolean renewal) {
        turn.actions.add(new Action.Put(lifetime));
        turn.phase =
                new Phase.Holding(
                        new Placement.Pending(holding.placement(), renewal),
                        holding.announcements());
    }

    private void defendIfDue() {
        if (!turn.isHolding()) {
            turn.claims = turn.claims.nothingToDefend();
        } else if (turn.mayDefend() && !turn.now.isBefore(turn.claims.mayDefendFrom())) {
            Station newest = turn.claims.newest();
            turn.claims = turn.claims.defended(turn.now);
            turn.actions.addFirst(new Action.Announce());
            turn.reasons.add(new Reason.Defended(newest.address(), newest.liesAt(turn.now)));
        }
    }

    private void announceIfDue() {
        if (turn.phase instanceof Phase.Holding holding
                && holding.isPlaced()
                && turn.isConfirmedSinceWaking()
                && !turn.now.isBefore(
                        holding.announcements().nextAt(turn.rules, turn.vip.isIpv6()))) {
            // Before all else: the network waits for it, nobody waits for a longer lifetime.
            turn.actions.addFirst(new Action.Announce());
            turn.phase =
                    new Phase.Holding(
                            holding.placement(), holding.announcements().afterSending(turn.now));
        }
    }

    private void askAroundIfDue() {
        if (turn.phase instanceof Phase.Holding holding) {
            if (turn.inDoubt()) {
                askAroundInDoubt(holding);
                return;
            }
            if (turn.nearlyInDoubt() && !turn.doubt.isExpected()) {
                turn.actions.add(new Action.AskPatroni());
                turn.doubt = turn.doubt.expected();
            }
            if (holding.isPlaced()
                    && turn.isConfirmedSinceWaking()
                    && !turn.now.isBefore(holding.announcements().nextProbeAt())) {
                // Who answers now, while the DCS says that this host leads, has no right to.
                turn.actions.add(new Action.Probe());
                turn.phase =
                        new Phase.Holding(
                                holding.placement(), holding.announcements().afterProbe(turn.now));
            }
        }
    }

    private void askAroundInDoubt(Phase.Holding holding) {
        if (!turn.doubt.told()) {
            Duration left = turn.now.until(heldUntil(holding));
            turn.reasons.add(new Reason.InDoubt(turn.silence(), left, turn.doubt.trouble()));
            List<String> liars = turn.claims.liarsAt(turn.leadership.lastReadAsOf());
            if (!liars.isEmpty() && turn.rules.yieldInDoubt()) {
                turn.reasons.add(new Reason.KnownLiars(liars));
            }
            turn.doubt = turn.doubt.toldAndProbingAt(turn.now);
        }
        if (!turn.now.isBefore(turn.doubt.nextProbeAt())) {
            turn.doubt = turn.doubt.toldAndProbingAt(turn.now.plus(pauseBetweenQuestions()));
            turn.actions.add(new Action.Probe());
            turn.actions.add(new Action.AskPatroni());
        }
    }

    /** What Patroni answers counts for three seconds, however long the interval is. */
    private Duration pauseBetweenQuestions() {
        Duration interval = turn.rules.interval();
        return interval.compareTo(LONGEST_PAUSE_IN_DOUBT) < 0 ? interval : LONGEST_PAUSE_IN_DOUBT;
    }

    /** If nothing more is heard; one that stood still renews nothing before it has read. */
    private Moment heldUntil(Phase.Holding holding) {
        Moment trusted = turn.leadership.effectiveTrust().heldUntil();
        return !turn.mayRenewSinceWaking() && holding.placement() instanceof Placement.Present there
                ? Moment.earlier(trusted, there.kernelEnd())
                : trusted;
    }
}
