package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A short command, run to its end. */
final class Command {

    private Command() {}

    /** What it printed; an exception with the command and its complaint when it failed. */
    static String run(String... command) {
        return run("", List.of(command));
    }

    static String run(String input, List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " ended with " + code + ": " + output + input);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
