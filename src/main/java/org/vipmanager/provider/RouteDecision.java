package org.vipmanager.provider;

import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.SightingOrder;
import org.vipmanager.core.Trigger;
import org.vipmanager.provider.RouteState.Agenda;
import org.vipmanager.provider.RouteState.Knowledge;
import org.vipmanager.provider.RouteState.Phase;
import org.vipmanager.provider.RouteState.Running;
import org.vipmanager.provider.RouteState.Told;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Decides when a provider is asked to route an address to this host.
 *
 * <pre>
 *   Unseen ──another leads──&gt; Elsewhere &lt;──another leads, or none, from any state──┐
 *      │                          │                                               │
 *      └────this host leads───────┴──&gt; Wanted ──acquire──&gt; Switching ──&gt; Here ─────┤
 *                                        ^  └────────────────────────────^ │      │
 *                                        ├──────────────drift──────────────┘      │
 *                                        └──pause── Failed &lt;──refused, too slow────┘
 *
 *   StopRequested or Unconfigured, from any state ──&gt; Stopped
 * </pre>
 *
 * <p>Level-triggered: what is wanted is compared with what the provider says, at each answer and
 * from time to time. Nothing is changed but on a read of the DCS that shows this host as the leader
 * and was sent just before; a provider's word about a change that was asked for under an earlier
 * leadership counts for nothing. Nothing at a provider has a lifetime: who leads no longer does
 * nothing, as the next leader takes the address.
 *
 * <p>Pure: time and chance are arguments, everything to be done is a result. One object for one
 * step; used by one thread.
 */
public final class RouteDecision {

    private final Trigger trigger;
    private final RouteRules rules;
    private final Moment now;
    private final double chance;

    private Phase phase;
    private Knowledge knowledge;
    private Agenda agenda;
    private Budget reads;
    private Budget changes;
    private Told told;

    private final List<Call.Kind> calls = new ArrayList<>();
    private final List<RouteReason> reasons = new ArrayList<>();
    private boolean readDcs;

    /**
     * A decision that is to be taken.
     *
     * @param now the time, not before that of the one before
     * @param chance for the jitter of pauses, from 0 up to but not 1
     */
    public RouteDecision(
            Trigger trigger, RouteRules rules, RouteState state, Moment now, double chance) {
        this.trigger = trigger;
        this.rules = rules;
        this.now = now;
        this.chance = chance;
        phase = state.phase();
        knowledge = state.knowledge();
        agenda = state.agenda();
        reads = state.reads();
        changes = state.changes();
        told = state.told();
    }

    /** Takes it about what the DCS or the process tells; once. */
    public RouteStep about(Event event) {
        if (!(phase instanceof Phase.Stopped)) {
            learn(event);
        }
        return step();
    }

    /** Takes it about the answer to the call that runs; once. */
    public RouteStep answered(Answer answer) {
        Running ended = agenda.running().orElseThrow();
        agenda = agenda.ended();
        reads = reads.spent(answer.reads(), now);
        changes = changes.spent(answer.changes(), now);
        if (ended.kind() == Call.Kind.RELEASE) {
            released(answer.outcome());
        } else if (!isWanted()) {
            endedTooLate(ended, answer.outcome());
        } else if (ended.since().isBefore(knowledge.leadsSince())) {
            ofAnEarlierLeadership(answer.outcome());
        } else {
            judge(ended.kind(), answer.outcome());
        }
        return step();
    }

    private RouteStep step() {
        Moment wakeUp = Moment.earlier(ask(), tellRelease());
        RouteState next = new RouteState(phase, knowledge, agenda, reads, changes, told);
        return new RouteStep(next, List.copyOf(calls), readDcs, List.copyOf(reasons), wakeUp);
    }

    private boolean isWanted() {
        return new RouteState(phase, knowledge, agenda, reads, changes, told).isWanted();
    }

    // Who leads.

    private void learn(Event event) {
        switch (event) {
            case Event.Seen(Sighting sighting) -> see(sighting);
            case Event.SourceReplaced() -> knowledge = knowledge.ofAnotherSource();
            case Event.Woke() -> {
                knowledge = knowledge.woken(now);
                if (phase instanceof Phase.Here && agenda.nextAt().isBefore(Moment.NEVER)) {
                    lookAt(Moment.earlier(agenda.nextAt(), now.plus(rules.settle())));
                }
            }
            case Event.StopRequested(boolean keep) -> stop(keep);
            case Event.Unconfigured _ -> stop(false);
            case Event.Tick _ -> {}
            case Event.LeaseProved _,
                    Event.DcsFailed _,
                    Event.PatroniAnswered _,
                    Event.ClaimHeard _,
                    Event.KernelWasBusy _,
                    Event.OfKernel _ -> {}
        }
    }

    private void see(Sighting sighting) {
        switch (knowledge.order().judge(sighting)) {
            case DROP -> {}
            case STORE_RESTORED -> {
                knowledge =
                        new Knowledge(
                                SightingOrder.EMPTY,
                                Optional.empty(),
                                Moment.LONG_AGO,
                                knowledge.wokeAt(),
                                now);
                if (isWanted()) {
                    reasons.add(new RouteReason.StoreRestored());
                }
                phase = new Phase.Unseen();
                agenda = agenda.nothing();
                readDcs = true;
            }
            case ACT -> act(sighting);
        }
    }

    private void act(Sighting sighting) {
        boolean leads = sighting.isLeader(trigger);
        Optional<Sighting> before = knowledge.last();
        knowledge = knowledge.with(sighting, leads, isWanted(), now);
        if (leads && !isWanted()) {
            want(phase instanceof Phase.Unseen && before.isEmpty());
        } else if (!leads && !(phase instanceof Phase.Elsewhere)) {
            leave(sighting.value());
        } else if (!leads && !before.map(Sighting::value).equals(Optional.of(sighting.value()))) {
            reasons.add(new RouteReason.StandingBy(sighting.value()));
        }
    }

    /**
     * @param unknown whether the address may be here already, as after a restart of the daemon
     */
    private void want(boolean unknown) {
        phase = new Phase.Wanted(now);
        agenda = agenda.succeeded().owingRelease(false).readingDcsAt(Moment.LONG_AGO);
        told = Told.NOTHING;
        if (unknown) {
            reasons.add(new RouteReason.Looking(trigger.value()));
            agenda = agenda.asking(Call.Kind.STATE, now);
        } else {
            reasons.add(new RouteReason.Acquiring(trigger.value()));
            agenda = agenda.asking(Call.Kind.ACQUIRE, now);
        }
    }

    private void leave(Optional<String> value) {
        boolean led = isWanted();
        reasons.add(
                led
                        ? new RouteReason.LeadsNoLonger(value, agenda.running().isPresent())
                        : new RouteReason.StandingBy(value));
        phase = new Phase.Elsewhere();
        agenda = agenda.nothing().succeeded().owingRelease(led && rules.releases());
        told = Told.NOTHING;
    }

    private void stop(boolean keep) {
        reasons.add(new RouteReason.Stopped(phase instanceof Phase.Here));
        agenda = agenda.nothing().owingRelease(isWanted() && rules.releases() && !keep);
        phase = new Phase.Stopped();
    }

    // What the provider says.

    private void judge(Call.Kind kind, Answer.Outcome outcome) {
        switch (outcome) {
            case Answer.Here() -> here();
            case Answer.Elsewhere(String where) -> elsewhere(kind, where);
            case Answer.Switching(String what, Duration patience) -> switching(what, patience);
            case Answer.Failed failed -> failed(kind, failed);
        }
    }

    private void here() {
        if (phase instanceof Phase.Here) {
            if (told.trouble().isPresent()) {
                reasons.add(new RouteReason.CheckedAgain());
            }
            lookAt(now.plus(rules.check()));
        } else {
            reasons.add(new RouteReason.RoutedHere(wantedSince().until(now)));
            phase = new Phase.Here();
            lookAt(now.plus(Collections.min(List.of(rules.settle(), rules.check()))));
        }
        agenda = agenda.succeeded();
        told = Told.NOTHING;
    }

    private void elsewhere(Call.Kind kind, String where) {
        switch (phase) {
            case Phase.Switching(Moment since, Moment until) when kind == Call.Kind.STATE -> {
                if (now.isBefore(until)) {
                    lookAt(now.plus(rules.poll()));
                } else {
                    reasons.add(new RouteReason.SwitchTimedOut(where, since.until(now)));
                    acquireFrom(now, new Phase.Wanted(since));
                }
            }
            case Phase.Here _ -> {
                reasons.add(new RouteReason.Drifted(where));
                acquireFrom(now, new Phase.Wanted(now));
            }
            default -> {
                if (kind == Call.Kind.ACQUIRE) {
                    failed(
                            kind,
                            new Answer.Failed(
                                    "the provider has taken the request, but routes it to " + where,
                                    Duration.ZERO,
                                    false));
                } else {
                    reasons.add(new RouteReason.Acquiring(trigger.value()));
                    acquireFrom(now, new Phase.Wanted(wantedSince()));
                }
            }
        }
    }

    private void switching(String what, Duration patience) {
        if (phase instanceof Phase.Switching(Moment since, Moment until) && !now.isBefore(until)) {
            reasons.add(new RouteReason.SwitchTimedOut(what, since.until(now)));
            acquireFrom(now.plus(rules.poll()), new Phase.Wanted(since));
            return;
        }
        if (!(phase instanceof Phase.Switching)) {
            if (!told.trouble().equals(Optional.of(what))) {
                reasons.add(new RouteReason.SwitchUnderWay(what, patience));
            }
            told = told.trouble(what);
            phase = new Phase.Switching(wantedSince(), now.plus(patience));
        }
        lookAt(now.plus(rules.poll()));
    }

    private void failed(Call.Kind kind, Answer.Failed failed) {
        agenda = agenda.failed();
        Duration pause = Collections.max(List.of(failed.pause(), agenda.failures().pause(chance)));
        Moment again = now.plus(pause);
        boolean looking = kind == Call.Kind.STATE;
        boolean stillSwitching =
                phase instanceof Phase.Switching(Moment _, Moment until) && now.isBefore(until);
        if (looking && (phase instanceof Phase.Here || stillSwitching)) {
            tellOnce(
                    failed.trouble(),
                    new RouteReason.CheckFailed(failed.trouble(), pause, failed.needsAPerson()));
            lookAt(again);
        } else {
            tellOnce(
                    failed.trouble(),
                    new RouteReason.AcquireFailed(failed.trouble(), pause, failed.needsAPerson()));
            acquireFrom(
                    again,
                    new Phase.Failed(wantedSince(), failed.trouble(), failed.needsAPerson()));
        }
    }

    private void tellOnce(String trouble, RouteReason reason) {
        if (!told.trouble().equals(Optional.of(trouble))) {
            reasons.add(reason);
        }
        told = told.trouble(trouble);
    }

    /** Another host may have led meanwhile and asked for the address: nothing is known. */
    private void ofAnEarlierLeadership(Answer.Outcome outcome) {
        Duration pause = outcome instanceof Answer.Failed failed ? failed.pause() : Duration.ZERO;
        acquireFrom(now.plus(pause), phase);
    }

    private void endedTooLate(Running ended, Answer.Outcome outcome) {
        if (ended.kind() != Call.Kind.ACQUIRE) {
            return;
        }
        if (!(phase instanceof Phase.Stopped)) {
            reasons.add(new RouteReason.EndedTooLate(described(outcome)));
        }
        agenda = agenda.owingRelease(rules.releases());
    }

    private static String described(Answer.Outcome outcome) {
        return switch (outcome) {
            case Answer.Here() -> "routed here";
            case Answer.Elsewhere(String where) -> "routed to " + where;
            case Answer.Switching(String what, Duration _) -> what;
            case Answer.Failed failed -> failed.trouble();
        };
    }

    private void released(Answer.Outcome outcome) {
        if (outcome instanceof Answer.Failed failed) {
            reasons.add(new RouteReason.ReleaseFailed(failed.trouble()));
        } else {
            reasons.add(new RouteReason.Released());
        }
    }

    private Moment wantedSince() {
        return switch (phase) {
            case Phase.Wanted(Moment since) -> since;
            case Phase.Switching(Moment since, Moment _) -> since;
            case Phase.Failed failed -> failed.since();
            case Phase.Here _, Phase.Unseen _, Phase.Elsewhere _, Phase.Stopped _ -> now;
        };
    }

    private void lookAt(Moment time) {
        agenda = agenda.asking(Call.Kind.STATE, time);
    }

    private void acquireFrom(Moment time, Phase next) {
        phase = next;
        agenda = agenda.asking(Call.Kind.ACQUIRE, time);
    }

    // What is asked, and when: decided anew after each event.

    /** Asks if that is due, and says when it is due otherwise. */
    private Moment ask() {
        if (agenda.running().isPresent() || agenda.nextAt().equals(Moment.NEVER)) {
            return Moment.NEVER;
        }
        boolean looks = agenda.next() == Call.Kind.STATE;
        int perHour = looks ? rules.readsPerHour() : rules.changesPerHour();
        Moment free = (looks ? reads : changes).spent(0, now).freeAt(perHour);
        if (now.isBefore(agenda.nextAt())) {
            return Moment.later(agenda.nextAt(), free);
        }
        if (now.isBefore(free)) {
            if (!told.budget()) {
                reasons.add(new RouteReason.BudgetUsedUp(agenda.next(), perHour, now.until(free)));
                told = told.budget(true);
            }
            return free;
        }
        if (!looks && !isConfirmed()) {
            return confirm();
        }
        told = told.budget(false);
        start(agenda.next());
        return Moment.NEVER;
    }

    /** Whether a read that was sent just before shows that this host leads. */
    private boolean isConfirmed() {
        return !knowledge.confirmedAt().isBefore(knowledge.wokeAt())
                && knowledge.confirmedAt().until(now).compareTo(rules.confirmation()) <= 0;
    }

    private Moment confirm() {
        if (!now.isBefore(agenda.readDcsAt())) {
            readDcs = true;
            agenda = agenda.readingDcsAt(now.plus(rules.interval()));
        }
        return agenda.readDcsAt();
    }

    private Moment tellRelease() {
        if (agenda.releaseOwed() && agenda.running().isEmpty() && calls.isEmpty()) {
            agenda = agenda.owingRelease(false);
            start(Call.Kind.RELEASE);
        }
        return Moment.NEVER;
    }

    private void start(Call.Kind kind) {
        calls.add(kind);
        agenda = agenda.runs(kind, now);
    }
}
