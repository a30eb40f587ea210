package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.vipmanager.config.StatusConfig;
import org.vipmanager.control.Journal;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.NoNetwork;
import org.vipmanager.control.VipFleet;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.RecordedLog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

final class NotificationsTest {

    private static final Journal NOBODY = (vip, trigger, reason) -> {};

    private final VipFleet fleet = new VipFleet(LeaderSource.SILENT, new NoNetwork(), List.of());

    /** A reload takes the command away, on the loop, which goes on; and so do its threads end. */
    @Test
    void withoutAThreadToWait_theEndIsNotWaitedFor() {
        Set<Thread> before = threads();
        Notifications notifications =
                new Notifications(
                        new FfmLibC(),
                        Map.of(),
                        new Journals(NOBODY, NOBODY),
                        ending -> {
                            throw new OutOfMemoryError("unable to create native thread");
                        });
        notifications.adapt(notifying("/bin/true"), fleet);
        Set<Thread> begun = threads();
        begun.removeAll(before);
        assertThat(begun).isNotEmpty();
        try (RecordedLog log = RecordedLog.of("org.vipmanager.daemon")) {
            notifications.adapt(notifying(), fleet);
            assertThat(log.lines()).hasSize(1);
        }
        await().until(() -> begun.stream().noneMatch(Thread::isAlive));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("notify"))
                .collect(Collectors.toSet());
    }

    private static StatusConfig notifying(String... command) {
        return new StatusConfig(
                Optional.empty(),
                List.of(command),
                Duration.ofSeconds(1),
                Optional.empty(),
                Optional.empty());
    }
}
