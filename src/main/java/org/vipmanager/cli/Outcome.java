package org.vipmanager.cli;

import org.vipmanager.check.ProviderMaker;
import org.vipmanager.check.Report;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.Mistake;
import org.vipmanager.log.Printable;

import java.util.List;
import java.util.function.Function;

/** What the command line asks for. */
public sealed interface Outcome {

    /** As in the log. */
    int LONGEST_LINE = 8000;

    /**
     * Run the daemon.
     *
     * @param loaded the configuration to start with
     * @param loader loads it again, with the same flags and variables, when the file has changed
     */
    record Run(LoadOutcome.Loaded loaded, ConfigLoader loader) implements Outcome {}

    /** Ask the daemon, and show what it says. */
    record Ask(StatusCommand command) implements Outcome {}

    /**
     * Print and end; the exit code is 0.
     *
     * @param text for standard output, with its last line break
     */
    record Print(String text) implements Outcome {}

    /**
     * Look at everything that an address depends on, print what was found, and end with the
     * report's exit code.
     *
     * @param looking does it, with whatever makes providers, and takes its time
     * @param json whether programs are to read it
     */
    record Check(Function<ProviderMaker, Report> looking, boolean json) implements Outcome {}

    /**
     * Nothing can be started; the exit code is 2.
     *
     * @param mistakes at least one
     * @param warnings what was found beside them
     */
    record Refuse(List<Mistake> mistakes, List<String> warnings) implements Outcome {

        /** For standard error: one line for each, with its last line break. */
        public String text() {
            StringBuilder text = new StringBuilder();
            warnings.forEach(warning -> append(text, "warning: " + warning));
            mistakes.forEach(mistake -> append(text, "error: " + mistake.message()));
            return text.toString();
        }
    }

    /** Every line that is printed and holds what somebody has written. */
    static void append(StringBuilder text, String line) {
        text.append(Printable.line(line, LONGEST_LINE)).append('\n');
    }
}
