package org.vipmanager.core;

import org.vipmanager.core.Reason.Release;
import org.vipmanager.core.VipState.Doubt;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VipState.Placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One step of {@link VipStateMachine} while it is being worked out: a changeable copy of the state,
 * with the actions and reasons so far.
 *
 * <p>{@link VipStateMachine} says what an event makes known; {@link Consequences} says what follows
 * from that, whatever the event was. Used by one thread, for one step.
 */
final class Turn {

    private static final RetryPolicy PUT_RETRIES =
            RetryPolicy.doubling(Duration.ofMillis(20), Duration.ofSeconds(1));
    private static final int PUTS_IN_A_MINUTE = 60;

    /** Of {@link KernelLifetime#LONGEST_PUT} so much is the kernel's, and no standstill. */
    private static final Duration SLOW_KERNEL = Duration.ofMillis(250);

    /**
     * What Patroni says outweighs what others claim, and what they have claimed already counts as
     * soon as there is doubt: so it is asked before that.
     */
    static final Duration ASK_PATRONI_BEFORE = Duration.ofMillis(500);

    /** Not at once: of a thousand addresses each shall be there first, before one lives longer. */
    private static final Duration FIRST_RENEWAL = Duration.ofMillis(50);

    final VirtualIp vip;
    final Trigger trigger;
    final Rules rules;
    final Moment now;

    final List<Action> actions = new ArrayList<>();
    final List<Reason> reasons = new ArrayList<>();

    Phase phase;
    Leadership leadership;
    Claims claims;
    Doubt doubt;
    Meddling meddling;
    Moment quietUntilRead;

    Turn(VirtualIp vip, Trigger trigger, Rules rules, VipState state, Moment now) {
        this.vip = vip;
        this.trigger = trigger;
        this.rules = rules;
        this.now = now;
        phase = state.phase();
        leadership = state.leadership();
        claims = state.claims();
        doubt = state.doubt();
        meddling = state.meddling();
        quietUntilRead = state.quietUntilRead();
    }

    Step end() {
        VipState next = new VipState(phase, leadership, claims, doubt, meddling, quietUntilRead);
        return new Step(next, List.copyOf(actions), List.copyOf(reasons), NextWakeUp.of(this));
    }

    // What is.

    boolean isHolding() {
        return phase instanceof Phase.Holding;
    }

    boolean inDoubt() {
        return silence().compareTo(rules.doubtAfter()) >= 0;
    }

    /** Soon it is, unless a read is answered. */
    boolean nearlyInDoubt() {
        return silence().compareTo(rules.doubtAfter().minus(ASK_PATRONI_BEFORE)) >= 0;
    }

    Duration silence() {
        return leadership.lastReadAsOf().until(now);
    }

    /**
     * After a freeze nothing is put anew or announced before a read has confirmed that this host
     * still leads.
     */
    boolean isConfirmedSinceWaking() {
        return !leadership.lastReadAsOf().isBefore(quietUntilRead);
    }

    /** Nor is it renewed, unless Patroni says in place of a DCS that is lost that it leads. */
    boolean mayRenewSinceWaking() {
        Moment patroniAskedAt = leadership.failsafe().holdUntil().minus(rules.margins().failsafe());
        return isConfirmedSinceWaking() || !patroniAskedAt.isBefore(quietUntilRead);
    }

    /**
     * Only what was read after the claim says that the claimant is wrong. It may have become the
     * leader a moment ago, before this host has heard of it: to talk it down then made its clients
     * wait for its second announcement, in one failover of thirty.
     */
    boolean mayDefend() {
        return phase instanceof Phase.Holding holding
                && holding.isPlaced()
                && claims.isUnanswered()
                && !inDoubt()
                && !leadership.lastReadAsOf().isBefore(claims.unansweredSince())
                && isConfirmedSinceWaking();
    }

    KernelLifetime lifetime() {
        return leadership.effectiveTrust().lifetime(now);
    }

    /** The lifetime that a put would get now; below 1 means that nothing may be put. */
    int secondsLeft() {
        return lifetime().secondsAt(now.nanos());
    }

    /** Whether the kernel may have removed it at the end of its lifetime. */
    boolean mayHaveEnded(Placement placement) {
        return placement instanceof Placement.Present present
                && !now.isBefore(present.givenUntil());
    }

    // Small moves.

    void release(Release reason) {
        if (phase instanceof Phase.Holding holding) {
            boolean wasNeverPut =
                    holding.placement() instanceof Placement.Missing missing
                            && missing.backoff().failures() > 0;
            actions.addFirst(new Action.Remove());
            Release why = withTrouble(reason);
            reasons.add(wasNeverPut ? new Reason.GaveUp(why) : why);
            phase = Phase.Standby.CLEAN;
        }
    }

    /** What is decided because the DCS is silent names why it is, as far as that was told. */
    private Release withTrouble(Release reason) {
        return reason instanceof Reason.InSilence silent && doubt.trouble().isPresent()
                ? new Reason.AfterTrouble(silent, doubt.trouble().get())
                : reason;
    }

    Release trustRanOut() {
        return new Reason.TrustRanOut(
                leadership.effectiveTrust().basis(), silence(), doubt.trouble());
    }

    /** The address was created anew, by a put that came too late, or trust has ended meanwhile. */
    void releaseForStalePut(PutResult.Done done) {
        leadership = leadership.returningAfter(done.acknowledgedAt());
        actions.add(new Action.ReadNow());
        release(tooSlow(done.kernelTook()));
    }

    /**
     * A put that came too late to be sent. While the kernel keeps the address anyway, or would have
     * if others had not removed it, that is decided anew, after whatever else has come in.
     */
    void endLatePut(PutResult.TooLate late, Phase.Holding holding, Placement before) {
        if (secondsLeft() < 1) {
            leadership = leadership.returningAfterLast();
            release(trustRanOut());
        } else if (now.isBefore(before.givenUntil())) {
            Moment soon = now.plus(PUT_RETRIES.first());
            Placement again =
                    before instanceof Placement.Present present
                            ? present.renewedAt(soon)
                            : missingUntil(soon, before.givenUntil());
            phase = new Phase.Holding(again, holding.announcements());
        } else {
            leadership = leadership.returningAfter(now);
            actions.add(new Action.ReadNow());
            release(tooSlow(late.kernelTook()));
        }
    }

    private static Release tooSlow(Duration kernelTook) {
        return kernelTook.compareTo(SLOW_KERNEL) >= 0
                ? new Reason.KernelTooSlow(kernelTook)
                : new Reason.FrozenDuringPut();
    }

    /**
     * Until when a put may create the address: at once, where that is meant; a renewal only while
     * the kernel was to keep it, so that it was others who removed it.
     */
    static Moment mayCreateUntil(Placement before, PutResult.Done done) {
        return before instanceof Placement.Present present
                ? present.givenUntil()
                : Moment.later(
                        before.givenUntil(), done.computedAt().plus(KernelLifetime.LONGEST_PUT));
    }

    /** Not on the interface, to be put then; {@link Moment#NEVER} while that cannot carry it. */
    static Placement missingUntil(Moment time, Moment givenUntil) {
        return new Placement.Missing(new Backoff(PUT_RETRIES), time, givenUntil);
    }

    /**
     * Not on the interface: putting it failed. Told when it fails again, 20 ms later, because who
     * configures an interface anew forbids IPv6 for a few milliseconds; and then once a minute.
     */
    Placement missingAfterFailure(Placement before, String trouble) {
        Backoff backoff =
                before instanceof Placement.Missing missing
                        ? missing.backoff()
                        : new Backoff(PUT_RETRIES);
        if (backoff.failures() % PUTS_IN_A_MINUTE == 1) {
            reasons.add(new Reason.PutFailed(trouble));
        }
        Backoff next = backoff.afterFailure();
        return new Placement.Missing(next, now.plus(next.pause()), before.givenUntil());
    }

    /**
     * On the interface; a first put, which was short, is renewed soon when trust allows more.
     *
     * <p>The kernel counts from when it took the lifetime in, which is at the latest when it
     * acknowledged it: if that makes it too long, it is put again at once.
     */
    Placement present(PutResult.Done done, boolean first) {
        Moment kernelEnd = done.acknowledgedAt().plus(Duration.ofSeconds(done.seconds()));
        boolean more = first && secondsLeft() > done.seconds();
        long waitMillis = (long) (done.seconds() * 1000L * rules.margins().renewAt());
        Moment renewAt =
                more
                        ? now.plus(FIRST_RENEWAL)
                        : done.computedAt().plus(Duration.ofMillis(waitMillis));
        Moment givenUntil =
                done.computedAt()
                        .plus(Duration.ofSeconds(done.seconds()))
                        .minus(rules.margins().restoreReserve());
        return new Placement.Present(kernelEnd, renewAt, givenUntil);
    }

    /** Others removed the address, and it is there again: whoever uses it has to be told. */
    void restored() {
        meddling = meddling.again(now);
        tellMeddling(Reason.Restored::new);
    }

    /** Somebody else did something to the address, which is told once a second. */
    void tellMeddling(IntFunction<Reason> reason) {
        if (meddling.mayBeTold(now)) {
            reasons.add(reason.apply(meddling.untold()));
            meddling = meddling.told(now);
        }
    }

    /** A claim while this host is confirmed: ask whether it still leads, then answer. */
    void hearUnansweredClaim() {
        if (!claims.isUnanswered() && !now.isBefore(claims.mayDefendFrom())) {
            actions.add(new Action.ReadNow());
        }
        claims = claims.unanswered(now);
    }

    void removeAgainLater(Phase.Standby standby, String trouble) {
        if (standby.retry().failures() == 0) {
            reasons.add(new Reason.RemovalFailed(trouble));
        }
        phase = standby.afterFailedRemoval(now);
    }
}
