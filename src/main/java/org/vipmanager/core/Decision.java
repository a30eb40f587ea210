package org.vipmanager.core;

import org.vipmanager.core.Reason.Release;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
 * known; then each duty is asked when it is due, whatever the event was, and fulfilled if that is
 * now. So no order of events can leave one out; and as the next wake-up is the earliest answer to
 * the same question, asked again at the end, no state can sleep past one.
 *
 * <p>Here stands whether the address is held; {@link Upkeep} has what is done about it on the
 * interface. One object for one step; used by one thread.
 */
public final class Decision {

    private final Trigger trigger;
    private final Rules rules;
    private final Moment now;

    private final List<Action> actions = new ArrayList<>();
    private final List<Reason> reasons = new ArrayList<>();

    private Leadership leadership;
    private Claims claims;
    private final Removal removal;
    private final Upkeep upkeep;

    /** All that may have to be done, in the order in which it is. */
    private final List<Supplier<Duty>> duties;

    /**
     * A decision that is to be taken.
     *
     * @param state from the one before, or {@link VipState#atStart}
     * @param now the time, not before that of the one before
     */
    public Decision(VirtualIp vip, Trigger trigger, Rules rules, VipState state, Moment now) {
        this.trigger = trigger;
        this.rules = rules;
        this.now = now;
        leadership = state.leadership();
        claims = state.claims();
        removal = new Removal(rules, state, now, actions, reasons);
        upkeep = new Upkeep(vip, rules, state, now, actions, reasons, removal);
        duties =
                List.of(
                        removal::limitWhatWasFound,
                        this::letGoAtTheEndOfTrust,
                        this::yieldToTheNewLeader,
                        this::letGoAtTheEndOfTheLifetime,
                        removal::removeAgain,
                        this::takeOver,
                        () -> upkeep.put(leadership),
                        () -> upkeep.renew(leadership),
                        this::defend,
                        () -> upkeep.announce(leadership),
                        this::askAroundInDoubt,
                        this::askPatroniBeforeDoubt,
                        () -> upkeep.probe(leadership));
    }

    /** Takes it; once. */
    public Step about(Event event) {
        if (removal.isStopped()) {
            removal.afterStop(event, leadership);
        } else {
            learn(event);
        }
        duties.forEach(duty -> duty.get().fulfilIfDue(now));
        Moment wakeUp = Moment.NEVER;
        for (Supplier<Duty> duty : duties) {
            wakeUp = Moment.earlier(wakeUp, duty.get().dueAt());
        }
        if (!upkeep.isHolding()) {
            claims = claims.nothingToDefend();
        }
        VipState next = new VipState(upkeep.phase(), leadership, claims, removal.meddling());
        return new Step(next, List.copyOf(actions), List.copyOf(reasons), wakeUp);
    }

    private void learn(Event event) {
        switch (event) {
            case Event.Seen(Sighting sighting) -> see(sighting);
            case Event.LeaseProved(LeaseProof proof) -> prove(proof);
            case Event.SourceReplaced() -> leadership = leadership.ofAnotherSource();
            case Event.RulesChanged(Rules before) ->
                    know(contact().underOtherRules(before, rules, now));
            case Event.DcsFailed(String trouble) -> know(contact().afterFailure(trouble));
            case Event.PatroniAnswered(PatroniAnswer answer) -> hear(answer);
            case Event.ClaimHeard(Claim claim) -> hear(claim);
            case Event.OfKernel kernel when upkeep.isHolding() -> {
                uncountClaimsIfSlow(kernel);
                leadership = upkeep.learn(kernel, leadership);
            }
            case Event.OfKernel kernel -> removal.learn(kernel);
            case Event.Woke() -> {
                know(contact().afterFreeze(now));
                claims = claims.uncounted();
            }
            case Event.KernelWasBusy() -> claims = claims.uncounted();
            case Event.StopRequested(boolean keep) -> stop(keep, new Reason.Stopping());
            case Event.Unconfigured() -> stop(false, new Reason.NoLongerConfigured());
            case Event.Tick() -> {}
        }
    }

    private void stop(boolean keep, Release why) {
        if (!upkeep.isHolding()) {
            removal.removeAtTheStop(keep);
        } else if (keep) {
            upkeep.leaveToTheKernel(leadership);
        } else {
            upkeep.release(why, leadership);
        }
        removal.stop();
    }

    private Contact contact() {
        return leadership.contact();
    }

    private void know(Contact contact) {
        leadership = leadership.with(contact);
    }

    // Who leads.

    private void see(Sighting sighting) {
        switch (leadership.order().judge(sighting)) {
            case DROP -> {}
            case STORE_RESTORED -> {
                leadership = leadership.forgotten(now);
                actions.add(new Action.ReadNow());
                upkeep.release(new Reason.StoreRestored(), leadership);
            }
            case ACT -> act(sighting);
        }
    }

    private void act(Sighting sighting) {
        Leadership before = leadership;
        leadership = before.after(sighting, trigger, rules, now);
        if (!sighting.isLeader(trigger)) {
            claims = claims.afterAnotherLed();
            standBy(sighting, before.last());
        } else if (sighting.origin() == Sighting.Origin.READ) {
            claims = claims.judgedBy(sighting.asOf(), rules.doubtAfter());
            if (before.contact().isTold() && upkeep.isHolding()) {
                reasons.add(new Reason.ConfirmedAgain(before.contact().silenceAt(now)));
            }
        } else if (!leadership.allows(trigger, now)) {
            // Its lease may be unknown, or the event as old as what this host has let go for.
            actions.add(new Action.ReadNow());
        }
    }

    /** Tells people who leads, once per change. */
    private void standBy(Sighting sighting, Optional<Sighting> before) {
        removal.clearAway();
        removal.knowTheLeader();
        boolean known = before.map(Sighting::value).equals(Optional.of(sighting.value()));
        if (!known && !upkeep.isHolding()) {
            reasons.add(
                    sighting.value()
                            .<Reason>map(Reason.StandingBy::new)
                            .orElseGet(Reason.NobodyLeads::new));
        }
    }

    private void prove(LeaseProof proof) {
        if (!leadership.isAbout(proof, trigger)) {
            return;
        }
        boolean first = !leadership.hasProofOf(proof.leaseId());
        leadership = leadership.after(proof, rules);
        if (first && !upkeep.isHolding() && leadership.secondsLeft(now) < 1) {
            reasons.add(new Reason.LeaseTooShort(now.until(proof.end())));
            removal.clearAway();
        }
    }

    private Duty takeOver() {
        boolean may =
                !upkeep.isHolding()
                        && !removal.isStopped()
                        && leadership.allows(trigger, now)
                        && leadership.secondsLeft(now) >= 1;
        return Duty.when(
                may,
                now,
                () -> {
                    // Claims from before this sighting take nothing away any more.
                    claims = claims.uncounted();
                    reasons.add(new Reason.TookOver(trigger.value()));
                    upkeep.takeOver();
                });
    }

    private Duty letGoAtTheEndOfTrust() {
        return Duty.when(upkeep.isHolding(), leadership.allowedUntil(trigger), this::letGo);
    }

    private void letGo() {
        if (leadership.isLeader(trigger)) {
            letGoUntilSeenAnew();
            return;
        }
        Optional<String> value = leadership.last().flatMap(Sighting::value);
        upkeep.release(
                value.<Release>map(Reason.LeaderIsOther::new).orElseGet(Reason.LeaderKeyGone::new),
                leadership);
    }

    private Duty letGoAtTheEndOfTheLifetime() {
        return new Duty(upkeep.lifetimeEndsAt(leadership), this::letGoUntilSeenAnew);
    }

    private void letGoUntilSeenAnew() {
        leadership = leadership.returningAfterLast();
        upkeep.release(leadership.ranOut(now), leadership);
    }

    // While the DCS is silent.

    private void hear(PatroniAnswer answer) {
        boolean newer = answer.sentAt().isAfter(contact().lastReadAsOf());
        boolean counts = isInDoubt() || answer.failsafe() == PatroniAnswer.Failsafe.ACTIVE;
        if (!upkeep.isHolding() || !counts || !newer || !answer.answered()) {
            return;
        }
        if (!answer.isLeader()) {
            leadership = leadership.returningAfter(answer.sentAt());
            upkeep.release(
                    contact().explain(new Reason.PatroniDoesNotLead(answer.leaderStatus())),
                    leadership);
        } else if (leadership.trust().isProlongedBy(answer.failsafe(), rules)) {
            Trust.Basis before = leadership.effectiveTrust().basis();
            leadership = leadership.afterFailsafe(answer, rules);
            Trust.Basis after = leadership.effectiveTrust().basis();
            if (after != before) {
                reasons.add(new Reason.HeldByPatroni(after));
            }
        }
    }

    private void hear(Claim claim) {
        if (removal.hasYielded()) {
            leadership = leadership.returningAfter(claim.receivedAt());
        }
        if (!upkeep.isHolding()) {
            return;
        }
        boolean confirmed = !isInDoubt();
        claims = claims.with(claim, confirmed, rules.margins().claimSpacing());
        if (confirmed && upkeep.isPlaced()) {
            if (!claims.isUnanswered() && !now.isBefore(claims.mayDefendFrom())) {
                actions.add(new Action.ReadNow());
            }
            claims = claims.unanswered(now);
        }
    }

    /** No answer could be heard meanwhile that would have outweighed them. */
    private void uncountClaimsIfSlow(Event.OfKernel event) {
        if (event instanceof Event.PutEnded(PutResult.Done done)
                && done.kernelTook().compareTo(KernelLifetime.LONGEST_PUT) > 0) {
            claims = claims.uncounted();
        }
    }

    private boolean isInDoubt() {
        return contact().isInDoubt(now, rules);
    }

    /** Unless every member has agreed with Patroni that nobody else leads. */
    private Duty yieldToTheNewLeader() {
        Moment from = Moment.later(contact().inDoubtFrom(rules), leadership.vouchedUntil());
        return claims.toYieldTo(contact().lastReadAsOf(), rules.margins().claimsToYield())
                .filter(_ -> upkeep.isHolding() && rules.yieldInDoubt())
                .map(claimant -> new Duty(from, () -> yieldTo(claimant)))
                .orElse(Duty.NONE);
    }

    private void yieldTo(Claimant claimant) {
        leadership = leadership.returningAfter(claimant.heardAt());
        upkeep.release(
                contact().explain(new Reason.YieldedTo(claimant.address().toString())), leadership);
        removal.yielded();
    }

    /**
     * Only what was read after the claim says that the claimant is wrong. It may have become the
     * leader a moment ago, before this host has heard of it: to talk it down then made its clients
     * wait for its second announcement, in one failover of thirty.
     */
    private Duty defend() {
        boolean wrong =
                upkeep.isPlaced()
                        && claims.isUnanswered()
                        && !isInDoubt()
                        && !contact().lastReadAsOf().isBefore(claims.unansweredSince())
                        && contact().isConfirmedSinceWaking();
        return Duty.when(wrong, claims.mayDefendFrom(), this::answerClaims);
    }

    private void answerClaims() {
        Claimant newest = claims.newest();
        claims = claims.defended(now);
        actions.addFirst(new Action.Announce());
        reasons.add(new Reason.Defended(newest.address().toString(), newest.liesAt(now)));
    }

    private Duty askAroundInDoubt() {
        return Duty.when(upkeep.isHolding(), contact().askAroundFrom(rules), this::askAround);
    }

    private void askAround() {
        if (!contact().isTold()) {
            Duration left = now.until(upkeep.heldUntil(leadership));
            reasons.add(new Reason.InDoubt(contact().silenceAt(now), left, contact().failure()));
            List<String> liars = claims.liarsAt(contact().lastReadAsOf());
            if (!liars.isEmpty() && rules.yieldInDoubt()) {
                reasons.add(new Reason.KnownLiars(liars));
            }
        }
        know(contact().toldAndProbed(now, rules));
        actions.add(new Action.Probe());
        actions.add(new Action.AskPatroni());
    }

    /** What it says outweighs claims, which count as soon as there is doubt. */
    private Duty askPatroniBeforeDoubt() {
        return Duty.when(
                upkeep.isHolding(),
                contact().expectFrom(rules),
                () -> {
                    know(contact().expectingDoubt());
                    actions.add(new Action.AskPatroni());
                });
    }
}
