package org.vipmanager.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The section of one part of the benchmark while it is made, with its drawings and samples. */
final class BenchSection {

    private final String part;
    private final String command;
    private final String loadBefore = BenchMachine.load();
    private final List<String> blocks = new ArrayList<>();
    private final StringBuilder rows = new StringBuilder();
    private final StringBuilder drawings = new StringBuilder();
    private final StringBuilder csv = new StringBuilder("figure,program,turn,milliseconds\n");

    /**
     * Begins a section.
     *
     * @param command what repeats it
     */
    BenchSection(String part, String command) {
        this.part = part;
        this.command = command;
    }

    void text(String text) {
        blocks.add(text.strip());
    }

    /** A row for each of the named, as {@link #writeSamples} shows them. */
    void samples(String figure, Map<String, Samples> named) {
        named.forEach((program, samples) -> add(figure, program, samples));
    }

    private void add(String figure, String program, Samples samples) {
        rows.append(
                "| %s | %s | %d | %s | %s | %s | %s |\n"
                        .formatted(
                                figure,
                                program,
                                samples.count(),
                                Samples.text(samples.median()),
                                Samples.text(samples.percentile95()),
                                Samples.text(samples.percentile(99)),
                                Samples.text(samples.worst())));
        int turn = 0;
        for (Duration each : samples.inOrder()) {
            csv.append(
                    String.format(
                            Locale.ROOT,
                            "%s,%s,%d,%.3f%n",
                            figure,
                            program,
                            ++turn,
                            each.toNanos() / 1e6));
        }
    }

    /** The same, and how they are distributed. */
    void distribution(String name, String figure, Map<String, Samples> named) {
        samples(figure, named);
        String file = part + "-" + name + ".svg";
        BenchPlot.distribution(BenchPage.attachment(file), figure, named);
        drawings.append("![%s](bench/%s)\n".formatted(figure, file));
    }

    /** The table of all samples so far, and where they are. */
    void writeSamples() {
        text(
                """
                | | | samples | median | 95 % | 99 % | worst |
                | --- | --- | ---: | ---: | ---: | ---: | ---: |
                """
                        + rows);
        text(drawings.toString());
        table(csv);
    }

    /** What is behind the tables, as CSV. */
    void table(CharSequence content) {
        BenchPage.attach(part + ".csv", content);
        text("All of it: [%s.csv](bench/%1$s.csv).".formatted(part));
    }

    void writeTo(BenchPage page) {
        blocks.removeIf(String::isEmpty);
        text(
                "*%s, `%s`; %s; load %s before and %s after.*"
                        .formatted(
                                BenchMachine.today(),
                                command,
                                BenchMachine.described(),
                                loadBefore,
                                BenchMachine.load()));
        page.replace(part, String.join("\n\n", blocks));
        System.out.println("written: " + page.file() + ", part " + part);
    }
}
