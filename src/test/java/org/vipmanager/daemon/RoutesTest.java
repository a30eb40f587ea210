package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.config.Config;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Event;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.hetzner.HttpStub;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.report.LogJournal;
import org.vipmanager.systemd.SystemdNotifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a reload does to the clients of providers. */
final class RoutesTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final ThreadLoop loop = new ThreadLoop();
    private final Routes routes =
            new Routes(
                    loop,
                    LeaderSource.SILENT,
                    new LogJournal(new SystemdNotifier(new FfmLibC(), Map.of())),
                    Map.of());

    @AfterEach
    void end() {
        routes.close();
        loop.close();
    }

    /** A request is under way when its endpoint is given up: it ends, and the new one is asked. */
    @Test
    void otherSettings_closeTheClientBefore() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (HttpStub before = new HttpStub(HttpStub.endless(heard::countDown, closed::countDown));
                HttpStub after = new HttpStub((asked, out) -> HttpStub.json(out, 503, "{}"))) {
            follow(config(before));
            assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
            follow(config(after));
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
            await("the new one is asked").atMost(LONG).until(() -> !after.asked().isEmpty());
        }
    }

    private void follow(Config config) {
        loop.execute(
                () ->
                        routes.of(config)
                                .forEach(
                                        one -> {
                                            one.start();
                                            one.accept(new Event.Seen(leading()));
                                        }));
    }

    private Sighting leading() {
        return new Sighting(
                "/service/db/leader",
                Optional.of("pg1"),
                Sighting.Origin.READ,
                new Revision(1, 1),
                1,
                0,
                loop.now(),
                loop.now());
    }

    private Config config(HttpStub robot) throws IOException {
        Path credentials = folder.resolve("hetzner");
        Files.writeString(credentials, "user=joe\npass=hush\n");
        Map<String, String> flags =
                Map.of(
                        "ip", "198.51.100.9",
                        "manager-type", "hetzner",
                        "hetzner-credentials-file", credentials.toString(),
                        "hetzner-server-ip", "203.0.113.7",
                        "hetzner-endpoint", robot.uri().toString(),
                        "trigger-key", "/service/db/leader",
                        "trigger-value", "pg1");
        return ((LoadOutcome.Loaded) new ConfigLoader(flags, Map.of()).load()).config();
    }
}
