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

    private static LogRecord record(Level level, String message, Object... values) {
        LogRecord entry = new LogRecord(level, message);
        entry.setParameters(values);
        return entry;
    }
}
