package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

final class RetryPolicyTest {

    private static final RetryPolicy DOUBLING =
            RetryPolicy.doubling(Duration.ofMillis(20), Duration.ofSeconds(1));

    @ParameterizedTest
    @CsvSource({
        "-1, 0",
        "0, 0",
        "1, 20",
        "2, 40",
        "3, 80",
        "6, 640",
        "7, 1000",
        "8, 1000",
        "2147483647, 1000",
    })
    void pausesDoubleUpToTheLongest(int failures, long millis) {
        assertThat(DOUBLING.pause(failures, 0)).hasMillis(millis);
    }

    @ParameterizedTest
    @CsvSource({"1, 300", "2, 900", "3, 2700", "4, 7000"})
    void anyFactorIsTaken(int failures, long millis) {
        RetryPolicy tripling = new RetryPolicy(Duration.ofMillis(300), 3, Duration.ofSeconds(7), 0);

        assertThat(tripling.pause(failures, 0)).hasMillis(millis);
    }

    @Test
    void steadyPausesStayTheSame() {
        RetryPolicy steady = RetryPolicy.steady(Duration.ofMillis(250));

        assertThat(steady.pause(1, 0)).hasMillis(250);
        assertThat(steady.pause(1_000_000, 0.9)).hasMillis(250);
    }

    @Test
    void aFirstPauseBeyondTheLongestIsTheLongest() {
        RetryPolicy policy = RetryPolicy.doubling(Duration.ofSeconds(30), Duration.ofSeconds(10));

        assertThat(policy.pause(1, 0)).hasSeconds(10);
    }

    @Test
    void aPauseOfNothingStaysNothing() {
        assertThat(RetryPolicy.doubling(Duration.ZERO, Duration.ofSeconds(1)).pause(9, 0)).isZero();
    }

    @Test
    void theLongestPausesThereAreDoNotOverflow() {
        RetryPolicy policy =
                new RetryPolicy(
                        Duration.ofDays(100_000), 1000, Duration.ofNanos(Long.MAX_VALUE), 0);

        assertThat(policy.pause(10, 0)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({"0, 80", "0.5, 70", "0.999999, 60"})
    void chanceOnlyShortens_byNoMoreThanItsPart(double chance, long millis) {
        assertThat(DOUBLING.withJitter(0.25).pause(3, chance))
                .isCloseTo(Duration.ofMillis(millis), Duration.ofNanos(50_000));
    }

    @Test
    void hostsThatFailedTogetherComeBackSpread() {
        RetryPolicy policy = DOUBLING.withJitter(0.25);
        Duration whole = policy.pause(4, 0);

        for (double chance = 0; chance < 1; chance += 0.01) {
            assertThat(policy.pause(4, chance))
                    .isBetween(whole.multipliedBy(3).dividedBy(4), whole);
        }
        assertThat(policy.pause(4, 0.3)).isNotEqualTo(policy.pause(4, 0.31));
    }

    @Test
    void whatIsNoPolicyIsRefused() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new RetryPolicy(second.negated(), 2, second, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(second, 2, second.negated(), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(second, 0, second, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DOUBLING.withJitter(1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DOUBLING.withJitter(-0.1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DOUBLING.withJitter(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void howOftenItFailed_andChance_makeThePause() {
        Backoff twice = new Backoff(DOUBLING.spread()).afterFailure().afterFailure();

        assertThat(twice.pause()).hasMillis(40);
        assertThat(twice.pause(0.5)).hasMillis(35);
    }
}
