package org.vipmanager.core;

import org.vipmanager.core.VipState.Doubt;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VipState.Placement;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides when this host may hold an address, and for how long the kernel is told to keep it.
 *
 * <pre>
 *              a sighting                      this host leads, and trust has a whole second left
 *   Unseen ────────────────────&gt; Standby ──────────────────────────────────────────────&gt; Holding
 *      │                            ^                                                       │
 *      │                            └───────────────────────────────────────────────────────┘
 *      │                              another leads, nobody leads, trust ran out (H), the kernel's
 *      │                              lifetime ran out, frozen during a put, store restored, Patroni
 *      │                              denies, yielded
 *      └── StopRequested or Unconfigured, from any state ──&gt; Stopped
 *
 *   Holding:  Missing ──put──&gt; Pending ──acknowledged──&gt; Present ──renew──&gt; Pending ...
 *                ^                │                         │
 *                └─────failed─────┴──removed by others──────┘
 * </pre>
 *
 * <p>Pure: the time is an argument, everything to be done is a result. An event changes what is
 * known; then the same questions are asked whatever the event was: may the address be held now, is
 * a put due, an announcement, a probe. So no order of events can leave a question unasked.
 * Immutable; safe for use by any thread.
 */
public final class VipStateMachine {

    private final VirtualIp vip;
    private final Trigger trigger;
    private final Rules rules;

    public VipStateMachine(VirtualIp vip, Trigger trigger, Rules rules) {
        this.vip = vip;
        this.trigger = trigger;
        this.rules = rules;
    }

    /**
     * Decides about one event.
     *
     * @param state from the step before, or {@link VipState#atStart}
     * @param now the time, not before that of the step before
     */
    public Step next(VipState state, Event event, Moment now) {
        Turn turn = new Turn(vip, trigger, rules, state, now);
        if (state.phase() instanceof Phase.Stopped stopped) {
            afterStop(turn, stopped, event);
            return turn.end();
        }
        switch (event) {
            case Event.Seen(Sighting sighting) -> see(turn, sighting);
            case Event.LeaseProved(LeaseProof proof) -> prove(turn, proof);
            case Event.DcsFailed(String trouble) -> turn.doubt = turn.doubt.after(trouble);
            case Event.PatroniAnswered(PatroniAnswer answer) -> hearPatroni(turn, answer);
            case Event.ClaimHeard(Claim claim) -> hearClaim(turn, claim);
            case Event.AnnouncementRefused() -> announceAgain(turn);
            case Event.PutEnded(PutResult result) -> endPut(turn, result);
            case Event.RemoveFailed(String trouble) -> retryRemoval(turn, trouble);
            case Event.AddressGone() -> loseAddress(turn);
            case Event.AddressGoneWithLink() -> loseAddressWithLink(turn);
            case Event.AddressReturned() -> announceAnew(turn);
            case Event.AddressAppeared(FoundAddress found) -> findAddress(turn, found);
            case Event.LinkReady(String change) -> linkReady(turn, change);
            case Event.LinkLost(String change) ->
                    turn.reasons.add(new Reason.InterfaceLost(change));
            case Event.Woke() -> wake(turn);
            case Event.KernelWasBusy() -> turn.claims = turn.claims.uncounted();
            case Event.StopRequested(boolean keep) -> stop(turn, keep);
            case Event.Unconfigured() -> stop(turn, new Reason.NoLongerConfigured());
            case Event.SourceReplaced() -> turn.leadership = turn.leadership.ofAnotherSource();
            case Event.Tick() -> {}
        }
        limitAgainIfDue(turn);
        Consequences.drawIn(turn);
        return turn.end();
    }

    private void see(Turn turn, Sighting sighting) {
        switch (turn.leadership.order().judge(sighting)) {
            case DROP -> {}
            case STORE_RESTORED -> {
                turn.leadership = turn.leadership.forgotten(turn.now);
                turn.actions.add(new Action.ReadNow());
                turn.release(new Reason.StoreRestored());
            }
            case ACT -> act(turn, sighting);
        }
    }

    private void act(Turn turn, Sighting sighting) {
        Leadership before = turn.leadership;
        Duration silence = turn.silence();
        turn.leadership = before.after(sighting, trigger, rules, turn.now);
        if (sighting.origin() == Sighting.Origin.READ) {
            turn.doubt = turn.doubt.afterRead();
        }
        if (!sighting.isLeader(trigger)) {
            turn.claims = turn.claims.afterAnotherLed();
            standBy(turn, sighting, before.last());
        } else if (sighting.origin() == Sighting.Origin.READ) {
            turn.claims = turn.claims.judgedBy(sighting.asOf(), rules.doubtAfter());
            if (turn.doubt.told() && turn.isHolding()) {
                turn.reasons.add(new Reason.ConfirmedAgain(silence));
            }
            turn.doubt = Doubt.NONE;
        } else if (!turn.leadership.allows(trigger, turn.now)) {
            // Its lease may be unknown, or the event as old as what this host has let go for.
            turn.actions.add(new Action.ReadNow());
        }
    }

    /**
     * Tells people who leads, once per change, and clears away what an earlier daemon may have
     * left.
     */
    private static void standBy(Turn turn, Sighting sighting, Optional<Sighting> before) {
        boolean first = clearAway(turn);
        if (!first && turn.phase instanceof Phase.Standby standby) {
            turn.phase = standby.knowingTheLeader();
        }
        boolean told =
                !first && before.isPresent() && before.get().value().equals(sighting.value());
        if (!told && !turn.isHolding()) {
            turn.reasons.add(
                    sighting.value()
                            .<Reason>map(Reason.StandingBy::new)
                            .orElseGet(Reason.NobodyLeads::new));
        }
    }

    /** What an earlier daemon has left may last for longer than this host may hold it. */
    private static boolean clearAway(Turn turn) {
        if (!(turn.phase instanceof Phase.Unseen unseen)) {
            return false;
        }
        turn.actions.add(new Action.Remove());
        unseen.found().ifPresent(found -> turn.reasons.add(new Reason.FoundRemoved(found)));
        turn.phase = Phase.Standby.CLEAN;
        return true;
    }

    private void prove(Turn turn, LeaseProof proof) {
        if (!turn.leadership.isAbout(proof, trigger)) {
            return;
        }
        boolean first = !turn.leadership.hasProofOf(proof.leaseId());
        turn.leadership = turn.leadership.after(proof, rules);
        if (first && !turn.isHolding() && turn.secondsLeft() < 1) {
            turn.reasons.add(new Reason.LeaseTooShort(turn.now.until(proof.end())));
            clearAway(turn);
        }
    }

    private void hearPatroni(Turn turn, PatroniAnswer answer) {
        boolean newer = answer.sentAt().isAfter(turn.leadership.lastReadAsOf());
        boolean vouches = answer.failsafe() == PatroniAnswer.Failsafe.ACTIVE;
        boolean counts = turn.inDoubt() || vouches;
        if (!turn.isHolding() || !counts || !newer || !answer.answered()) {
            return;
        }
        if (!answer.isLeader()) {
            turn.leadership = turn.leadership.returningAfter(answer.sentAt());
            turn.release(new Reason.PatroniDoesNotLead(answer.leaderStatus()));
        } else if (turn.leadership.trust().isProlongedBy(answer.failsafe(), rules)) {
            Trust.Basis before = turn.leadership.effectiveTrust().basis();
            turn.leadership = turn.leadership.afterFailsafe(answer, rules);
            Trust.Basis after = turn.leadership.effectiveTrust().basis();
            if (after != before) {
                turn.reasons.add(new Reason.HeldByPatroni(after));
            }
        }
    }

    private void hearClaim(Turn turn, Claim claim) {
        switch (turn.phase) {
            case Phase.Holding holding -> {
                boolean confirmed = !turn.inDoubt();
                turn.claims = turn.claims.with(claim, confirmed, rules.margins().claimSpacing());
                if (confirmed && holding.isPlaced()) {
                    turn.hearUnansweredClaim();
                }
            }
            case Phase.Standby standby -> {
                if (standby.yielded()) {
                    turn.leadership = turn.leadership.returningAfter(claim.receivedAt());
                }
            }
            case Phase.Unseen _, Phase.Stopped _ -> {}
        }
    }

    private static void announceAgain(Turn turn) {
        if (turn.phase
                instanceof Phase.Holding(Placement placement, AnnouncementSchedule announcements)) {
            turn.phase = new Phase.Holding(placement, announcements.afterRefusal(turn.now));
        }
    }

    private void endPut(Turn turn, PutResult result) {
        switch (turn.phase) {
            case Phase.Holding holding -> {
                if (holding.placement() instanceof Placement.Pending pending) {
                    endPut(turn, result, holding, pending);
                }
            }
            case Phase.Unseen unseen -> endLimit(turn, result, unseen);
            case Phase.Standby _, Phase.Stopped _ -> {}
        }
    }

    private static void endPut(
            Turn turn, PutResult result, Phase.Holding holding, Placement.Pending pending) {
        Placement before = pending.before();
        switch (result) {
            case PutResult.Done done -> {
                if (done.kernelTook().compareTo(KernelLifetime.LONGEST_PUT) > 0) {
                    // No answer could be heard meanwhile that would have outweighed them.
                    turn.claims = turn.claims.uncounted();
                }
                if (turn.lifetime().isStale(done, Turn.mayCreateUntil(before, done))) {
                    turn.releaseForStalePut(done);
                    return;
                }
                boolean restored = pending.renewal() && done.created();
                if (restored) {
                    turn.restored();
                }
                turn.phase =
                        new Phase.Holding(
                                turn.present(done, !pending.renewal()),
                                pending.renewal() && !restored
                                        ? holding.announcements()
                                        : AnnouncementSchedule.startingAt(turn.now));
            }
            case PutResult.TooLate late -> turn.endLatePut(late, holding, before);
            case PutResult.Failed(String trouble) ->
                    turn.phase =
                            new Phase.Holding(
                                    turn.missingAfterFailure(before, trouble),
                                    holding.announcements());
        }
    }

    private static void retryRemoval(Turn turn, String trouble) {
        if (turn.phase instanceof Phase.Standby standby) {
            turn.removeAgainLater(standby, trouble);
        }
    }

    private void loseAddress(Turn turn) {
        if (turn.phase instanceof Phase.Unseen) {
            turn.phase = Phase.Unseen.AT_START;
            return;
        }
        if (!(turn.phase
                        instanceof
                        Phase.Holding(Placement placement, AnnouncementSchedule announcements))
                || !(placement instanceof Placement.Present present)) {
            return;
        }
        if (turn.now.isBefore(present.givenUntil()) && turn.secondsLeft() >= 1) {
            turn.restored();
            turn.phase =
                    new Phase.Holding(
                            Turn.missingUntil(turn.meddling.answerAt(), present.givenUntil()),
                            announcements);
        } else {
            turn.leadership = turn.leadership.returningAfterLast();
            turn.actions.add(new Action.ReadNow());
            turn.release(new Reason.LifetimeRanOut());
        }
    }

    /** The interface's own event tells people, and its return puts the address again. */
    private static void loseAddressWithLink(Turn turn) {
        if (turn.phase
                        instanceof
                        Phase.Holding(Placement placement, AnnouncementSchedule announcements)
                && placement instanceof Placement.Present) {
            turn.phase =
                    new Phase.Holding(
                            Turn.missingUntil(Moment.NEVER, placement.givenUntil()), announcements);
        }
    }

    /** Whoever uses it may have missed it for a moment: tell all of them where it is. */
    private static void announceAnew(Turn turn) {
        if (turn.phase instanceof Phase.Holding holding && holding.isPlaced()) {
            turn.phase =
                    new Phase.Holding(
                            holding.placement(), AnnouncementSchedule.startingAt(turn.now));
        }
    }

    private void findAddress(Turn turn, FoundAddress found) {
        switch (turn.phase) {
            case Phase.Unseen unseen -> findAtStart(turn, unseen, found);
            case Phase.Standby standby -> {
                if (!standby.isRemovingLater()) {
                    turn.meddling = turn.meddling.again(turn.now);
                    turn.tellMeddling(
                            times -> new Reason.StrayRemoved(found.prefixLength(), times));
                    turn.phase = standby.removingAt(turn.meddling.answerAt());
                }
            }
            case Phase.Holding(Placement placement, AnnouncementSchedule announcements) -> {
                // Somebody changed its lifetime, or put it again: make it ours again.
                if (placement instanceof Placement.Present) {
                    turn.meddling = turn.meddling.again(turn.now);
                    turn.tellMeddling(times -> new Reason.LifetimeChanged(found, times));
                    turn.phase =
                            new Phase.Holding(
                                    Turn.missingUntil(
                                            turn.meddling.answerAt(), placement.givenUntil()),
                                    announcements);
                }
            }
            case Phase.Stopped _ -> {}
        }
    }

    /**
     * What the Go program leaves behind when it is killed stays for ever, and others give what they
     * please: give it an end before asking who leads. A shorter one is left alone.
     */
    private void findAtStart(Turn turn, Phase.Unseen unseen, FoundAddress found) {
        Duration most = rules.addressLifetime();
        if (found.lastsLongerThan(most)) {
            turn.reasons.add(new Reason.FoundLimited(found, most));
            turn.phase = unseen.with(found).limiting();
            limitWhatWasFound(turn);
        } else {
            turn.reasons.add(new Reason.FoundWithLifetime(found));
            turn.phase = unseen.with(found);
        }
    }

    private void limitWhatWasFound(Turn turn) {
        Duration most = rules.addressLifetime();
        Moment end = turn.now.plus(most).plus(Duration.ofSeconds(1));
        turn.actions.add(new Action.Put(new KernelLifetime(end, end, most, Moment.NEVER)));
    }

    /** Nobody knows whether this host leads: what others have removed meanwhile must not return. */
    private static void endLimit(Turn turn, PutResult result, Phase.Unseen unseen) {
        switch (result) {
            case PutResult.Done done -> {
                if (done.created()) {
                    turn.actions.add(new Action.Remove());
                }
                turn.phase = unseen.limited();
            }
            case PutResult.TooLate _ -> turn.phase = unseen.limitingAgainAfter(turn.now);
            case PutResult.Failed(String trouble) -> {
                if (unseen.retry().failures() == 0) {
                    turn.reasons.add(new Reason.LimitFailed(trouble));
                }
                turn.phase = unseen.limitingAgainAfter(turn.now);
            }
        }
    }

    private void limitAgainIfDue(Turn turn) {
        if (turn.phase instanceof Phase.Unseen unseen
                && !turn.now.isBefore(unseen.limitAgainAt())) {
            turn.phase = unseen.limiting();
            limitWhatWasFound(turn);
        }
    }

    private static void linkReady(Turn turn, String change) {
        turn.reasons.add(new Reason.InterfaceReady(change));
        if (turn.phase
                        instanceof
                        Phase.Holding(Placement placement, AnnouncementSchedule announcements)
                && !(placement instanceof Placement.Pending)) {
            turn.phase =
                    new Phase.Holding(
                            Turn.missingUntil(turn.now, placement.givenUntil()), announcements);
        }
    }

    private static void wake(Turn turn) {
        turn.quietUntilRead = turn.now;
        turn.claims = turn.claims.uncounted();
    }

    private static void stop(Turn turn, boolean keep) {
        if (!keep) {
            stop(turn, new Reason.Stopping());
            return;
        }
        if (turn.phase instanceof Phase.Holding holding && turn.secondsLeft() >= 1) {
            if (turn.mayRenewSinceWaking() && !turn.mayHaveEnded(holding.placement())) {
                turn.actions.add(new Action.Put(turn.lifetime()));
            }
            turn.reasons.add(new Reason.StoppingKept());
        }
        if (turn.phase instanceof Phase.Standby) {
            turn.actions.add(new Action.Remove());
        }
        turn.phase = Phase.Stopped.CLEAN;
    }

    /**
     * Also what is not held is removed: others may have put it a moment ago, and a removal may be
     * owed that failed or was put off.
     */
    private static void stop(Turn turn, Reason.Release why) {
        if (!clearAway(turn) && !turn.isHolding()) {
            turn.actions.add(new Action.Remove());
        }
        turn.release(why);
        turn.phase = Phase.Stopped.CLEAN;
    }

    /**
     * What the stop left under way must not outlive its time either. A removal that failed is tried
     * once more: nobody is there to do it later, but for the stop of the whole daemon after that of
     * one address.
     */
    private static void afterStop(Turn turn, Phase.Stopped stopped, Event event) {
        if (event instanceof Event.PutEnded(PutResult result)
                && result instanceof PutResult.Done done
                && turn.lifetime()
                        .isStale(done, done.computedAt().plus(KernelLifetime.LONGEST_PUT))) {
            turn.actions.add(new Action.Remove());
        } else if (event instanceof Event.StopRequested && stopped.isLeftBehind()) {
            turn.phase = Phase.Stopped.CLEAN;
            turn.actions.add(new Action.Remove());
        } else if (event instanceof Event.RemoveFailed(String trouble)) {
            Phase.Stopped failed = new Phase.Stopped(stopped.failedRemovals() + 1);
            turn.phase = failed;
            if (failed.isLeftBehind()) {
                turn.reasons.add(new Reason.LeftBehind(trouble));
            } else {
                turn.actions.add(new Action.Remove());
            }
        }
    }
}
