package org.vipmanager.program;

import org.vipmanager.log.Printable;

/**
 * How a program has ended.
 *
 * @param exitCode its own; 0 where it has not ended by itself
 * @param output the end of what it has written, to standard output and standard error
 */
public record ProgramEnd(How how, int exitCode, String output) {

    /** What has ended it. */
    public enum How {
        EXITED,
        /** It could not be started, or says so by its exit code. */
        NOT_STARTED,
        TIMED_OUT,
        /** Nobody wanted it any more. */
        UNWANTED
    }

    private static final int LONGEST_LINE = 200;

    /** The last line that it has written, fit to be shown; empty without one. */
    public String lastLine() {
        String last = output.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line);
        return Printable.line(last.strip(), LONGEST_LINE);
    }
}
