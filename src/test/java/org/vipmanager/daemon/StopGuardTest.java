package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.posix.RecordedLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How long a stop may take. */
final class StopGuardTest {

    private static final Pattern PATIENCE_OF_SYSTEMD =
            Pattern.compile("^TimeoutStopSec=(\\d+)$", Pattern.MULTILINE);

    private final CountDownLatch ended = new CountDownLatch(1);

    @Test
    void stopThatTakesTooLong_isEndedByForce() throws InterruptedException {
        new StopGuard(Duration.ofMillis(50), ended::countDown).begin();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void stopThatMayTakeLonger_isNot_untilThat() throws InterruptedException {
        StopGuard guard = new StopGuard(Duration.ofMillis(50), ended::countDown);
        guard.allow(Duration.ofSeconds(1));
        long begun = System.nanoTime();
        guard.begin();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void longestStop_isShorterThanThePatienceOfSystemd() throws IOException {
        String unit = Files.readString(Path.of("packaging/vip-manager.service"));
        assertThat(PATIENCE_OF_SYSTEMD.matcher(unit).results().map(StopGuardTest::seconds))
                .singleElement()
                .satisfies(
                        patience ->
                                assertThat(Signals.LONGEST_STOP.plus(Routes.LONGEST_CLOSE))
                                        .isLessThan(patience));
    }

    private static Duration seconds(MatchResult line) {
        return Duration.ofSeconds(Long.parseLong(line.group(1)));
    }

    /** Whoever stops it waits for its end. */
    @Test
    void withoutAThread_theStopGoesOn_andThatIsTold() {
        StopGuard guard =
                new StopGuard(
                        Duration.ofSeconds(1),
                        () -> {},
                        watch -> {
                            throw new OutOfMemoryError("unable to create native thread");
                        });
        try (RecordedLog log = RecordedLog.of("org.vipmanager.daemon")) {
            guard.begin();
            assertThat(log.lines()).hasSize(1);
        }
    }
}
