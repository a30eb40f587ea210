package org.vipmanager.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** What a daemon has logged and is no mere information. */
final class Warnings {

    private static final Pattern INFORMATION = Pattern.compile("^\\S+Z (INFO|DEBUG) ");

    /** Where others want its processors, or change interfaces all the time. */
    private static final Pattern OF_A_BUSY_MACHINE =
            Pattern.compile(
                    "this process stood still|the kernel took |no answer from the DCS for |: no answer within |: the connection ended \\(");

    /** A line speaks of the last two seconds or three, and may itself be late. */
    private static final Duration SPEAKS_OF = Duration.ofSeconds(4);

    private Warnings() {}

    /** Those after that many lines. */
    static List<String> since(int lines, Daemon daemon) {
        return daemon.log().stream()
                .skip(lines)
                .filter(line -> !INFORMATION.matcher(line).find())
                .toList();
    }

    /** Whether it is one that a machine writes that just then kept the bystander waiting, too. */
    static boolean isExplainedBy(Bystander bystander, String line) {
        if (!OF_A_BUSY_MACHINE.matcher(line).find()) {
            return false;
        }
        Instant told = Instant.parse(line.substring(0, line.indexOf(' ')));
        long at = System.nanoTime() - Duration.between(told, Instant.now()).toNanos();
        return bystander.wasKeptWaiting(at - SPEAKS_OF.toNanos(), at);
    }
}
