package org.vipmanager.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Locale;
import java.util.Optional;

/** The simulator finds designs that are wrong on purpose. */
final class SeededDefectsTest {

    private static final long MOST_SEEDS = 20_000;

    @ParameterizedTest
    @EnumSource(Defect.class)
    void isFound(Defect defect) throws InterruptedException {
        Optional<Outcome> found = new Campaign(defect, 0, MOST_SEEDS).run();

        assertThat(found).as("a seed below %d that breaks a promise", MOST_SEEDS).isPresent();
        System.out.printf(
                Locale.ROOT,
                "%-26s found after %6d seeds: %s%n",
                defect,
                found.get().seed() + 1,
                found.get().violation().map(Violation::toString).orElse(""));
    }
}
