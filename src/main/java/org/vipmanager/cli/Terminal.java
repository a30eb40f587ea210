package org.vipmanager.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What standard output can show.
 *
 * @param isOne whether it is a terminal
 * @param hasColours whether it shall have colours, see no-color.org
 */
record Terminal(boolean isOne, boolean hasColours) {

    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    static Terminal ofStandardOutput(Map<String, String> environment) {
        boolean isOne = isTerminal();
        boolean isPlain =
                !environment.getOrDefault("NO_COLOR", "").isEmpty()
                        || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(isOne, isOne && !isPlain);
    }

    /** Not by Console, which is slow to start and looks at standard input as well. */
    private static boolean isTerminal() {
        try {
            String file = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
            return file.startsWith("/dev/pts/")
                    || file.startsWith("/dev/tty")
                    || file.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    String green(String text) {
        return coloured("32", text);
    }

    String yellow(String text) {
        return coloured("33", text);
    }

    String red(String text) {
        return coloured("31", text);
    }

    String bold(String text) {
        return coloured("1", text);
    }

    private String coloured(String code, String text) {
        return hasColours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
