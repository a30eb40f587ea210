package org.vipmanager.config;

import org.vipmanager.config.Layer.Candidate;
import org.vipmanager.config.Layer.Spelling;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settles which source and which name of a setting counts.
 *
 * <p>First the current names, the highest source before the lower ones; only where no source has
 * one, the old names in the same order. vip-manager 5.0.0 ignores old names, so that those left
 * behind in a configuration must not change what it means.
 */
final class Precedence {

    /** What is longer is not meant: every URL of a hundred endpoints is shorter. */
    private static final int LONGEST_VALUE = 32_768;

    private final List<Layer> layers;

    private Precedence(List<Layer> layers) {
        this.layers = layers;
    }

    /**
     * @param layers the highest first
     */
    static Precedence of(Layer... layers) {
        return new Precedence(List.of(layers));
    }

    /** The value of one setting; nothing is told. */
    Optional<Given> find(Setting setting) {
        return winner(setting).map(Candidate::given);
    }

    /**
     * One value of each setting.
     *
     * @param renamed gets a line for every old name whose value counts
     */
    Map<Setting, Given> settle(Findings findings, List<String> renamed) {
        Set<Setting> written = new LinkedHashSet<>();
        layers.forEach(layer -> written.addAll(layer.settings()));
        Map<Setting, Given> settled = new LinkedHashMap<>();
        for (Setting setting : written) {
            Candidate winner = winner(setting).orElseThrow();
            if (winner.given().text().length() > LONGEST_VALUE) {
                layers.getLast().spoil(setting);
                findings.mistake(
                        winner.name(),
                        Secret.hidden(setting, winner.given()),
                        "is longer than " + LONGEST_VALUE + " characters",
                        "write the value that is meant");
                continue;
            }
            settled.put(setting, winner.given());
            tellOfTheOthers(setting, winner, findings);
            if (winner.isRenamed(setting)) {
                renamed.add(winner.name() + " is now " + nameToday(setting, winner));
            }
        }
        return settled;
    }

    private Optional<Candidate> winner(Setting setting) {
        Optional<Candidate> old = Optional.empty();
        for (Layer layer : layers) {
            Optional<Candidate> best = best(layer.of(setting));
            if (best.isPresent() && best.get().spelling() != Spelling.OLD) {
                return best;
            }
            old = old.or(() -> best);
        }
        return old;
    }

    /** The nearest to today's name; of equally near ones the first. */
    private static Optional<Candidate> best(List<Candidate> candidates) {
        Candidate best = null;
        for (Candidate candidate : candidates) {
            if (best == null || candidate.spelling().compareTo(best.spelling()) < 0) {
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** A current name in a lower source is what precedence is for; an old one is told of. */
    private void tellOfTheOthers(Setting setting, Candidate winner, Findings findings) {
        for (Layer layer : layers) {
            List<Candidate> all = layer.of(setting);
            boolean isOfTheWinner = all.contains(winner);
            for (Candidate other : all) {
                if (other.saysTheSameAs(winner)) {
                    continue;
                }
                if (isOfTheWinner && other.spelling() == winner.spelling()) {
                    contradict(setting, winner, other, findings);
                } else if (isOfTheWinner || other.spelling() == Spelling.OLD) {
                    ignore(setting, winner, other, findings);
                }
            }
        }
    }

    private static void ignore(
            Setting setting, Candidate winner, Candidate other, Findings findings) {
        findings.warn(
                "%s is %s and is ignored: %s has another value"
                        .formatted(
                                other,
                                other.isRenamed(setting)
                                        ? "an old name"
                                        : "another spelling of " + nameToday(setting, other),
                                winner));
    }

    private static void contradict(
            Setting setting, Candidate winner, Candidate other, Findings findings) {
        findings.mistake(
                other.name(),
                Secret.hidden(setting, other.given()),
                "%s has another value, and both mean %s".formatted(winner, setting.name()),
                "write " + nameToday(setting, other) + " instead of both");
    }

    private static String nameToday(Setting setting, Candidate candidate) {
        return candidate.given().source() instanceof Source.Variable
                ? setting.variable()
                : setting.name();
    }
}
