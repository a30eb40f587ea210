package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code vip-manager check} printed, and its exit code. */
record Checked(int code, String text) {

    /**
     * Runs it to its end.
     *
     * @param daemon the daemon's command line, whose settings it checks
     * @param folder where its output is kept
     */
    static Checked of(List<String> daemon, Path folder) throws InterruptedException {
        Path output = folder.resolve("check.txt");
        List<String> words = new ArrayList<>(daemon);
        words.add("check");
        try {
            Process process =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            int code = process.waitFor();
            return new Checked(code, Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines with these signs, and what to do below them. */
    List<String> lines(String... signs) {
        List<String> kept = new ArrayList<>();
        boolean follows = false;
        for (String line : text.lines().toList()) {
            boolean isRemedy = line.startsWith("           do:");
            follows = isRemedy ? follows : Stream.of(signs).anyMatch(line::startsWith);
            if (follows) {
                kept.add(line.strip().replaceAll(" {2,}", " "));
            }
        }
        return kept;
    }
}
