package org.vipmanager.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.http.RecordedLog;

import java.lang.System.Logger.Level;

final class TroubleLogTest {

    private final RecordedLog log = new RecordedLog();
    private final TroubleLog troubles = new TroubleLog(log);

    @Test
    void tellsEachSentenceOnceUntilItIsOver() {
        troubles.began("key", Level.WARNING, "one refused");
        troubles.began("key", Level.WARNING, "two refused");
        troubles.began("key", Level.WARNING, "one refused");
        assertThat(troubles.isOpen("key")).isTrue();
        troubles.over("key", "one answers");
        troubles.over("key", "one answers");
        troubles.began("key", Level.WARNING, "one refused");

        assertThat(log.lines())
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
        assertThat(log.lines()).hasSize(16);
    }
}
