package org.vipmanager.provider;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Follower;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.util.function.Supplier;

/**
 * Has a provider keep one address where it belongs: has each event decided about, calls the
 * provider, and asks again when that is due. Lives on the {@link Loop}.
 */
public final class RouteController implements Follower {

    /** What a controller works with. */
    public record Ports(
            Loop loop, LeaderSource source, ProviderCalls calls, RouteJournal journal) {}

    private final VirtualIp vip;
    private final Trigger trigger;
    private RouteRules rules;
    private final Ports ports;

    private RouteState state;
    private @Nullable Call running;

    /** Of a provider that is not asked any more. */
    private @Nullable Call outdated;

    private Loop.@Nullable Alarm alarm;

    public RouteController(VirtualIp vip, Trigger trigger, RouteRules rules, Ports ports) {
        this.vip = vip;
        this.trigger = trigger;
        this.rules = rules;
        this.ports = ports;
        state = RouteState.atStart(rules);
    }

    public VirtualIp vip() {
        return vip;
    }

    @Override
    public Trigger trigger() {
        return trigger;
    }

    public RouteState state() {
        return state;
    }

    @Override
    public void start() {
        ports.journal().changed(vip, state);
    }

    /** Decides by these rules from now on. */
    public void decideBy(RouteRules rules) {
        this.rules = rules;
        take(() -> decision().byOtherRules());
    }

    /** Another provider is called from now on, by these rules; a call that runs is cut short. */
    public void askAnother(RouteRules rules) {
        this.rules = rules;
        if (running != null && running.kind() != Call.Kind.RELEASE) {
            running.noLongerWanted();
            outdated = running;
        }
        take(() -> decision().ofAnotherProvider());
    }

    @Override
    public void accept(Event event) {
        take(() -> decision().about(event));
    }

    private RouteDecision decision() {
        Moment now = ports.loop().now();
        return new RouteDecision(trigger, rules, state, now, ports.loop().chance());
    }

    /** At the end a release waits behind another call, whose answer is of no use then. */
    private void ended(Call call, Answer answer) {
        if (call == running) {
            take(
                    () ->
                            call == outdated
                                    ? decision().answeredByAnother(answer)
                                    : decision().answered(answer));
        }
    }

    private void take(Supplier<RouteStep> decision) {
        RouteStep step = decision.get();
        state = step.state();
        if (running != null && running.kind() != Call.Kind.RELEASE) {
            running.isCertainUntil(certainUntil());
            if (!state.isWanted()) {
                running.noLongerWanted();
            }
        }
        step.reasons().forEach(reason -> ports.journal().tell(vip, trigger, reason));
        ports.journal().changed(vip, state);
        wakeUpAt(step.wakeUp());
        for (Call.Kind kind : step.calls()) {
            Call call =
                    kind == Call.Kind.RELEASE
                            ? new Call(kind, vip, trigger)
                            : new Call(kind, vip, trigger, ports.loop()::now, certainUntil());
            running = call;
            ports.calls().begin(call, answer -> ended(call, answer));
        }
        if (step.readDcs()) {
            ports.source().readNow();
        }
    }

    /** How long the newest read that shows this host as the leader permits changes. */
    private Moment certainUntil() {
        return state.knowledge().confirmedAt().plus(rules.confirmation());
    }

    private void wakeUpAt(Moment time) {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        if (time.isBefore(Moment.NEVER)) {
            alarm = ports.loop().at(time, () -> accept(new Event.Tick()));
        }
    }
}
