package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How long a stop may take. */
final class StopGuardTest {

    private static final Pattern PATIENCE_OF_SYSTEMD =
            Pattern.compile("^TimeoutStopSec=(\\d+)$", Pattern.MULTILINE);

    private final List<Duration> ended = new ArrayList<>();
    private final long begun = System.nanoTime();

    private void end() {
        ended.add(Duration.ofNanos(System.nanoTime() - begun));
    }

    @Test
    void stopThatTakesTooLong_isEndedByForce() {
        new StopGuard(Duration.ofMillis(50), this::end).watch();
        assertThat(ended)
                .singleElement()
                .satisfies(took -> assertThat(took).isGreaterThan(Duration.ofMillis(50)));
    }

    /** It is allowed so when the guard watches already. */
    @Test
    void stopThatMayTakeLonger_isNot_untilThat() throws InterruptedException {
        StopGuard guard = new StopGuard(Duration.ofSeconds(1), this::end);
        Thread watching = Thread.ofPlatform().start(guard::watch);
        while (watching.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        guard.allow(Duration.ofSeconds(1));
        watching.join();
        assertThat(ended)
                .singleElement()
                .satisfies(took -> assertThat(took).isGreaterThan(Duration.ofSeconds(2)));
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
}
