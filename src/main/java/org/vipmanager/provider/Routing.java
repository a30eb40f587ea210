package org.vipmanager.provider;

import org.vipmanager.core.Moment;
import org.vipmanager.provider.RouteState.Phase;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Where the address is while this host leads, by what the provider says, and what follows from
 * that.
 *
 * <p>One object for one step; used by one thread.
 */
final class Routing {

    private final RouteRules rules;
    private final Moment now;
    private final double chance;
    private final List<RouteReason> reasons;
    private final NextCall next;

    private Phase phase;

    /** What people were told last, until something succeeds. */
    private Optional<String> trouble;

    Routing(
            RouteRules rules,
            RouteState state,
            Moment now,
            double chance,
            List<RouteReason> reasons,
            NextCall next) {
        this.rules = rules;
        this.now = now;
        this.chance = chance;
        this.reasons = reasons;
        this.next = next;
        phase = state.phase();
        trouble = state.told().trouble();
    }

    Phase phase() {
        return phase;
    }

    Optional<String> trouble() {
        return trouble;
    }

    boolean isWanted() {
        return RouteState.isWanted(phase);
    }

    // By who leads.

    /**
     * @param kind what is asked first
     */
    void want(Call.Kind kind) {
        phase = new Phase.Wanted(now);
        trouble = Optional.empty();
        next.beginWith(kind);
    }

    /** Nothing is wanted any more. */
    void become(Phase idle) {
        phase = idle;
        trouble = Optional.empty();
    }

    /** This process was frozen, and others may have moved the address meanwhile. */
    void wake() {
        if (phase instanceof Phase.Here) {
            next.lookSoonerThan(now.plus(rules.settle()));
        }
    }

    /** It is looked at sooner, if the rules say so now; not while the provider wants a pause. */
    void lookByTheRules() {
        if (phase instanceof Phase.Here && trouble.isEmpty()) {
            next.lookSoonerThan(now.plus(rules.check()));
        }
    }

    /** Of another provider: what the one before has said is no news any more. */
    void askAnew() {
        trouble = Optional.empty();
        next.askNow();
    }

    // By what the provider says.

    void judge(Call.Kind kind, Answer.Outcome outcome, String trigger) {
        switch (outcome) {
            case Answer.Here() -> here();
            case Answer.Elsewhere(String where) -> elsewhere(kind, where, trigger);
            case Answer.Switching(String what, Duration patience) -> switching(what, patience);
            case Answer.Failed failed -> failed(kind, failed);
        }
    }

    private void here() {
        if (phase instanceof Phase.Here) {
            if (trouble.isPresent()) {
                reasons.add(new RouteReason.CheckedAgain());
            }
            next.lookAt(now.plus(rules.check()));
        } else {
            reasons.add(new RouteReason.RoutedHere(wantedSince().until(now)));
            phase = new Phase.Here();
            next.lookAt(now.plus(Collections.min(List.of(rules.settle(), rules.check()))));
        }
        next.succeeded();
        trouble = Optional.empty();
    }

    private void elsewhere(Call.Kind kind, String where, String trigger) {
        boolean looked = kind == Call.Kind.STATE;
        switch (phase) {
            case Phase.Switching(Moment since, Moment until) when looked ->
                    notYet(where, since, until);
            case Phase.Here _ -> {
                reasons.add(new RouteReason.Drifted(where));
                acquireAt(now, new Phase.Wanted(now));
            }
            default -> {
                if (looked) {
                    reasons.add(new RouteReason.Acquiring(trigger));
                    acquireAt(now, new Phase.Wanted(wantedSince()));
                } else {
                    failed(kind, takenAndNotDone(where));
                }
            }
        }
    }

    private void notYet(String where, Moment since, Moment until) {
        if (now.isBefore(until)) {
            next.lookAt(now.plus(rules.poll()));
        } else {
            reasons.add(new RouteReason.SwitchTimedOut(where, since.until(now)));
            acquireAt(now, new Phase.Wanted(since));
        }
    }

    private static Answer.Failed takenAndNotDone(String where) {
        return new Answer.Failed(
                "the provider has taken the request, but routes it to " + where,
                Duration.ZERO,
                false);
    }

    private void switching(String what, Duration patience) {
        if (phase instanceof Phase.Switching(Moment since, Moment until)) {
            if (!now.isBefore(until)) {
                reasons.add(new RouteReason.SwitchTimedOut(what, since.until(now)));
                acquireAt(now.plus(rules.poll()), new Phase.Wanted(since));
                return;
            }
        } else {
            tellOnce(what, new RouteReason.SwitchUnderWay(what, patience));
            phase = new Phase.Switching(wantedSince(), now.plus(patience));
        }
        next.lookAt(now.plus(rules.poll()));
    }

    private void failed(Call.Kind kind, Answer.Failed failed) {
        Duration pause = Collections.max(List.of(failed.pause(), next.failed(chance)));
        boolean mayWait =
                phase instanceof Phase.Here
                        || phase instanceof Phase.Switching(Moment _, Moment until)
                                && now.isBefore(until);
        if (kind == Call.Kind.STATE && mayWait) {
            tellOnce(
                    failed.trouble(),
                    new RouteReason.CheckFailed(failed.trouble(), pause, failed.needsAPerson()));
            next.lookAt(now.plus(pause));
        } else {
            tellOnce(
                    failed.trouble(),
                    new RouteReason.AcquireFailed(failed.trouble(), pause, failed.needsAPerson()));
            acquireAt(
                    now.plus(pause),
                    new Phase.Failed(wantedSince(), failed.trouble(), failed.needsAPerson()));
        }
    }

    /** Another host may have led meanwhile and asked for the address: nothing is known. */
    void judgeOfAnEarlierLeadership(Answer.Outcome outcome) {
        Duration pause = outcome instanceof Answer.Failed failed ? failed.pause() : Duration.ZERO;
        next.acquireAt(now.plus(pause));
    }

    private void tellOnce(String text, RouteReason reason) {
        if (!trouble.equals(Optional.of(text))) {
            reasons.add(reason);
        }
        trouble = Optional.of(text);
    }

    private Moment wantedSince() {
        return switch (phase) {
            case Phase.Wanted(Moment since) -> since;
            case Phase.Switching(Moment since, Moment _) -> since;
            case Phase.Failed failed -> failed.since();
            case Phase.Here _, Phase.Unseen _, Phase.Elsewhere _, Phase.Stopped _ -> now;
        };
    }

    private void acquireAt(Moment time, Phase since) {
        phase = since;
        next.acquireAt(time);
    }
}
