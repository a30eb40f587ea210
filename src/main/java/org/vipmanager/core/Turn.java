package org.vipmanager.core;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Reason.Release;
import org.vipmanager.core.VipState.Doubt;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VipState.Placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step of {@link VipStateMachine} while it is being worked out: a changeable copy of the state,
 * with the actions and reasons so far.
 *
 * <p>Used by one thread, for one step.
 */
final class Turn {

    private static final Duration FIRST_PUT_RETRY = Duration.ofMillis(20);
    private static final Duration LONGEST_PUT_RETRY = Duration.ofSeconds(1);

    private final VirtualIp vip;
    private final Trigger trigger;
    private final Rules rules;
    private final Moment now;

    private final List<Action> actions = new ArrayList<>();
    private final List<Reason> reasons = new ArrayList<>();

    private Phase phase;
    private SightingOrder order;
    private @Nullable Sighting last;
    private Trust trust;
    private Trust failsafe;
    private Moment returnAfter;
    private Moment lastReadAsOf;
    private Claims claims;
    private Doubt doubt;
    private Moment quietUntilReadAfter;

    Turn(VirtualIp vip, Trigger trigger, Rules rules, VipState state, Moment now) {
        this.vip = vip;
        this.trigger = trigger;
        this.rules = rules;
        this.now = now;
        phase = state.phase();
        order = state.order();
        last = state.last().orElse(null);
        trust = state.trust();
        failsafe = state.failsafe();
        returnAfter = state.returnAfter();
        lastReadAsOf = state.lastReadAsOf();
        claims = state.claims();
        doubt = state.doubt();
        quietUntilReadAfter = state.quietUntilReadAfter();
    }

    Step end() {
        VipState state =
                new VipState(
                        phase,
                        order,
                        Optional.ofNullable(last),
                        trust,
                        failsafe,
                        returnAfter,
                        lastReadAsOf,
                        claims,
                        doubt,
                        quietUntilReadAfter);
        return new Step(state, List.copyOf(actions), List.copyOf(reasons), wakeUp());
    }

    // What an event makes known.

    void see(Sighting sighting) {
        switch (order.judge(sighting)) {
            case DROP -> {}
            case STORE_RESTORED -> {
                order = SightingOrder.EMPTY;
                last = null;
                returnAfter = now;
                actions.add(new Action.ReadNow());
                release(new Reason.StoreRestored());
            }
            case ACT -> act(sighting);
        }
    }

    private void act(Sighting sighting) {
        Optional<Sighting> before = Optional.ofNullable(last);
        order = order.with(sighting);
        last = sighting;
        boolean read = sighting.origin() == Sighting.Origin.READ;
        Duration silence = lastReadAsOf.until(now);
        if (read) {
            lastReadAsOf = Moment.later(lastReadAsOf, sighting.asOf());
        }
        if (!sighting.isLeader(trigger)) {
            trust = Trust.NONE;
            failsafe = Trust.NONE;
            standBy(sighting, before);
            return;
        }
        if (read) {
            claims = claims.afterLeaderSighting();
            endDoubt(silence);
        }
        trust = trustIn(sighting, before);
        if (trust.basis() == Trust.Basis.NONE && !read) {
            actions.add(new Action.ReadNow());
        }
    }

    /** How far a leader sighting is trusted. */
    private Trust trustIn(Sighting sighting, Optional<Sighting> before) {
        boolean fresh = sighting.asOf().until(now).compareTo(rules.freshness()) <= 0;
        if (sighting.leaseId() == 0) {
            Trust known = trust.basis() == Trust.Basis.POLICY ? trust : Trust.NONE;
            return fresh || sighting.origin() == Sighting.Origin.READ
                    ? known.orLonger(Trust.policy(sighting, rules))
                    : known;
        }
        if (trust.leaseId() == sighting.leaseId()) {
            return trust;
        }
        // Another lease ends the old trust. Its time is unknown, but a key that was written just
        // now has some left; one that may
        // have been written long ago has to be proved first.
        boolean writtenJustNow =
                before.isPresent()
                        && before.get().modRevision() != sighting.modRevision()
                        && before.get().asOf().until(now).compareTo(rules.freshness()) <= 0;
        return fresh && writtenJustNow ? Trust.unknownLease(sighting, rules) : Trust.NONE;
    }

    void prove(LeaseProof proof) {
        boolean current =
                last != null
                        && last.isLeader(trigger)
                        && last.key().equals(proof.key())
                        && last.modRevision() == proof.modRevision()
                        && last.leaseId() == proof.leaseId();
        if (!current) {
            return;
        }
        Trust proved = Trust.lease(proof, rules);
        boolean sameLease =
                trust.basis() == Trust.Basis.LEASE && trust.leaseId() == proof.leaseId();
        trust = sameLease ? trust.orLonger(proved) : proved;
        if (!sameLease && !isHolding() && trust.lifetime().secondsAt(now.nanos()) < 1) {
            reasons.add(new Reason.LeaseTooShort(now.until(proof.end())));
        }
    }

    void hearPatroni(PatroniAnswer answer) {
        boolean newer = answer.sentAt().isAfter(lastReadAsOf);
        if (!isHolding() || !inDoubt() || !newer || !answer.answered()) {
            return;
        }
        if (!answer.isLeader()) {
            returnAfter = Moment.later(returnAfter, answer.sentAt());
            release(new Reason.PatroniDoesNotLead(answer.leaderStatus()));
        } else if (answer.failsafeActive()) {
            failsafe = failsafe.orLonger(Trust.failsafe(answer, rules));
        }
    }

    void hearClaim(Claim claim) {
        switch (phase) {
            case Phase.Holding holding -> {
                boolean confirmed = !inDoubt();
                boolean lied = lies(claim.station());
                claims = claims.with(claim, confirmed, rules.margins().claimSpacing());
                if (!lied && lies(claim.station())) {
                    reasons.add(new Reason.KnownLiar(claim.station()));
                }
                if (confirmed && isPresent(holding) && mayAnnounce() && claims.mayDefendAt(now)) {
                    claims = claims.defendedAt(now);
                    actions.add(new Action.Announce());
                    reasons.add(new Reason.Defended(claim.station()));
                }
            }
            case Phase.Standby standby when standby.yielded() ->
                    returnAfter = Moment.later(returnAfter, claim.receivedAt());
            case Phase.Standby _, Phase.Unseen _, Phase.Stopped _ -> {}
        }
    }

    private boolean lies(String station) {
        return claims.find(station).map(known -> known.liesAt(now)).orElse(false);
    }

    void endPut(PutResult result) {
        if (!(phase instanceof Phase.Holding holding)
                || !(holding.placement()
                        instanceof Placement.Pending(Placement before, boolean renewal))) {
            return;
        }
        switch (result) {
            case PutResult.Done done -> {
                if (lifetime().isStale(done.computedAt(), done.acknowledgedAt())) {
                    returnAfter = Moment.later(returnAfter, done.acknowledgedAt());
                    actions.add(new Action.ReadNow());
                    release(new Reason.FrozenDuringPut());
                } else {
                    phase =
                            new Phase.Holding(
                                    present(done, !renewal),
                                    renewal
                                            ? holding.announcements()
                                            : AnnouncementSchedule.startingAt(now));
                }
            }
            case PutResult.TooLate() -> release(ranOut());
            case PutResult.Failed(String trouble) -> {
                Backoff backoff =
                        before instanceof Placement.Missing missing
                                ? missing.backoff()
                                : new Backoff(FIRST_PUT_RETRY, LONGEST_PUT_RETRY);
                if (backoff.failures() == 0) {
                    reasons.add(new Reason.PutFailed(trouble));
                }
                Backoff next = backoff.afterFailure();
                Placement placement = new Placement.Missing(next, now.plus(next.pause()));
                phase = new Phase.Holding(placement, holding.announcements());
            }
        }
    }

    private Placement present(PutResult.Done done, boolean first) {
        Moment kernelEnd = done.computedAt().plus(Duration.ofSeconds(done.seconds()));
        boolean more = first && lifetime().secondsAt(now.nanos()) > done.seconds();
        Duration wait =
                Duration.ofMillis((long) (done.seconds() * 1000L * rules.margins().renewAt()));
        return new Placement.Present(kernelEnd, more ? now : done.computedAt().plus(wait));
    }

    void retryRemoval(String trouble) {
        if (phase instanceof Phase.Standby standby) {
            if (standby.removeAgainAt().equals(Moment.NEVER)) {
                reasons.add(new Reason.RemovalFailed(trouble));
            }
            phase = new Phase.Standby(standby.yielded(), now.plus(LONGEST_PUT_RETRY));
        }
    }

    void loseAddress() {
        if (!(phase
                        instanceof
                        Phase.Holding(Placement placement, AnnouncementSchedule announcements))
                || !(placement instanceof Placement.Present present)) {
            return;
        }
        Moment expiresFrom = present.kernelEnd().minus(rules.margins().restoreReserve());
        if (now.isBefore(expiresFrom) && lifetime().secondsAt(now.nanos()) >= 1) {
            reasons.add(new Reason.Restored());
            phase = new Phase.Holding(missing(), announcements);
        } else {
            returnAfter = Moment.later(returnAfter, asOfLast());
            actions.add(new Action.ReadNow());
            release(new Reason.LifetimeRanOut());
        }
    }

    void findAddress(FoundAddress found) {
        switch (phase) {
            case Phase.Unseen _ ->
                    found.validFor()
                            .ifPresentOrElse(
                                    left -> reasons.add(new Reason.FoundWithLifetime(left)),
                                    this::limitWhatWasFound);
            case Phase.Standby _ -> {
                actions.add(new Action.Remove());
                reasons.add(new Reason.StrayRemoved());
            }
            case Phase.Holding(Placement placement, AnnouncementSchedule announcements) -> {
                if (placement instanceof Placement.Present present) {
                    phase =
                            new Phase.Holding(
                                    new Placement.Present(present.kernelEnd(), now), announcements);
                }
            }
            case Phase.Stopped _ -> {}
        }
    }

    /**
     * What the Go program leaves behind when it is killed stays for ever; give it an end before
     * asking who leads.
     */
    private void limitWhatWasFound() {
        Duration most = rules.addressLifetime();
        Moment end = now.plus(most).plus(Duration.ofSeconds(1));
        actions.add(new Action.Put(new KernelLifetime(end, end, Duration.ZERO, most)));
        reasons.add(new Reason.FoundPermanent(most));
    }

    void linkReady(String change) {
        reasons.add(new Reason.InterfaceReady(change));
        if (phase instanceof Phase.Holding holding
                && !(holding.placement() instanceof Placement.Pending)) {
            phase = new Phase.Holding(missing(), holding.announcements());
        }
    }

    void linkLost(String change) {
        reasons.add(new Reason.InterfaceLost(change));
    }

    void wake() {
        quietUntilReadAfter = now;
        claims = claims.afterLeaderSighting();
    }

    void stop(boolean keep) {
        if (keep) {
            if (isHolding() && lifetime().secondsAt(now.nanos()) >= 1) {
                actions.add(new Action.Put(lifetime()));
                reasons.add(new Reason.StoppingKept());
            }
        } else if (isHolding()) {
            release(new Reason.Stopping());
        } else if (phase instanceof Phase.Unseen) {
            actions.add(new Action.Remove());
        }
        phase = new Phase.Stopped();
    }

    // What follows from what is known, whatever the event was.

    void settle() {
        if (phase instanceof Phase.Holding && !mayHold()) {
            releaseForWhatIsKnown();
        }
        yieldIfClaimed();
        if (phase instanceof Phase.Standby standby && !now.isBefore(standby.removeAgainAt())) {
            actions.add(new Action.Remove());
            phase = new Phase.Standby(standby.yielded(), Moment.NEVER);
        }
        if ((phase instanceof Phase.Standby || phase instanceof Phase.Unseen)
                && mayHold()
                && lifetime().secondsAt(now.nanos()) >= 1) {
            takeOver();
        }
        if (phase instanceof Phase.Holding) {
            placeIfDue();
        }
        if (phase instanceof Phase.Holding) {
            announceIfDue();
            askAroundIfInDoubt();
        }
    }

    private boolean mayHold() {
        return last != null
                && last.isLeader(trigger)
                && last.asOf().isAfter(returnAfter)
                && now.isBefore(effectiveTrust().holdUntil());
    }

    private void takeOver() {
        reasons.add(new Reason.TookOver(last == null ? "" : last.value().orElse("")));
        phase = new Phase.Holding(missing(), AnnouncementSchedule.startingAt(now));
    }

    private void placeIfDue() {
        if (!(phase
                instanceof
                Phase.Holding(Placement placement, AnnouncementSchedule announcements))) {
            return;
        }
        switch (placement) {
            case Placement.Missing missing -> {
                if (!now.isBefore(missing.retryAt())) {
                    put(
                            lifetime().atMost(rules.margins().firstLifetime()),
                            placement,
                            false,
                            announcements);
                }
            }
            case Placement.Pending _ -> {}
            case Placement.Present present -> {
                if (!now.isBefore(present.kernelEnd())) {
                    returnAfter = Moment.later(returnAfter, asOfLast());
                    release(ranOut());
                } else if (!now.isBefore(present.renewAt()) && renewalGains(present)) {
                    put(lifetime(), placement, true, announcements);
                }
            }
        }
    }

    /** Without more trust a renewal would not make the lifetime end later. */
    private boolean renewalGains(Placement.Present present) {
        int seconds = lifetime().secondsAt(now.nanos());
        return seconds >= 1 && now.plus(Duration.ofSeconds(seconds)).isAfter(present.kernelEnd());
    }

    private void put(
            KernelLifetime lifetime,
            Placement before,
            boolean renewal,
            AnnouncementSchedule announcements) {
        actions.add(new Action.Put(lifetime));
        phase = new Phase.Holding(new Placement.Pending(before, renewal), announcements);
    }

    private void announceIfDue() {
        if (phase instanceof Phase.Holding holding
                && isPresent(holding)
                && mayAnnounce()
                && !now.isBefore(holding.announcements().nextAt(rules, vip.isIpv6()))) {
            actions.addFirst(new Action.Announce());
            phase =
                    new Phase.Holding(
                            holding.placement(), holding.announcements().afterSending(now));
        }
    }

    private void askAroundIfInDoubt() {
        if (!inDoubt()) {
            return;
        }
        if (!doubt.told()) {
            Duration left = now.until(effectiveTrust().holdUntil());
            reasons.add(new Reason.InDoubt(lastReadAsOf.until(now), left));
            doubt = new Doubt(true, now);
        }
        if (!now.isBefore(doubt.nextProbeAt())) {
            doubt = new Doubt(true, now.plus(rules.interval()));
            actions.add(new Action.Probe());
            actions.add(new Action.AskPatroni());
        }
    }

    private void endDoubt(Duration silence) {
        if (doubt.told() && isHolding()) {
            reasons.add(new Reason.ConfirmedAgain(silence));
        }
        doubt = Doubt.NONE;
    }

    private void yieldIfClaimed() {
        if (!isHolding() || !inDoubt() || !rules.yieldInDoubt()) {
            return;
        }
        claims.toYieldTo(now, rules.margins().claimsToYield())
                .ifPresent(
                        station -> {
                            returnAfter = Moment.later(returnAfter, station.heardAt());
                            release(new Reason.YieldedTo(station.address()));
                            phase = new Phase.Standby(true, Moment.NEVER);
                        });
    }

    // The small questions and moves that the above is made of.

    private boolean isHolding() {
        return phase instanceof Phase.Holding;
    }

    /** On the interface, as far as is known; a renewal under way changes nothing about that. */
    private static boolean isPresent(Phase.Holding holding) {
        return switch (holding.placement()) {
            case Placement.Present _ -> true;
            case Placement.Pending(Placement _, boolean renewal) -> renewal;
            case Placement.Missing _ -> false;
        };
    }

    private boolean inDoubt() {
        return lastReadAsOf.until(now).compareTo(rules.doubtAfter()) >= 0;
    }

    private boolean mayAnnounce() {
        return lastReadAsOf.isAfter(quietUntilReadAfter);
    }

    private Trust effectiveTrust() {
        return trust.orLonger(failsafe);
    }

    private KernelLifetime lifetime() {
        return effectiveTrust().lifetime();
    }

    private Moment asOfLast() {
        return last == null ? Moment.LONG_AGO : last.asOf();
    }

    private Placement missing() {
        return new Placement.Missing(new Backoff(FIRST_PUT_RETRY, LONGEST_PUT_RETRY), now);
    }

    private Release ranOut() {
        return new Reason.TrustRanOut(effectiveTrust().basis(), lastReadAsOf.until(now));
    }

    private void releaseForWhatIsKnown() {
        if (last == null || last.isLeader(trigger)) {
            returnAfter = Moment.later(returnAfter, asOfLast());
            release(ranOut());
        } else {
            release(
                    last.value()
                            .<Release>map(Reason.LeaderIsOther::new)
                            .orElseGet(Reason.LeaderKeyGone::new));
        }
    }

    private void release(Release reason) {
        if (isHolding()) {
            actions.addFirst(new Action.Remove());
            reasons.add(reason);
            phase = Phase.Standby.CLEAN;
        }
    }

    /**
     * Tells people who leads, once per change, and clears away what an earlier daemon may have
     * left.
     */
    private void standBy(Sighting sighting, Optional<Sighting> before) {
        boolean first = phase instanceof Phase.Unseen;
        if (first) {
            actions.add(new Action.Remove());
            phase = Phase.Standby.CLEAN;
        }
        boolean told =
                !first && before.isPresent() && before.get().value().equals(sighting.value());
        if (!told && !isHolding()) {
            reasons.add(
                    sighting.value()
                            .<Reason>map(Reason.StandingBy::new)
                            .orElseGet(Reason.NobodyLeads::new));
        }
    }

    private Moment wakeUp() {
        return switch (phase) {
            case Phase.Unseen _, Phase.Stopped _ -> Moment.NEVER;
            case Phase.Standby standby -> standby.removeAgainAt();
            case Phase.Holding holding -> {
                Moment doubtAt =
                        inDoubt() ? doubt.nextProbeAt() : lastReadAsOf.plus(rules.doubtAfter());
                Moment wake = Moment.earlier(effectiveTrust().holdUntil(), doubtAt);
                if (isPresent(holding) && mayAnnounce()) {
                    wake =
                            Moment.earlier(
                                    wake, holding.announcements().nextAt(rules, vip.isIpv6()));
                }
                yield Moment.earlier(wake, placementWakeUp(holding.placement()));
            }
        };
    }

    private Moment placementWakeUp(Placement placement) {
        return switch (placement) {
            case Placement.Missing missing -> missing.retryAt();
            case Placement.Pending _ -> Moment.NEVER;
            case Placement.Present present ->
                    now.isBefore(present.renewAt())
                            ? Moment.earlier(present.renewAt(), present.kernelEnd())
                            : present.kernelEnd();
        };
    }

    /** A put that the stop left under way must not outlive its time either. */
    void endPutAfterStop(PutResult result) {
        if (result instanceof PutResult.Done done
                && lifetime().isStale(done.computedAt(), done.acknowledgedAt())) {
            actions.add(new Action.Remove());
        }
    }
}
