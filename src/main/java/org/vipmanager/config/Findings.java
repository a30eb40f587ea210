package org.vipmanager.config;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong or odd, so that one run tells it all. */
final class Findings {

    private final List<Mistake> mistakes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void mistake(Mistake mistake) {
        if (!mistakes.contains(mistake)) {
            mistakes.add(mistake);
        }
    }

    void mistake(String setting, Given given, String problem, String remedy) {
        mistake(new Mistake(setting, given.text(), given.source(), problem, remedy));
    }

    void missing(String setting, String problem, String remedy) {
        mistake(new Mistake(setting, "", new Source.Nowhere(), problem, remedy));
    }

    void warn(String warning) {
        if (!warnings.contains(warning)) {
            warnings.add(warning);
        }
    }

    boolean areGood() {
        return mistakes.isEmpty();
    }

    List<Mistake> mistakes() {
        return List.copyOf(mistakes);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
