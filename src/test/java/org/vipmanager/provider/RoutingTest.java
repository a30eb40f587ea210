package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;
import org.vipmanager.provider.RouteState.Phase;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What follows from the provider's word while this host leads. */
final class RoutingTest extends RoutedAddress {

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

    @Test
    void lookedAtAndElsewhere_isAcquired() {
        read("pg1");
        pass(SECOND);
        answer(new Answer.Elsewhere("10.1.1.2"));
        assertThat(reasons)
                .containsExactly(new RouteReason.Looking("pg1"), new RouteReason.Acquiring("pg1"));
        assertThat(calls).containsExactly(Call.Kind.STATE, Call.Kind.ACQUIRE);
        answer(new Answer.Here());
        assertThat(reasons).endsWith(new RouteReason.RoutedHere(SECOND));
    }

    @Test
    void acquiredAndElsewhere_isAFailure() {
        lead();
        answer(new Answer.Elsewhere("10.1.1.2"));
        assertThat(reasons)
                .endsWith(
                        new RouteReason.AcquireFailed(
                                "the provider has taken the request, but routes it to 10.1.1.2",
                                Duration.ofSeconds(5),
                                false));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(5)));
    }

    @Test
    void switchUnderWay_isToldOnce_andWaitedFor() {
        lead();
        answer(new Answer.Switching("locked", Duration.ofSeconds(25)));
        assertThat(reasons)
                .endsWith(new RouteReason.SwitchUnderWay("locked", Duration.ofSeconds(25)));
        int told = reasons.size();
        toWakeUp();
        answer(new Answer.Switching("locked", Duration.ofSeconds(25)));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(10)));
        assertThat(reasons).hasSize(told);
        toWakeUp();
        answer(new Answer.Switching("locked", Duration.ofSeconds(25)));
        toWakeUp();
        answer(new Answer.Switching("still locked", Duration.ofSeconds(25)));
        assertThat(reasons)
                .endsWith(new RouteReason.SwitchTimedOut("still locked", Duration.ofSeconds(30)));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(10)));
        assertThat(state.phase()).isInstanceOf(Phase.Wanted.class);
        toWakeUp();
        read("pg1");
        answer(new Answer.Here());
        assertThat(reasons).endsWith(new RouteReason.RoutedHere(Duration.ofSeconds(40)));
    }

    /** At its very end it is asked for again. */
    @Test
    void switchUnderWay_endsWithItsPatience() {
        lead();
        answer(new Answer.Switching("locked", Duration.ofSeconds(10)));
        toWakeUp();
        answer(new Answer.Elsewhere("10.1.1.2"));
        assertThat(reasons)
                .contains(new RouteReason.SwitchTimedOut("10.1.1.2", Duration.ofSeconds(10)));
        assertThat(state.phase()).isInstanceOf(Phase.Wanted.class);
    }

    /** As by the customer himself, in the provider's pages. */
    @Test
    void switchFoundWhileItWasHere_isWaitedFor() {
        here();
        toWakeUp();
        answer(new Answer.Switching("moving", Duration.ofSeconds(25)));
        assertThat(state.phase()).isInstanceOf(Phase.Switching.class);
        toWakeUp();
        answer(new Answer.Here());
        assertThat(reasons).endsWith(new RouteReason.RoutedHere(Duration.ofSeconds(10)));
    }

    @Test
    void failedLookDuringASwitch_isLookedAtAgain_untilItsEnd() {
        lead();
        answer(new Answer.Switching("locked", Duration.ofSeconds(12)));
        toWakeUp();
        answer(new Answer.Failed("503", Duration.ZERO, false));
        assertThat(reasons)
                .endsWith(new RouteReason.CheckFailed("503", Duration.ofSeconds(5), false));
        assertThat(state.phase()).isInstanceOf(Phase.Switching.class);
        toWakeUp();
        answer(new Answer.Failed("503 again", Duration.ZERO, false));
        assertThat(reasons)
                .endsWith(
                        new RouteReason.AcquireFailed("503 again", Duration.ofSeconds(10), false));
        assertThat(state.phase()).isInstanceOf(Phase.Failed.class);
        toWakeUp();
        read("pg1");
        assertThat(calls).endsWith(Call.Kind.ACQUIRE);
    }

    /** Exactly at the end of its patience, too. */
    @Test
    void failedLookAtTheEndOfASwitch_acquires() {
        lead();
        answer(new Answer.Switching("locked", Duration.ofSeconds(10)));
        toWakeUp();
        answer(new Answer.Failed("503", Duration.ZERO, false));
        assertThat(state.phase()).isInstanceOf(Phase.Failed.class);
    }

    @Test
    void failedLookAtTheStart_acquires() {
        read("pg1");
        answer(new Answer.Failed("503", Duration.ZERO, false));
        assertThat(reasons)
                .endsWith(new RouteReason.AcquireFailed("503", Duration.ofSeconds(5), false));
        toWakeUp();
        read("pg1");
        assertThat(calls).containsExactly(Call.Kind.STATE, Call.Kind.ACQUIRE);
    }

    @Test
    void chanceShortensAPause() {
        chance = 0.8;
        lead();
        answer(new Answer.Failed("503", Duration.ZERO, false));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(4)));
    }

    @Test
    void anotherTrouble_isTold() {
        lead();
        for (String trouble : List.of("one", "two", "two", "one")) {
            answer(new Answer.Failed(trouble, Duration.ZERO, false));
            toWakeUp();
            read("pg1");
        }
        assertThat(reasons.stream().filter(RouteReason.AcquireFailed.class::isInstance)).hasSize(3);
    }

    /** What has succeeded ends the row of failures, and of what was told. */
    @Test
    void success_beginsAnew() {
        here();
        for (int i = 0; i < 2; i++) {
            toWakeUp();
            answer(new Answer.Failed("503", Duration.ZERO, false));
        }
        answerNextLook();
        assertThat(reasons).endsWith(new RouteReason.CheckedAgain());
        int told = reasons.size();
        answerNextLook();
        assertThat(reasons).hasSize(told);
        toWakeUp();
        answer(new Answer.Failed("503", Duration.ZERO, false));
        assertThat(reasons)
                .endsWith(new RouteReason.CheckFailed("503", Duration.ofSeconds(5), false));
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(5)));
    }

    /** The look after a switch is no later than the usual one. */
    @Test
    void shortCheck_isAlsoTheFirst() {
        rules =
                new RouteRules(
                        rules.interval(),
                        rules.confirmation(),
                        Duration.ofSeconds(20),
                        rules.settle(),
                        rules.poll(),
                        rules.retry(),
                        50,
                        100,
                        false);
        here();
        assertThat(wakeUp).isEqualTo(now.plus(Duration.ofSeconds(20)));
    }

    @Test
    void drift_countsFromWhenItWasFound() {
        here();
        toWakeUp();
        Moment found = now;
        answer(new Answer.Elsewhere("10.1.1.2"));
        pass(SECOND);
        read("pg1");
        pass(SECOND);
        answer(new Answer.Here());
        assertThat(reasons).endsWith(new RouteReason.RoutedHere(found.until(now)));
    }
}
