package org.vipmanager.core;

import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VipState.Phase.Standby;
import org.vipmanager.core.VipState.Phase.Stopped;
import org.vipmanager.core.VipState.Phase.Unseen;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Keeps the address off this host's interface while it is not held: what an earlier daemon has left
 * there, what others put, and what is still owed when a removal failed.
 *
 * <p>One object for one step; used by one thread.
 */
final class Removal {

    private final Rules rules;
    private final Moment now;
    private final List<Action> actions;
    private final List<Reason> reasons;

    /** At rest while the address is held. */
    private Phase phase;

    private Meddling meddling;

    Removal(Rules rules, VipState state, Moment now, List<Action> actions, List<Reason> reasons) {
        this.rules = rules;
        this.now = now;
        this.actions = actions;
        this.reasons = reasons;
        phase = state.isHolding() ? Standby.CLEAN : state.phase();
        meddling = state.meddling();
    }

    Phase phase() {
        return phase;
    }

    Meddling meddling() {
        return meddling;
    }

    boolean isStopped() {
        return phase instanceof Stopped;
    }

    boolean hasYielded() {
        return phase instanceof Standby standby && standby.yielded();
    }

    /** It is held from now on. */
    void rest() {
        phase = Standby.CLEAN;
    }

    /** It was given up to a station that claimed it. */
    void yielded() {
        phase = Standby.YIELDED;
    }

    /** What an earlier daemon has left may last for longer than this host may hold it. */
    void clearAway() {
        if (phase instanceof Unseen unseen) {
            actions.add(new Action.Remove());
            unseen.found().ifPresent(found -> reasons.add(new Reason.FoundRemoved(found)));
            phase = Standby.CLEAN;
        }
    }

    /** The DCS says who leads, so that claims tell nothing more. */
    void knowTheLeader() {
        if (phase instanceof Standby standby) {
            phase = standby.knowingTheLeader();
        }
    }

    /** What the kernel says while the address is not held. */
    void learn(Event.OfKernel event) {
        switch (event) {
            case Event.AddressAppeared(FoundAddress found) -> find(found);
            case Event.AddressGone() -> {
                if (phase instanceof Unseen) {
                    phase = Unseen.AT_START;
                }
            }
            case Event.PutEnded(PutResult result) -> limitEnded(result);
            case Event.RemoveFailed(String trouble) -> removalFailed(trouble);
            case Event.LinkChanged(LinkChange.Ready change) ->
                    reasons.add(new Reason.InterfaceReady(change));
            case Event.LinkChanged(LinkChange.Lost change) ->
                    reasons.add(new Reason.InterfaceLost(change));
            case Event.AddressGoneWithLink _,
                    Event.AddressReturned _,
                    Event.AnnouncementRefused _ -> {}
        }
    }

    private void find(FoundAddress found) {
        if (phase instanceof Unseen unseen) {
            findAtStart(unseen.with(found), found);
        } else if (phase instanceof Standby standby && !standby.isRemovingLater()) {
            phase =
                    standby.removingAt(
                            meddled(times -> new Reason.StrayRemoved(found.prefixLength(), times)));
        }
    }

    /**
     * Others did something to the address, held or not, which is told once a second.
     *
     * @return when it is to be put right
     */
    Moment meddled(IntFunction<Reason> reason) {
        meddling = meddling.again(now);
        if (meddling.mayBeTold(now)) {
            reasons.add(reason.apply(meddling.untold()));
            meddling = meddling.told(now);
        }
        return meddling.answerAt();
    }

    /**
     * What the Go program leaves behind when it is killed stays for ever, and others give what they
     * please: give it an end before asking who leads. A shorter one is left alone.
     */
    private void findAtStart(Unseen unseen, FoundAddress found) {
        Duration most = rules.addressLifetime();
        boolean tooLong = found.lastsLongerThan(most);
        reasons.add(
                tooLong
                        ? new Reason.FoundLimited(found, most)
                        : new Reason.FoundWithLifetime(found));
        phase = tooLong ? unseen.limitingAt(now) : unseen;
    }

    /** Nobody knows whether this host leads: what others have removed meanwhile must not return. */
    private void limitEnded(PutResult result) {
        if (!(phase instanceof Unseen unseen)) {
            return;
        }
        switch (result) {
            case PutResult.Done done -> {
                if (done.created()) {
                    actions.add(new Action.Remove());
                }
                phase = unseen.limited();
            }
            case PutResult.TooLate _ -> phase = unseen.limitingAgainAfter(now);
            case PutResult.Failed(String trouble) -> {
                if (unseen.retry().failures() == 0) {
                    reasons.add(new Reason.LimitFailed(trouble));
                }
                phase = unseen.limitingAgainAfter(now);
            }
        }
    }

    private void removalFailed(String trouble) {
        if (phase instanceof Standby standby) {
            if (standby.retry().failures() == 0) {
                reasons.add(new Reason.RemovalFailed(trouble));
            }
            phase = standby.afterFailedRemoval(now);
        }
    }

    Duty limitWhatWasFound() {
        return phase instanceof Unseen unseen
                ? new Duty(unseen.limitAt(), () -> limit(unseen))
                : Duty.NONE;
    }

    private void limit(Unseen unseen) {
        Duration most = rules.addressLifetime();
        Moment end = now.plus(most).plus(Duration.ofSeconds(1));
        actions.add(new Action.Put(new KernelLifetime(end, end, most, Moment.NEVER)));
        phase = unseen.limiting();
    }

    Duty removeAgain() {
        return phase instanceof Standby standby
                ? new Duty(standby.removeAgainAt(), () -> remove(standby))
                : Duty.NONE;
    }

    private void remove(Standby standby) {
        actions.add(new Action.Remove());
        phase = standby.removing();
    }

    // The end.

    /**
     * Others may have put it a moment ago, and a removal may be owed that failed or was put off.
     *
     * @param keep leave what an earlier daemon has left
     */
    void removeAtTheStop(boolean keep) {
        if (phase instanceof Standby) {
            actions.add(new Action.Remove());
        } else if (!keep) {
            clearAway();
        }
    }

    void stop() {
        phase = Stopped.CLEAN;
    }

    /**
     * What the stop left under way must not outlive its time either. A removal that failed is tried
     * once more: nobody is there to do it later, but for the stop of the whole daemon after that of
     * one address.
     */
    void afterStop(Event event, Leadership known) {
        if (!(phase instanceof Stopped stopped)) {
            return;
        }
        switch (event) {
            case Event.PutEnded(PutResult.Done done)
                    when known.lifetime(now)
                            .isStale(done, done.computedAt().plus(KernelLifetime.LONGEST_PUT)) ->
                    actions.add(new Action.Remove());
            case Event.StopRequested(boolean _) when stopped.isLeftBehind() -> {
                phase = Stopped.CLEAN;
                actions.add(new Action.Remove());
            }
            case Event.RemoveFailed(String trouble) -> {
                Stopped failed = new Stopped(stopped.failedRemovals() + 1);
                phase = failed;
                if (failed.isLeftBehind()) {
                    reasons.add(new Reason.LeftBehind(trouble));
                } else {
                    actions.add(new Action.Remove());
                }
            }
            default -> {}
        }
    }
}
