package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.RetryPolicy;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Leaders that move while the provider switches, freezes, restarts, lost and late answers: at the
 * end the leader has the address; nothing is changed but on a confirmed sighting, by nobody who
 * knows that another leads; and the budgets hold. {@code -Droutes.seeds=100000} plays more.
 */
final class RouteSimulationTest {

    private static final long SEEDS = Long.getLong("routes.seeds", 300);

    @Test
    void promisesHold_inEveryWorld() {
        LongStream.range(0, SEEDS)
                .forEach(
                        seed ->
                                assertThat(violations(seed, RoutedWorld.RULES))
                                        .as("seed %d", seed)
                                        .isEmpty());
    }

    @Test
    void wrongOnPurpose_staleConfirmation_isFound() {
        RouteRules rules = RoutedWorld.RULES;
        assertThatItIsFound(
                new RouteRules(
                        rules.interval(),
                        Duration.ofDays(1),
                        rules.check(),
                        rules.settle(),
                        rules.poll(),
                        rules.retry(),
                        rules.readsPerHour(),
                        rules.changesPerHour(),
                        false),
                "on a read that is");
    }

    @Test
    void wrongOnPurpose_edgeTriggered_isFound() {
        RouteRules rules = RoutedWorld.RULES;
        assertThatItIsFound(
                new RouteRules(
                        rules.interval(),
                        rules.confirmation(),
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        rules.poll(),
                        rules.retry(),
                        rules.readsPerHour(),
                        rules.changesPerHour(),
                        false),
                "at the end");
    }

    @Test
    void wrongOnPurpose_noBudget_isFound() {
        RouteRules rules = RoutedWorld.RULES;
        assertThatItIsFound(
                new RouteRules(
                        rules.interval(),
                        rules.confirmation(),
                        rules.check(),
                        rules.settle(),
                        Duration.ofSeconds(1),
                        RetryPolicy.steady(Duration.ofSeconds(1)),
                        10_000,
                        10_000,
                        false),
                "requests in an hour");
    }

    private static void assertThatItIsFound(RouteRules rules, String violation) {
        assertThat(
                        LongStream.range(0, SEEDS)
                                .anyMatch(
                                        seed ->
                                                violations(seed, rules).stream()
                                                        .anyMatch(
                                                                what -> what.contains(violation))))
                .isTrue();
    }

    private static List<String> violations(long seed, RouteRules rules) {
        return new RoutedWorld(seed, rules).play();
    }
}
