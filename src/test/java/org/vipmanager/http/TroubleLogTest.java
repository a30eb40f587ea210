package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

final class TroubleLogTest {

    private final List<String> lines = new ArrayList<>();
    private final TroubleLog troubles = new TroubleLog(new Lines());

    @Test
    void tellsEachSentenceOnceUntilItIsOver() {
        troubles.began("key", Level.WARNING, "one refused");
        troubles.began("key", Level.WARNING, "two refused");
        troubles.began("key", Level.WARNING, "one refused");
        assertThat(troubles.isOpen("key")).isTrue();
        troubles.over("key", "one answers");
        troubles.over("key", "one answers");
        troubles.began("key", Level.WARNING, "one refused");

        assertThat(lines)
                .containsExactly(
                        "WARNING one refused",
                        "WARNING two refused",
                        "INFO one answers",
                        "WARNING one refused");
    }

    @Test
    void doesNotFillTheLogWithSentencesThatAllDiffer() {
        for (int number = 0; number < 1000; number++) {
            troubles.began("key", Level.WARNING, "trouble " + number);
        }
        assertThat(lines).hasSize(16);
    }

    private final class Lines implements Logger {

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            lines.add(level + " " + text);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            lines.add(level + " " + format);
        }
    }
}
