package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What must never happen and did: one line each in {@code target/lab-violations.txt}. A test that
 * fails is run once more; these lines stay, and the build fails with them (build/LabVerdict.java).
 */
final class Violations {

    private static final Path FILE = Path.of("target", "lab-violations.txt");

    private Violations() {}

    static synchronized void add(String scenario, String what) {
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(
                    FILE,
                    scenario + ": " + what + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
