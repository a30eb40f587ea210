package org.vipmanager.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one source says, under whatever names. An empty value is an unset one. */
final class Layer {

    /** How near a written name is to the one that the setting has today. */
    enum Spelling {
        /** As it is written today. */
        EXACT,
        /** The same in another case, where case does not matter. */
        CURRENT,
        /** An old name, or the same with other dashes: vip-manager 5.0.0 takes none of these. */
        OLD
    }

    /**
     * @param name as it was written
     */
    record Candidate(String name, Spelling spelling, Given given) {

        boolean saysTheSameAs(Candidate other) {
            return given.text().strip().equals(other.given.text().strip());
        }

        /** Whether it is another name than today's, and not only written in another way. */
        boolean isRenamed(Setting setting) {
            String word =
                    name.startsWith(Setting.VARIABLE_PREFIX)
                            ? name.substring(Setting.VARIABLE_PREFIX.length())
                            : name;
            return spelling == Spelling.OLD && !setting.name().equals(Settings.canonical(word));
        }

        /** The name and where it stands; flags and variables stand nowhere else. */
        @Override
        public String toString() {
            String place = given.source().toString();
            return place.equals(name) ? name : name + " (" + place + ")";
        }
    }

    private final Map<Setting, List<Candidate>> candidates = new LinkedHashMap<>();
    private final Map<Setting, Given> empties = new LinkedHashMap<>();
    private final Set<Setting> spoiled = new HashSet<>();

    void add(Setting setting, String name, Spelling spelling, Given given) {
        if (given.isEmpty()) {
            empties.putIfAbsent(setting, given);
        } else {
            candidates
                    .computeIfAbsent(setting, unused -> new ArrayList<>(2))
                    .add(new Candidate(name, spelling, given));
        }
    }

    /** Notes a setting that was written in a form that cannot be taken, which has been told. */
    void spoil(Setting setting) {
        spoiled.add(setting);
    }

    Set<Setting> settings() {
        return candidates.keySet();
    }

    List<Candidate> of(Setting setting) {
        return candidates.getOrDefault(setting, List.of());
    }

    Set<Setting> spoiled() {
        return spoiled;
    }

    /** The settings that were written with nothing behind them. */
    Map<Setting, Given> empties() {
        return empties;
    }
}
