package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The table of figures: one line a scenario, printed and kept in {@code target/lab-results.txt}.
 */
final class Results {

    private static final Path FILE = Path.of("target/lab-results.txt");

    private Results() {}

    static synchronized void add(String scenario, String figures) {
        String line = "%-40s %s".formatted(scenario, figures);
        System.out.println(line);
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(
                    FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
