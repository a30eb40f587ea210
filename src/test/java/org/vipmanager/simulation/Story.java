package org.vipmanager.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in a run, line by line: time, who, what. Kept only when somebody wants to read. */
final class Story {

    private final Agenda agenda;
    private final boolean wanted;
    private final List<String> lines = new ArrayList<>();

    Story(Agenda agenda, boolean wanted) {
        this.agenda = agenda;
        this.wanted = wanted;
    }

    boolean isWanted() {
        return wanted;
    }

    void tell(String who, String what) {
        if (wanted) {
            lines.add(String.format(Locale.ROOT, "%10.4f  %-9s %s", agenda.now() / 1e9, who, what));
        }
    }

    List<String> lines() {
        return lines;
    }
}
