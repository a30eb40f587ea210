package org.vipmanager.simulation;

import java.util.Locale;
import java.util.Map;

/** The result of many runs as tables. */
final class Report {

    private final Tally tally;

    Report(Tally tally) {
        this.tally = tally;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%n%d seeds%n%n", tally.runs()));
        text.append(
                String.format(
                        "%-52s %9s %9s %15s %9s %11s%n",
                        "two holders",
                        "overlaps",
                        "longest",
                        "nearest to its",
                        "bound",
                        "in seed"));
        for (OverlapClass kind : OverlapClass.values()) {
            Tally.Worst worst = tally.worst().get(kind);
            text.append(worst == null ? line(kind) : line(kind, worst));
        }
        for (Tally.Subject subject : Tally.Subject.values()) {
            text.append(String.format("%n%-52s %9s%n", subject.title(), "seeds"));
            for (Map.Entry<String, Integer> entry : tally.seeds(subject).entrySet()) {
                text.append(String.format("%-52s %9d%n", entry.getKey(), entry.getValue()));
            }
        }
        return text.toString();
    }

    private static String line(OverlapClass kind) {
        return String.format("%-52s %9d%n", kind.title(), 0);
    }

    private static String line(OverlapClass kind, Tally.Worst worst) {
        return String.format(
                Locale.ROOT,
                "%-52s %9d %7.3f s %13.3f s %7.3f s %11d%n",
                kind.title(),
                worst.count(),
                worst.longest() / 1e9,
                worst.nanos() / 1e9,
                worst.allowed() / 1e9,
                worst.seed());
    }
}
