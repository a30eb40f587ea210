package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.provider.RouteState.Phase;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What follows from who leads, and what is asked when. */
final class RouteDecisionTest extends RoutedAddress {

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

    /** Nothing is decided any more when that call has ended. */
    @ParameterizedTest
    @CsvSource({"false, 1", "true, 0"})
    void stopWhileACallRuns_releasesBehindIt(boolean keep, int releases) {
        rules = rules(50, 100, true);
        lead();
        feed(new Event.StopRequested(keep));
        assertThat(calls.stream().filter(Call.Kind.RELEASE::equals)).hasSize(releases);
        answer(new Answer.Here());
        assertThat(calls.stream().filter(Call.Kind.RELEASE::equals)).hasSize(releases);
        assertThat(state.agenda().running()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void stopAfterALeadership_whoseReleaseWaits_releasesOnce(boolean keep) {
        rules = rules(50, 100, true);
        lead();
        read("pg2");
        feed(new Event.StopRequested(keep));
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE, Call.Kind.RELEASE);
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

    @Test
    void anotherValue_isToldEachTimeItChanges() {
        read("pg2");
        read("pg2");
        read("pg3");
        seeRead(Optional.empty());
        assertThat(reasons)
                .containsExactly(
                        new RouteReason.StandingBy(Optional.of("pg2")),
                        new RouteReason.StandingBy(Optional.of("pg3")),
                        new RouteReason.StandingBy(Optional.empty()));
        assertThat(state.leader()).isEmpty();
        assertThat(wakeUp).isEqualTo(Moment.NEVER);
    }

    @Test
    void leavingALeadership_isTold_withWhetherACallRuns() {
        lead();
        read("pg2");
        assertThat(reasons).endsWith(new RouteReason.LeadsNoLonger(Optional.of("pg2"), true));
        answer(new Answer.Here());
        read("pg1");
        answer(new Answer.Here());
        read("pg2");
        assertThat(reasons).endsWith(new RouteReason.LeadsNoLonger(Optional.of("pg2"), false));
    }

    /** As old as it may be, and then too old. */
    @ParameterizedTest
    @CsvSource({"2000, 1", "2001, 0"})
    void aReadMayBeAsOldAsTheRulesSay(int millis, int acquires) {
        read("pg2");
        Moment sent = now;
        pass(Duration.ofMillis(millis));
        see("pg1", Sighting.Origin.READ, sent);
        assertThat(calls).hasSize(acquires);
    }

    /** A look needs no confirmation; what it leads to does. */
    @Test
    void afterAnotherSource_nothingIsConfirmed() {
        here();
        feed(new Event.SourceReplaced());
        toWakeUp();
        assertThat(calls).endsWith(Call.Kind.STATE);
        answer(new Answer.Elsewhere("10.1.1.2"));
        assertThat(calls).endsWith(Call.Kind.STATE);
        assertThat(readDcs).isTrue();
        revision = 1;
        read("pg1");
        assertThat(calls).endsWith(Call.Kind.ACQUIRE);
    }

    /** It is asked for once each interval, and not at each event between. */
    @Test
    void confirmation_isAskedForOnceEachInterval() {
        read("pg2");
        event("pg1");
        assertThat(readDcs).isTrue();
        Moment due = wakeUp;
        pass(Duration.ofMillis(300));
        tick();
        assertThat(readDcs).isFalse();
        assertThat(wakeUp).isEqualTo(due);
    }

    @Test
    void aFreezeWhileItIsHere_isFollowedByALook() {
        here();
        answerNextLook();
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofMinutes(10)));
        feed(new Event.Woke());
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(60)));
        pass(Duration.ofSeconds(30));
        feed(new Event.Woke());
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(30)));
        toWakeUp();
        assertThat(calls).endsWith(Call.Kind.STATE);
        feed(new Event.Woke());
        assertThat(wakeUp).isEqualTo(Moment.NEVER);
    }

    @Test
    void aFreezeOfWhoDoesNotLead_asksNothing() {
        read("pg2");
        feed(new Event.Woke());
        assertThat(wakeUp).isEqualTo(Moment.NEVER);
        passHours(1);
        assertThat(calls).isEmpty();
    }

    @Test
    void budgetOfLooks_binds_isToldOnce_andAgainTheNextTime() {
        rules = rules(50, 3, false);
        here(); // which counts as a look, too
        for (int i = 0; i < 2; i++) {
            toWakeUp();
            answer(new Answer(new Answer.Failed("no", Duration.ZERO, false), 1, 0));
        }
        int before = calls.size();
        assertThat(wakeUp).isGreaterThan(now.plus(Duration.ofMinutes(50)));
        pass(Duration.ofSeconds(20));
        tick();
        pass(Duration.ofSeconds(20));
        tick();
        assertThat(calls).hasSize(before);
        assertThat(reasons.stream().filter(RouteReason.BudgetUsedUp.class::isInstance)).hasSize(1);
        RouteReason.BudgetUsedUp told = (RouteReason.BudgetUsedUp) reasons.getLast();
        assertThat(told.kind()).isEqualTo(Call.Kind.STATE);
        assertThat(told.perHour()).isEqualTo(3);
        assertThat(told.left()).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
        toWakeUp();
        assertThat(calls).hasSize(before + 1);
        answer(new Answer(new Answer.Failed("no", Duration.ZERO, false), 3, 0));
        pass(Duration.ofMinutes(2));
        tick();
        assertThat(reasons.stream().filter(RouteReason.BudgetUsedUp.class::isInstance)).hasSize(2);
    }

    @Test
    void stop_afterTheEndNothingIsLearned() {
        here();
        feed(new Event.StopRequested(false));
        int told = reasons.size();
        feed(new Event.StopRequested(false));
        read("pg2");
        assertThat(reasons).hasSize(told);
        assertThat(state.phase()).isInstanceOf(Phase.Stopped.class);
    }

    @Test
    void stop_whereItWasNotHere_saysSo() {
        lead();
        feed(new Event.StopRequested(false));
        assertThat(reasons).endsWith(new RouteReason.Stopped(false));
        int told = reasons.size();
        answer(new Answer.Here());
        assertThat(reasons).hasSize(told);
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE);
    }

    @Test
    void noLongerConfigured_isReleased_whereTheRulesSayIt() {
        rules = rules(50, 100, true);
        here();
        feed(new Event.Unconfigured());
        assertThat(calls).endsWith(Call.Kind.RELEASE);
        answer(new Answer.Elsewhere("released"));
        assertThat(reasons).endsWith(new RouteReason.Released());
    }

    @Test
    void anotherProvider_isAskedAtOnce_andNothingIsReleased() {
        rules = rules(50, 100, true);
        here();
        take(decision().ofAnotherProvider());
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE, Call.Kind.STATE);
        answer(new Answer.Here());
        assertThat(state.phase()).isInstanceOf(Phase.Here.class);
    }

    /** Its answer says nothing of the other one, which is asked the same. */
    @ParameterizedTest
    @CsvSource({"false, ACQUIRE", "true, RELEASE"})
    void answerOfTheProviderBefore_countsForNothing(boolean leadsNoLonger, Call.Kind then) {
        rules = rules(50, 100, true);
        lead();
        take(decision().ofAnotherProvider());
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE);
        if (leadsNoLonger) {
            read("pg2");
        }
        take(decision().answeredByAnother(new Answer(new Answer.Here(), 0, 1)));
        assertThat(state.phase()).isNotInstanceOf(Phase.Here.class);
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE, then);
    }

    @Test
    void anotherProvider_losesNoBudget_butFailuresAndTheirPauses() {
        rules = rules(2, 100, true);
        lead();
        answer(new Answer(new Answer.Failed("no", Duration.ofHours(9), false), 0, 1));
        take(decision().ofAnotherProvider());
        assertThat(calls).hasSize(2);
        assertThat(state.agenda().failures().failures()).isZero();
        answer(new Answer(new Answer.Failed("no", Duration.ZERO, false), 0, 1));
        assertThat(reasons.stream().filter(RouteReason.AcquireFailed.class::isInstance)).hasSize(2);
        take(decision().ofAnotherProvider());
        assertThat(calls).hasSize(2);
        assertThat(reasons.getLast()).isInstanceOf(RouteReason.BudgetUsedUp.class);
    }

    @Test
    void anotherProvider_asksNothingWhereAnotherHostLeads() {
        read("pg2");
        take(decision().ofAnotherProvider());
        assertThat(calls).isEmpty();
        assertThat(wakeUp).isEqualTo(Moment.NEVER);
    }

    @Test
    void shorterInterval_countsAtOnce() {
        here();
        answerNextLook();
        rules =
                new RouteRules(
                        rules.interval(),
                        rules.confirmation(),
                        Duration.ofSeconds(30),
                        rules.settle(),
                        rules.poll(),
                        rules.retry(),
                        rules.readsPerHour(),
                        rules.changesPerHour(),
                        rules.releases());
        take(decision().byOtherRules());
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(30)));
        assertThat(calls).endsWith(Call.Kind.STATE).hasSize(2);
    }

    /** A reload of whatever setting has the rules decided by anew. */
    @Test
    void pauseThatTheProviderWants_outlastsAReload() {
        here();
        toWakeUp();
        answer(new Answer(new Answer.Failed("429", Duration.ofHours(1), false), 1, 0));
        Moment paused = wakeUp;
        take(decision().byOtherRules());
        assertThat(wakeUp).isEqualTo(paused).isGreaterThanOrEqualTo(now.plus(Duration.ofHours(1)));
    }

    /** It has taken the address although another host leads, and is told so. */
    @Test
    void acquireThatEndsTooLate_isReleased() {
        rules = rules(50, 100, true);
        lead();
        read("pg2");
        answer(new Answer.Here());
        assertThat(calls).containsExactly(Call.Kind.ACQUIRE, Call.Kind.RELEASE);
        answer(new Answer.Failed("hangs", Duration.ZERO, false));
        assertThat(reasons).endsWith(new RouteReason.ReleaseFailed("hangs"));
        passHours(1);
        assertThat(calls).hasSize(2);
    }

    @Test
    void lookThatEndsTooLate_isNotTold() {
        here();
        toWakeUp();
        read("pg2");
        int told = reasons.size();
        answer(new Answer.Elsewhere("10.1.1.2"));
        assertThat(reasons).hasSize(told);
    }

    @Test
    void whatEndsTooLate_isDescribed() {
        for (Answer.Outcome outcome :
                List.of(
                        new Answer.Elsewhere("pg2"),
                        new Answer.Switching("half done", SECOND),
                        new Answer.Failed("refused", SECOND, false))) {
            lead();
            read("pg2");
            answer(outcome);
        }
        assertThat(reasons)
                .contains(
                        new RouteReason.EndedTooLate("routed to pg2"),
                        new RouteReason.EndedTooLate("half done"),
                        new RouteReason.EndedTooLate("refused"));
    }

    /** What it has said about waiting still counts. */
    @Test
    void failureOfAnEarlierLeadership_isWaitedFor() {
        lead();
        read("pg2");
        pass(SECOND);
        read("pg1");
        answer(new Answer.Failed("limit", Duration.ofMinutes(2), false));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofMinutes(2)));
        assertThat(calls).hasSize(1);
    }

    /** Failures before it count no more, and what was told is told again. */
    @Test
    void anotherLeadership_beginsAnew() {
        lead();
        for (int i = 0; i < 3; i++) {
            answer(new Answer.Failed("refused", Duration.ZERO, false));
            toWakeUp();
            read("pg1");
        }
        answer(new Answer.Failed("refused", Duration.ZERO, false));
        read("pg2");
        read("pg1");
        answer(new Answer.Failed("refused", Duration.ZERO, false));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(5)));
        assertThat(reasons.stream().filter(RouteReason.AcquireFailed.class::isInstance)).hasSize(2);
    }

    @Test
    void storeRestored_isToldWhereThisHostLed_andNowhereElse() {
        revision = 30;
        here();
        pass(SECOND);
        revision -= 8;
        see("pg1", Sighting.Origin.READ, now);
        assertThat(reasons).endsWith(new RouteReason.StoreRestored());
        assertThat(state.isWanted()).isFalse();
        read("pg2");
        int told = reasons.size();
        pass(SECOND);
        revision -= 8;
        see("pg2", Sighting.Origin.READ, now);
        assertThat(reasons).hasSize(told);
        assertThat(readDcs).isTrue();
    }

    /** Nothing of before is asked any more. */
    @Test
    void storeRestored_looksAtNothing() {
        revision = 30;
        here();
        pass(SECOND);
        revision -= 8;
        see("pg1", Sighting.Origin.READ, now);
        assertThat(wakeUp).isEqualTo(Moment.NEVER);
    }

    /** What concerns addresses of the kernel alone. */
    @Test
    void otherEvents_changeNothing() {
        here();
        assertThat(state.leader()).contains("pg1");
        assertThat(state.isWanted()).isTrue();
        RouteState before = state;
        Moment due = wakeUp;
        int told = reasons.size();
        feed(new Event.DcsFailed("silent"));
        feed(new Event.KernelWasBusy());
        assertThat(state).isEqualTo(before);
        assertThat(wakeUp).isEqualTo(due);
        assertThat(reasons).hasSize(told);
    }
}
