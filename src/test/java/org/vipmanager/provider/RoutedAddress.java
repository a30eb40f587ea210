package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One routed address in a time of the test's own, and all that was decided about it. */
abstract class RoutedAddress {

    static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");
    static final Duration SECOND = Duration.ofSeconds(1);

    RouteRules rules = rules(50, 100, false);
    Moment now = new Moment(Duration.ofHours(2).toNanos());
    RouteState state = RouteState.atStart(rules);
    long revision = 10;
    final List<Call.Kind> calls = new ArrayList<>();
    final List<RouteReason> reasons = new ArrayList<>();
    boolean readDcs;
    Moment wakeUp = Moment.NEVER;

    /** A chance, for the jitter of pauses. */
    double chance;

    static RouteRules rules(int changes, int reads, boolean releases) {
        return new RouteRules(
                SECOND,
                Duration.ofSeconds(2),
                Duration.ofMinutes(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                new RetryPolicy(Duration.ofSeconds(5), 2, Duration.ofSeconds(90), 0.25),
                reads,
                changes,
                releases);
    }

    final void lead() {
        read("pg2");
        read("pg1");
        assertThat(calls).endsWith(Call.Kind.ACQUIRE);
    }

    final void here() {
        lead();
        answer(new Answer.Here());
    }

    final void read(String value) {
        seeRead(Optional.of(value));
    }

    final void seeRead(Optional<String> value) {
        revision++;
        feed(new Event.Seen(sighting(value, Sighting.Origin.READ, now)));
    }

    final void event(String value) {
        see(value, Sighting.Origin.EVENT, now);
    }

    final void see(String value, Sighting.Origin origin, Moment asOf) {
        revision++;
        feed(new Event.Seen(sighting(Optional.of(value), origin, asOf)));
    }

    final Sighting sighting(Optional<String> value, Sighting.Origin origin, Moment asOf) {
        return new Sighting(
                TRIGGER.key(), value, origin, new Revision(1, revision), revision, 0, asOf, now);
    }

    final void answer(Answer.Outcome outcome) {
        answer(new Answer(outcome, 1, 0));
    }

    final void answer(Answer answer) {
        take(decision().answered(answer));
    }

    final void feed(Event event) {
        take(decision().about(event));
    }

    final RouteDecision decision() {
        return new RouteDecision(TRIGGER, rules, state, now, chance);
    }

    final void tick() {
        feed(new Event.Tick());
    }

    final void take(RouteStep step) {
        state = step.state();
        calls.addAll(step.calls());
        reasons.addAll(step.reasons());
        readDcs = step.readDcs();
        wakeUp = step.wakeUp();
    }

    final void answerNextLook() {
        toWakeUp();
        answer(new Answer.Here());
    }

    final void pass(Duration time) {
        now = now.plus(time);
    }

    final void toWakeUp() {
        now = Moment.later(now, wakeUp);
        tick();
    }

    /** All that is asked meanwhile finds the address where it is to be. */
    final void passHours(int hours) {
        Moment end = now.plus(Duration.ofHours(hours));
        while (wakeUp.isBefore(end)) {
            toWakeUp();
            if (state.agenda().running().isPresent()) {
                answer(new Answer.Here());
            }
        }
        now = end;
        tick();
    }
}
