package org.vipmanager.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one source says, before it is settled which of a setting's names counts.
 *
 * <p>The current name beats the old ones: silently when they say the same, with a warning when not.
 * An empty value is an unset one.
 */
final class Layer {

    /**
     * @param name as it was written
     * @param isCurrent whether that is how the setting is written today
     */
    private record Candidate(String name, boolean isCurrent, Given given) {}

    private final Map<Setting, List<Candidate>> candidates = new LinkedHashMap<>();
    private final Map<Setting, Given> empties = new LinkedHashMap<>();
    private final Set<Setting> spoiled = new HashSet<>();

    void add(Setting setting, String name, boolean isCurrent, Given given) {
        if (given.isEmpty()) {
            empties.putIfAbsent(setting, given);
        } else {
            candidates
                    .computeIfAbsent(setting, unused -> new ArrayList<>(2))
                    .add(new Candidate(name, isCurrent, given));
        }
    }

    /** Notes a setting that was written in a form that cannot be taken, which has been told. */
    void spoil(Setting setting) {
        spoiled.add(setting);
    }

    Set<Setting> spoiled() {
        return spoiled;
    }

    /** The settings that were written with nothing behind them. */
    Map<Setting, Given> empties() {
        return empties;
    }

    /**
     * Leaves one value of each setting.
     *
     * @param renamed gets a line for every old name whose value counts
     */
    Map<Setting, Given> settle(Findings findings, List<String> renamed) {
        Map<Setting, Given> settled = new LinkedHashMap<>();
        candidates.forEach(
                (setting, all) -> {
                    Candidate winner = winnerOf(all);
                    settled.put(setting, winner.given());
                    for (Candidate other : all) {
                        if (!sayTheSame(winner, other)) {
                            differ(setting, winner, other, findings);
                        }
                    }
                    if (!winner.isCurrent() && isOldName(setting, winner)) {
                        renamed.add(winner.name() + " is now " + setting.name());
                    }
                });
        return settled;
    }

    private static boolean isOldName(Setting setting, Candidate candidate) {
        String word = candidate.name();
        String name =
                word.startsWith(Setting.VARIABLE_PREFIX)
                        ? word.substring(Setting.VARIABLE_PREFIX.length())
                        : word;
        return !setting.name().equals(Settings.canonical(name));
    }

    private static Candidate winnerOf(List<Candidate> all) {
        for (Candidate candidate : all) {
            if (candidate.isCurrent()) {
                return candidate;
            }
        }
        return all.getFirst();
    }

    private static boolean sayTheSame(Candidate one, Candidate other) {
        return one.given().text().strip().equals(other.given().text().strip());
    }

    private static void differ(
            Setting setting, Candidate winner, Candidate other, Findings findings) {
        Given shown = setting.isSecret() ? other.given().masked() : other.given();
        if (winner.isCurrent()) {
            findings.warn(
                    "%s (%s) is ignored: it is %s, and %s (%s) has another value"
                            .formatted(
                                    other.name(),
                                    other.given().source(),
                                    isOldName(setting, other)
                                            ? "an old name"
                                            : "the same name, written differently",
                                    winner.name(),
                                    winner.given().source()));
        } else {
            findings.mistake(
                    other.name(),
                    shown,
                    "%s (%s) has another value, and both mean %s"
                            .formatted(winner.name(), winner.given().source(), setting.name()),
                    "write " + setting.name() + " instead of both");
        }
    }
}
