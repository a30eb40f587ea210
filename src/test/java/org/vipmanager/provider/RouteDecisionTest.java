package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.provider.RouteState.Phase;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is asked of a provider, and when: each row is one situation of the list. */
final class RouteDecisionTest {

    private static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private RouteRules rules = rules(50, 100, false);
    private Moment now = new Moment(Duration.ofHours(2).toNanos());
    private RouteState state = RouteState.atStart(rules);
    private long revision = 10;
    private final List<Call.Kind> calls = new ArrayList<>();
    private final List<RouteReason> reasons = new ArrayList<>();
    private boolean readDcs;
    private Moment wakeUp = Moment.NEVER;

    private static RouteRules rules(int changes, int reads, boolean releases) {
        return new RouteRules(
                SECOND,
                Duration.ofSeconds(2),
                Duration.ofMinutes(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                new RetryPolicy(Duration.ofSeconds(5), 2, Duration.ofSeconds(90), 0),
                reads,
                changes,
                releases);
    }

    @Test
    void anotherLeads_nothingIsAsked() {
        read("pg2");
        passHours(3);
        assertThat(calls).isEmpty();
        assertThat(state.phase()).isInstanceOf(Phase.Elsewhere.class);
        assertThat(reasons).containsExactly(new RouteReason.StandingBy(Optional.of("pg2")));
    }

    @Test
    void thisHostLeadsAtTheStart_isLookedAtFirst() {
        read("pg1");
        assertThat(calls).containsExactly(Call.Kind.STATE);
        answer(new Answer.Here());
        assertThat(state.phase()).isInstanceOf(Phase.Here.class);
        assertThat(calls).containsExactly(Call.Kind.STATE);
    }

    @Test
    void thisHostBecomesLeader_byARead_acquiresAtOnce() {
        read("pg2");
        read("pg1");
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE);
    }

    @Test
    void thisHostBecomesLeader_byAnEvent_acquiresWhenAReadHasConfirmed() {
        read("pg2");
        event("pg1");
        assertThat(calls).isEmpty();
        assertThat(readDcs).isTrue();
        assertThat(wakeUp).isEqualTo(now.plus(SECOND));
        read("pg1");
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE);
    }

    @Test
    void anEventAndThenSilence_asksTheDcsEachIntervalAndAcquiresNothing() {
        read("pg2");
        event("pg1");
        for (int i = 0; i < 60; i++) {
            readDcs = false;
            pass(SECOND);
            tick();
            assertThat(readDcs).isTrue();
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void aReadThatWasLongOnItsWay_confirmsNothing() {
        read("pg2");
        Moment sent = now;
        pass(Duration.ofMillis(2001));
        see("pg1", Sighting.Origin.READ, sent);
        assertThat(calls).isEmpty();
        assertThat(readDcs).isTrue();
    }

    @Test
    void aReadFromBeforeAFreeze_confirmsNothing() {
        read("pg2");
        Moment sent = now;
        pass(SECOND);
        feed(new Event.Woke());
        see("pg1", Sighting.Origin.READ, sent);
        assertThat(calls).isEmpty();
        read("pg1");
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE);
    }

    @Test
    void anOlderAnswer_changesNothing() {
        read("pg2");
        revision -= 5;
        event("pg1");
        assertThat(state.phase()).isInstanceOf(Phase.Elsewhere.class);
    }

    @Test
    void switchUnderWay_isLookedAtUntilItIsHere() {
        lead();
        answer(new Answer.Switching("locked", Duration.ofSeconds(60)));
        assertThat(state.phase()).isInstanceOf(Phase.Switching.class);
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(10)));
        for (int i = 0; i < 3; i++) {
            toWakeUp();
            answer(new Answer.Elsewhere("10.1.1.2"));
        }
        toWakeUp();
        answer(new Answer.Here());
        assertThat(state.phase()).isInstanceOf(Phase.Here.class);
        assertThat(calls)
                .containsExactly(
                        Call.Kind.ACQUIRE,
                        Call.Kind.STATE,
                        Call.Kind.STATE,
                        Call.Kind.STATE,
                        Call.Kind.STATE);
        assertThat(reasons).contains(new RouteReason.RoutedHere(Duration.ofSeconds(40)));
    }

    @Test
    void switchThatDoesNotHappen_isAskedForAgain() {
        lead();
        answer(new Answer.Switching("locked", Duration.ofSeconds(15)));
        toWakeUp();
        answer(new Answer.Elsewhere("10.1.1.2"));
        toWakeUp();
        answer(new Answer.Elsewhere("10.1.1.2"));
        assertThat(reasons)
                .contains(new RouteReason.SwitchTimedOut("10.1.1.2", Duration.ofSeconds(20)));
        read("pg1");
        assertThat(calls).endsWith(Call.Kind.STATE, Call.Kind.ACQUIRE);
    }

    @Test
    void afterASwitch_isLookedAtOnceMore_thenEveryCheckInterval() {
        lead();
        answer(new Answer.Here());
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(60)));
        toWakeUp();
        answer(new Answer.Here());
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofMinutes(10)));
        passHours(1);
        assertThat(calls).hasSizeBetween(8, 10);
        assertThat(reasons).hasSize(3);
    }

    @Test
    void drift_isRepairedOnlyWithAConfirmation() {
        here();
        toWakeUp();
        answer(new Answer.Elsewhere("10.1.1.2"));
        assertThat(reasons).contains(new RouteReason.Drifted("10.1.1.2"));
        assertThat(calls).endsWith(Call.Kind.STATE);
        assertThat(readDcs).isTrue();
        read("pg1");
        assertThat(calls).endsWith(Call.Kind.ACQUIRE);
    }

    @Test
    void failedCheck_keepsWhatIsKnown_andIsToldOnce() {
        here();
        for (int i = 0; i < 4; i++) {
            toWakeUp();
            answer(new Answer.Failed("refused", Duration.ZERO, false));
        }
        assertThat(state.phase()).isInstanceOf(Phase.Here.class);
        assertThat(reasons.stream().filter(RouteReason.CheckFailed.class::isInstance)).hasSize(1);
        toWakeUp();
        answer(new Answer.Here());
        assertThat(reasons).endsWith(new RouteReason.CheckedAgain());
    }

    @Test
    void failedAcquire_isTriedAgainWithGrowingPauses() {
        lead();
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Moment before = now;
            answer(new Answer.Failed("refused", Duration.ZERO, false));
            toWakeUp();
            read("pg1");
            pauses.add(before.until(now).toSeconds());
        }
        assertThat(pauses).containsExactly(5L, 10L, 20L, 40L, 80L, 90L);
        assertThat(reasons.stream().filter(RouteReason.AcquireFailed.class::isInstance)).hasSize(1);
    }

    @Test
    void aFailureSaysHowLongToWait() {
        lead();
        answer(new Answer.Failed("401", Duration.ofMinutes(10), true));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofMinutes(10)));
        assertThat(reasons)
                .contains(new RouteReason.AcquireFailed("401", Duration.ofMinutes(10), true));
    }

    @ParameterizedTest
    @CsvSource({"pg2", "''"})
    void anotherLeadsMeanwhile_nothingMoreIsAsked(String other) {
        lead();
        seeRead(other.isEmpty() ? Optional.empty() : Optional.of(other));
        assertThat(state.isWanted()).isFalse();
        answer(new Answer.Here());
        assertThat(reasons).contains(new RouteReason.EndedTooLate("routed here"));
        passHours(2);
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE);
    }

    /** The answer is about a request from before another host led, who may have asked since. */
    @Test
    void leadsAgainWhileTheOldCallRuns_asksAgainAfterIt() {
        lead();
        read("pg2");
        pass(SECOND);
        read("pg1");
        assertThat(calls).hasSize(1);
        pass(SECOND);
        answer(new Answer.Here());
        assertThat(state.phase()).isInstanceOf(Phase.Wanted.class);
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE, Call.Kind.ACQUIRE);
        answer(new Answer.Here());
        assertThat(state.phase()).isInstanceOf(Phase.Here.class);
    }

    @Test
    void budgetOfChanges_binds_andIsTold() {
        rules = rules(3, 100, false);
        lead();
        for (int i = 0; i < 2; i++) {
            answer(new Answer(new Answer.Failed("no", Duration.ZERO, false), 0, 1));
            toWakeUp();
            read("pg1");
        }
        Moment first = now;
        answer(new Answer(new Answer.Failed("no", Duration.ZERO, false), 0, 1));
        pass(Duration.ofSeconds(20));
        read("pg1");
        assertThat(calls).hasSize(3);
        assertThat(reasons.getLast()).isInstanceOf(RouteReason.BudgetUsedUp.class);
        assertThat(wakeUp).isLessThan(first.plus(Duration.ofHours(1)));
        toWakeUp();
        read("pg1");
        assertThat(calls).hasSize(4);
    }

    @Test
    void storeRestored_wantsNothingBeforeItIsReadAgain() {
        here();
        pass(SECOND);
        revision -= 8;
        see("pg1", Sighting.Origin.READ, now);
        assertThat(state.phase()).isInstanceOf(Phase.Unseen.class);
        assertThat(readDcs).isTrue();
        read("pg1");
        assertThat(calls).endsWith(Call.Kind.STATE);
    }

    @Test
    void stop_asksNothing_unlessTheProviderIsToBeTold() {
        here();
        int before = calls.size();
        feed(new Event.StopRequested(false));
        read("pg1");
        passHours(2);
        assertThat(calls).hasSize(before);
        assertThat(reasons).endsWith(new RouteReason.Stopped(true));
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 0"})
    void stop_releases_whereTheRulesSayIt(boolean keep, int releases) {
        rules = rules(50, 100, true);
        here();
        feed(new Event.StopRequested(keep));
        assertThat(calls.stream().filter(Call.Kind.RELEASE::equals)).hasSize(releases);
    }

    @Test
    void leavingALeadership_releasesOnce() {
        rules = rules(50, 100, true);
        here();
        read("pg2");
        assertThat(calls).endsWith(Call.Kind.RELEASE);
        answer(new Answer.Elsewhere("released"));
        read("pg2");
        passHours(1);
        assertThat(calls.stream().filter(Call.Kind.RELEASE::equals)).hasSize(1);
    }

    @Test
    void leavingWhileACallRuns_releasesAfterIt_unlessThisHostLeadsAgain() {
        rules = rules(50, 100, true);
        lead();
        read("pg2");
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE);
        read("pg1");
        answer(new Answer.Failed("ended", Duration.ZERO, false));
        assertThat(calls).doesNotContain(Call.Kind.RELEASE);
    }

    private void lead() {
        read("pg2");
        read("pg1");
        assertThat(calls).endsWith(Call.Kind.ACQUIRE);
    }

    private void here() {
        lead();
        answer(new Answer.Here());
    }

    private void read(String value) {
        seeRead(Optional.of(value));
    }

    private void seeRead(Optional<String> value) {
        revision++;
        feed(new Event.Seen(sighting(value, Sighting.Origin.READ, now)));
    }

    private void event(String value) {
        see(value, Sighting.Origin.EVENT, now);
    }

    private void see(String value, Sighting.Origin origin, Moment asOf) {
        revision++;
        feed(new Event.Seen(sighting(Optional.of(value), origin, asOf)));
    }

    private Sighting sighting(Optional<String> value, Sighting.Origin origin, Moment asOf) {
        return new Sighting(
                TRIGGER.key(), value, origin, new Revision(1, revision), revision, 0, asOf, now);
    }

    private void answer(Answer.Outcome outcome) {
        answer(new Answer(outcome, 1, 0));
    }

    private void answer(Answer answer) {
        take(new RouteDecision(TRIGGER, rules, state, now, 0).answered(answer));
    }

    private void feed(Event event) {
        take(new RouteDecision(TRIGGER, rules, state, now, 0).about(event));
    }

    private void tick() {
        feed(new Event.Tick());
    }

    private void take(RouteStep step) {
        state = step.state();
        calls.addAll(step.calls());
        reasons.addAll(step.reasons());
        readDcs = step.readDcs();
        wakeUp = step.wakeUp();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private void toWakeUp() {
        now = Moment.later(now, wakeUp);
        tick();
    }

    /** All that is asked meanwhile finds the address where it is to be. */
    private void passHours(int hours) {
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
