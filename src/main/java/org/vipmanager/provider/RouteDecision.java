package org.vipmanager.provider;

import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.provider.RouteState.Knowledge;
import org.vipmanager.provider.RouteState.Phase;
import org.vipmanager.provider.RouteState.Running;
import org.vipmanager.provider.RouteState.Told;

import java.time.Duration;
import java.util.ArrayList;
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
 * <p>Pure: time and chance are arguments, everything to be done is a result. Here stands what
 * follows from who leads; {@link Routing} has what follows from the provider's word, and {@link
 * NextCall} what is asked when. One object for one step; used by one thread.
 */
public final class RouteDecision {

    private final Trigger trigger;
    private final RouteRules rules;
    private final Moment now;
    private final List<RouteReason> reasons = new ArrayList<>();

    private Knowledge knowledge;
    private final NextCall next;
    private final Routing routing;

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
        knowledge = state.knowledge();
        next = new NextCall(rules, state, now, reasons);
        routing = new Routing(rules, state, now, chance, reasons, next);
    }

    /** Takes it about what the DCS or the process tells; once. */
    public RouteStep about(Event event) {
        if (!isStopped()) {
            learn(event);
        }
        return step();
    }

    /** Takes it about the answer to the call that runs; once. */
    public RouteStep answered(Answer answer) {
        Running ended = next.ended(answer);
        if (ended.kind() == Call.Kind.RELEASE) {
            released(answer.outcome());
        } else if (!routing.isWanted()) {
            endedTooLate(ended, answer.outcome());
        } else if (ended.since().isBefore(knowledge.leadsSince())) {
            routing.judgeOfAnEarlierLeadership(answer.outcome());
        } else {
            routing.judge(ended.kind(), answer.outcome(), trigger.value());
        }
        return step();
    }

    /** Takes it about the answer of a provider that is not asked any more; once. */
    RouteStep answeredByAnother(Answer answer) {
        Running ended = next.ended(answer);
        if (!routing.isWanted()) {
            endedTooLate(ended, answer.outcome());
        }
        return step();
    }

    /** Takes it about rules that have changed; once. */
    RouteStep byOtherRules() {
        routing.lookByTheRules();
        return step();
    }

    /** Takes it about another provider that is asked from now on; once. */
    RouteStep ofAnotherProvider() {
        next.forgetFailures();
        if (routing.isWanted()) {
            routing.askAnew();
        }
        return step();
    }

    private RouteStep step() {
        Moment wakeUp = next.ask(knowledge, isStopped());
        RouteState state =
                new RouteState(
                        routing.phase(),
                        knowledge,
                        next.agenda(),
                        next.reads(),
                        next.changes(),
                        new Told(routing.trouble(), next.isBudgetTold()));
        return new RouteStep(state, next.calls(), next.readsDcs(), List.copyOf(reasons), wakeUp);
    }

    private boolean isStopped() {
        return routing.phase() instanceof Phase.Stopped;
    }

    private void learn(Event event) {
        switch (event) {
            case Event.Seen(Sighting sighting) -> see(sighting);
            case Event.SourceReplaced() -> knowledge = knowledge.ofAnotherSource();
            case Event.Woke() -> {
                knowledge = knowledge.woken(now);
                routing.wake();
            }
            case Event.StopRequested(boolean keep) -> stop(keep);
            case Event.Unconfigured _ -> stop(false);
            case Event.Tick _ -> {}
            case Event.LeaseProved _,
                    Event.DcsFailed _,
                    Event.PatroniAnswered _,
                    Event.ClaimHeard _,
                    Event.KernelWasBusy _,
                    Event.RulesChanged _,
                    Event.OfKernel _ -> {}
        }
    }

    private void see(Sighting sighting) {
        switch (knowledge.order().judge(sighting)) {
            case DROP -> {}
            case STORE_RESTORED -> {
                if (routing.isWanted()) {
                    reasons.add(new RouteReason.StoreRestored());
                }
                knowledge = knowledge.ofARestoredStore(now);
                routing.become(new Phase.Unseen());
                next.nothing();
                next.readDcsNow();
            }
            case ACT -> act(sighting);
        }
    }

    private void act(Sighting sighting) {
        boolean leads = sighting.isLeader(trigger);
        Optional<Sighting> before = knowledge.last();
        knowledge = knowledge.with(sighting, leads, routing.isWanted(), now);
        if (leads && !routing.isWanted()) {
            want(routing.phase() instanceof Phase.Unseen && before.isEmpty());
        } else if (!leads && !(routing.phase() instanceof Phase.Elsewhere)) {
            leave(sighting.value());
        } else if (!leads && !before.map(Sighting::value).equals(Optional.of(sighting.value()))) {
            reasons.add(new RouteReason.StandingBy(sighting.value()));
        }
    }

    /**
     * @param mayBeHere whether the address may be here already, as after a restart of the daemon
     */
    private void want(boolean mayBeHere) {
        reasons.add(
                mayBeHere
                        ? new RouteReason.Looking(trigger.value())
                        : new RouteReason.Acquiring(trigger.value()));
        routing.want(mayBeHere ? Call.Kind.STATE : Call.Kind.ACQUIRE);
    }

    private void leave(Optional<String> value) {
        boolean led = routing.isWanted();
        reasons.add(
                led
                        ? new RouteReason.LeadsNoLonger(value, next.isRunning())
                        : new RouteReason.StandingBy(value));
        next.leave(led && rules.releases());
        routing.become(new Phase.Elsewhere());
    }

    private void stop(boolean keep) {
        reasons.add(new RouteReason.Stopped(routing.phase() instanceof Phase.Here));
        next.leave(next.owesRelease() || routing.isWanted() && rules.releases() && !keep);
        routing.become(new Phase.Stopped());
    }

    /** What was asked before this host ceased to lead. */
    private void endedTooLate(Running ended, Answer.Outcome outcome) {
        if (ended.kind() == Call.Kind.ACQUIRE && !isStopped()) {
            reasons.add(new RouteReason.EndedTooLate(described(outcome)));
            next.oweRelease();
        }
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
        reasons.add(
                outcome instanceof Answer.Failed failed
                        ? new RouteReason.ReleaseFailed(failed.trouble())
                        : new RouteReason.Released());
    }
}
