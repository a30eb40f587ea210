package org.vipmanager.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;

class LineFormatTest {

    private static final LineFormat TERMINAL = new LineFormat(false, false);
    private static final LineFormat JOURNAL = new LineFormat(true, false);

    @Test
    void line_hasTimeAndLevel_onATerminal() {
        LogRecord entry = record(Level.INFO, "released {0} on {1}", "10.0.0.9/24", "eth0");
        entry.setInstant(Instant.parse("2026-11-03T08:05:09.007Z"));

        assertThat(TERMINAL.line(entry))
                .isEqualTo("2026-11-03T08:05:09.007Z INFO released 10.0.0.9/24 on eth0\n");
    }

    @Test
    void line_hasPriorityAndNoTime_inTheJournal() {
        assertThat(JOURNAL.line(record(Level.SEVERE, "a"))).isEqualTo("<3>a\n");
        assertThat(JOURNAL.line(record(Level.WARNING, "a"))).isEqualTo("<4>a\n");
        assertThat(JOURNAL.line(record(Level.INFO, "a"))).isEqualTo("<6>a\n");
        assertThat(JOURNAL.line(record(Level.FINE, "a"))).isEqualTo("<7>a\n");
    }

    @Test
    void line_writesNumbersAsTheyAre_andLeavesBracesAlone() {
        assertThat(JOURNAL.line(record(Level.INFO, "port {0} of {x} {7} it's", 2379)))
                .isEqualTo("<6>port 2379 of {x} {7} it's\n");
        assertThat(JOURNAL.line(record(Level.INFO, "json {\"a\":1} {0}")))
                .isEqualTo("<6>json {\"a\":1} {0}\n");
        assertThat(JOURNAL.line(record(Level.INFO, "open { {0", 1))).isEqualTo("<6>open { {0\n");
    }

    @Test
    void line_isOneLine_whateverTheValueHolds() {
        assertThat(JOURNAL.line(record(Level.INFO, "key is \"{0}\"", "pg1\nreleased")))
                .isEqualTo("<6>key is \"pg1 released\"\n");
    }

    @Test
    void line_showsStackTraces_onlyWhenAsked() {
        LogRecord entry = record(Level.WARNING, "it failed");
        entry.setThrown(new IOException("no route"));

        assertThat(JOURNAL.line(entry)).isEqualTo("<4>it failed: no route\n");
        assertThat(new LineFormat(true, true).line(entry))
                .startsWith("<4>it failed: no route\n")
                .contains("at " + getClass().getName());
    }

    @Test
    void line_writesOutWhatATerminalWouldObey_stackTracesToo() {
        String hostile = "\u001b[2J\u009b2J\u007f\u202egnp\u2066\u200f\u061c\u2028x\u0000\ud800";
        IOException foreign = new IOException(hostile + "\n<0>forged");
        LogRecord entry = record(Level.WARNING, hostile + "{0}", hostile);
        entry.setThrown(new IllegalStateException("wrapped", foreign));

        String line = new LineFormat(true, true).line(entry);

        assertThat(line.lines())
                .allMatch(one -> one.matches("(<4>|java\\.|Caused by: java\\.|\tat ).*"))
                .anyMatch(one -> one.startsWith("Caused by: java.io.IOException: \\x1b[2J\\x9b2J"));
        assertThat(line.replaceAll("\n(\tat )?", "").chars()).allMatch(c -> c >= ' ' && c <= '~');
        assertThat(line)
                .startsWith(
                        "<4>\\x1b[2J\\x9b2J\\x7f\\u202egnp\\u2066\\u200f\\u061c\\u2028x\\x00\\ud800\\x1b[2J");
    }

    @Test
    void line_cutsWhatHasNoEnd() {
        LogRecord entry = record(Level.WARNING, "x".repeat(1_000_000));
        entry.setThrown(new IOException("y".repeat(1_000_000), endlessCauses()));

        assertThat(new LineFormat(true, true).line(entry))
                .contains("xxx... (1000000 characters): yyy")
                .contains("yyy... (1000000 characters)\n")
                .hasSizeLessThan(100_000);
    }

    /** Exceptions can be each other's cause. */
    private static Throwable endlessCauses() {
        Exception one = new Exception("one");
        one.initCause(new Exception("two", one));
        return one;
    }

    private static LogRecord record(Level level, String message, Object... values) {
        LogRecord entry = new LogRecord(level, message);
        entry.setParameters(values);
        return entry;
    }
}
