package org.vipmanager.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/**
 * No promise is broken, whatever goes wrong.
 *
 * <p>{@code -Dsimulation.seeds=} runs more seeds, {@code -Dsimulation.start=} others, and {@code
 * -Dsimulation.seed=} a single one, whose story it prints. It ends with the first seed that breaks
 * a promise; {@code -Dsimulation.failures=} looks for so many.
 */
final class SimulationTest {

    private static final long SEEDS = Long.getLong("simulation.seeds", 20_000);
    private static final long START = Long.getLong("simulation.start", 0);
    private static final int FAILURES = Integer.getInteger("simulation.failures", 1);
    private static final long ENOUGH_FOR_EVERYTHING = 20_000;
    private static final long TOLD_TWICE = 50;
    private static final Optional<Long> ONLY = Optional.ofNullable(Long.getLong("simulation.seed"));

    @Test
    void everyPromiseIsKept() throws InterruptedException {
        if (ONLY.isPresent()) {
            Outcome outcome = new Simulation(Design.AS_BUILT).tell(ONLY.get());
            System.out.println(String.join("\n", outcome.story()));
            assertThat(outcome.violation()).isEmpty();
            return;
        }
        Campaign campaign = new Campaign(Design.AS_BUILT, START, SEEDS).until(FAILURES);
        Optional<Outcome> failure = campaign.run();
        System.out.println(new Report(campaign.tally()));
        campaign.failures()
                .forEach((seed, what) -> System.out.println("seed " + seed + ": " + what));
        failure.ifPresent(SimulationTest::failWithStory);
        assertThat(campaign.tally().runs()).isEqualTo(SEEDS);
        if (SEEDS >= ENOUGH_FOR_EVERYTHING) {
            for (Tally.Subject subject : Tally.Subject.values()) {
                assertThat(campaign.tally().seeds(subject))
                        .as(subject.title())
                        .doesNotContainValue(0);
            }
        }
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        Simulation simulation = new Simulation(Design.AS_BUILT);
        for (long seed = START; seed < START + TOLD_TWICE; seed++) {
            List<String> once = simulation.tell(seed).story();
            List<String> again = simulation.tell(seed).story();

            assertThat(again).as("seed %d", seed).isNotEmpty().isEqualTo(once);
        }
    }

    private static void failWithStory(Outcome outcome) {
        fail(
                "seed %d breaks a promise, repeat with -Dsimulation.seed=%d%n%s%n%s",
                outcome.seed(),
                outcome.seed(),
                outcome.violation().map(Violation::toString).orElse(""),
                String.join("\n", outcome.story()));
    }
}
