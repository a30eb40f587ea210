package org.vipmanager.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects everything that is wrong or odd, so that one run tells it all. */
final class Findings {

    /** What a person reads; a file that is no configuration could be the reason for more. */
    private static final int MOST = 200;

    private final Set<Mistake> mistakes = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private int untold;

    void mistake(Mistake mistake) {
        if (mistakes.size() < MOST) {
            mistakes.add(mistake);
        } else {
            untold++;
        }
    }

    void mistake(String setting, Given given, String problem, String remedy) {
        mistake(new Mistake(setting, given.text(), given.source(), problem, remedy));
    }

    void warn(String warning) {
        if (warnings.size() < MOST) {
            warnings.add(warning);
        }
    }

    boolean areGood() {
        return mistakes.isEmpty();
    }

    List<Mistake> mistakes() {
        List<Mistake> all = new ArrayList<>(mistakes);
        if (untold > 0) {
            all.add(
                    new Mistake(
                            "configuration",
                            "",
                            new Source.Nowhere(),
                            "there are " + untold + " more mistakes",
                            "put these right first"));
        }
        return List.copyOf(all);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
