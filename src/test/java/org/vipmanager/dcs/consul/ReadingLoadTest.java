package org.vipmanager.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.posix.RecordedLog;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who follows more keys than Consul answers for in time is told so before it costs an address. */
final class ReadingLoadTest {

    private final RecordedLog log = RecordedLog.of("org.vipmanager.consul");

    /** By these an answer counts for 1 s + 3 × 2 s + 2 × 0.25 s. */
    private final ReadingLoad load =
            new ReadingLoad(
                    new ConsulSettings(
                            List.of(URI.create("http://a")),
                            Optional.empty(),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            3,
                            Duration.ofMillis(250),
                            ConsulSettings.USUAL_LONG_POLL));

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aRoundThatTakesHalfOfWhatAnAnswerCountsFor_isToldOnce() {
        load.roundTook(Duration.ofMillis(3700), 1000);
        assertThat(log.lines()).isEmpty();
        load.roundTook(Duration.ofMillis(3800), 1000);
        load.roundTook(Duration.ofMillis(3900), 1000);

        assertThat(log.lines()).hasSize(1);
        assertThat(log.lines().getFirst())
                .startsWith("Consul takes 3.8 s to answer for 1000 keys, and an answer counts for")
                .contains("7.5 s", "Follow fewer keys");
    }

    @Test
    void itsEndIsTold_whenThereIsRoomAgain() {
        load.roundTook(Duration.ofSeconds(4), 1000);
        load.roundTook(Duration.ofSeconds(3), 1000);
        assertThat(log.lines()).hasSize(1);
        load.roundTook(Duration.ofMillis(1800), 1000);

        assertThat(log.lines().getLast()).isEqualTo("Consul answers for all keys in time again");
    }
}
