package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The document of a benchmark: {@code docs/benchmarks.md}, its drawings and all samples beside it
 * in {@code docs/bench}. It is written anew after each section, so that a run that is ended early
 * leaves what it has measured.
 */
final class BenchReport {

    private static final Path DOCUMENT = Path.of("docs", "benchmarks.md");
    private static final Path FOLDER = Path.of("docs", "bench");

    private final List<String> lines = new ArrayList<>();

    BenchReport(String head) {
        lines.add(head);
        write();
    }

    /** Where that file of the document lies. */
    static Path file(String name) {
        return FOLDER.resolve(name);
    }

    void section(String title, String text) {
        lines.add("\n## " + title + "\n\n" + text);
        write();
    }

    void text(String text) {
        lines.add("\n" + text);
        write();
    }

    /** As a table, and a drawing of all. */
    void distribution(String name, String title, Map<String, Samples> named) {
        BenchPlot.distribution(file(name + ".svg"), title, named);
        text("![%s](bench/%s.svg)".formatted(title, name));
        table(name, title, named);
    }

    /** A table row for each of the named samples, and their CSV. */
    void table(String name, String title, Map<String, Samples> named) {
        StringBuilder table =
                new StringBuilder(
                        """

                        | %s | samples | first | median | 90 %% | 99 %% | worst |
                        | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                        """
                                .formatted(title));
        StringBuilder csv = new StringBuilder("series,turn,milliseconds\n");
        named.forEach(
                (series, samples) -> {
                    table.append(
                            "| %s | %d | %s | %s | %s | %s | %s |\n"
                                    .formatted(
                                            series,
                                            samples.count(),
                                            Samples.text(samples.first()),
                                            Samples.text(samples.median()),
                                            Samples.text(samples.percentile(90)),
                                            Samples.text(samples.percentile(99)),
                                            Samples.text(samples.worst())));
                    int turn = 0;
                    for (Duration each : samples.inOrder()) {
                        csv.append(
                                String.format(
                                        Locale.ROOT,
                                        "%s,%d,%.3f%n",
                                        series,
                                        ++turn,
                                        each.toNanos() / 1e6));
                    }
                });
        save(name + ".csv", csv);
        text(
                table.toString().strip()
                        + "\n\nAll samples: [%s.csv](bench/%s.csv).".formatted(name, name));
    }

    static void save(String name, CharSequence content) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(file(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() {
        try {
            Files.writeString(DOCUMENT, String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
