package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A document with figures. Each part of the benchmark has a section between two marks there, which
 * it replaces; all else is written by people.
 *
 * @param file where it is, from the project's folder
 */
record BenchPage(Path file) {

    /** Latencies and starts. */
    static final BenchPage BENCHMARKS = new BenchPage(Path.of("docs", "benchmarks.md"));

    /** Many addresses, many followers, and the pieces. */
    static final BenchPage SCALE = new BenchPage(Path.of("docs", "scale.md"));

    /** What faults do. */
    static final BenchPage MEASUREMENTS = new BenchPage(Path.of("docs", "measurements.md"));

    private static final Path FOLDER = Path.of("docs", "bench");

    /** Where that drawing, or file of samples, lies. */
    static Path attachment(String name) {
        return FOLDER.resolve(name);
    }

    static void attach(String name, CharSequence content) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(attachment(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That part's section is this text from now on. */
    void replace(String part, String text) {
        String begin = "<!-- make bench, part " + part + " -->\n";
        String end = "<!-- end of part " + part + " -->\n";
        try {
            String page = Files.readString(file);
            int from = page.indexOf(begin);
            int to = page.indexOf(end);
            if (from < 0 || to < from) {
                throw new IllegalStateException(
                        "%s has no section between %s and %s".formatted(file, begin, end));
            }
            Files.writeString(
                    file,
                    page.substring(0, from + begin.length())
                            + text.strip()
                            + "\n"
                            + page.substring(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
