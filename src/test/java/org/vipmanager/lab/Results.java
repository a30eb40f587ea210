package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of figures: one line a scenario, printed and kept in {@code target/lab-results.txt}, or
 * in {@code target/lab-results-vip-manager2.txt} for the Go program.
 */
final class Results {

    /** What measures in milliseconds runs beside tests that wait, and not beside its like. */
    static final String FIGURES = "figures";

    private static final List<String> LINES = new ArrayList<>();

    private Results() {}

    static synchronized void add(String scenario, String figures) {
        String line = "%-44s %s".formatted(scenario, figures);
        System.out.println(line);
        LINES.add(line);
        try {
            Path file = file();
            Files.createDirectories(file.getParent());
            Files.write(file, LINES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file() {
        Program program = Program.underTest();
        return Path.of(
                "target", "lab-results" + (program.isGo() ? "-" + program.name() : "") + ".txt");
    }
}
