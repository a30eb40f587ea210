package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.config.Config;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.NoNetwork;
import org.vipmanager.control.VipFleet;
import org.vipmanager.core.Event;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.hetzner.HttpStub;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.provider.RouteState.Phase;
import org.vipmanager.report.LogJournal;
import org.vipmanager.systemd.SystemdNotifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

    /** A look at most is what the address has of it. */
    @ParameterizedTest
    @CsvSource({"30s, 60s, false", "60s, 50s, true"})
    void otherSettingsOfACommand_releaseNothing(String check, String timeout, boolean isLookedAt)
            throws Exception {
        Path program = program("echo $1 >> called");
        VipFleet fleet = new VipFleet(LeaderSource.SILENT, new NoNetwork(), List.of());
        loop.execute(
                () -> {
                    fleet.route(routes.of(config(program, "pg1", "60s", "60s")));
                    fleet.seen(leading());
                });
        await("it is here").atMost(LONG).until(() -> routed() instanceof Phase.Here);
        loop.execute(() -> fleet.route(routes.of(config(program, "pg1", check, timeout))));
        assertThat(routed()).isInstanceOf(Phase.Here.class);
        if (isLookedAt) {
            await("it is looked at").atMost(LONG).until(() -> called().size() == 2);
        }
        loop.execute(() -> fleet.route(routes.of(config(program, "pg9", check, timeout))));
        await("it is released").atMost(LONG).until(() -> called().contains("release"));

        assertThat(called())
                .isEqualTo(
                        isLookedAt
                                ? List.of("state", "state", "release")
                                : List.of("state", "release"));
    }

    private Phase routed() throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> routes.status().getFirst().state().phase(), loop::execute)
                .get();
    }

    private List<String> called() throws IOException {
        return Files.readAllLines(folder.resolve("called"));
    }

    private Path program(String body) throws IOException {
        Path program = folder.resolve("route");
        Files.writeString(program, "#!/bin/sh\ncd " + folder + "\n" + body + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private static Config config(Path program, String value, String check, String timeout) {
        return config(
                Map.of(
                        "ip",
                        "198.51.100.9",
                        "manager-type",
                        "command",
                        "provider-command",
                        program.toString(),
                        "provider-check-interval",
                        check,
                        "provider-timeout",
                        timeout,
                        "trigger-key",
                        "/service/db/leader",
                        "trigger-value",
                        value));
    }

    private static Config config(Map<String, String> flags) {
        return ((LoadOutcome.Loaded) new ConfigLoader(flags, Map.of()).load()).config();
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
        return config(
                Map.of(
                        "ip", "198.51.100.9",
                        "manager-type", "hetzner",
                        "hetzner-credentials-file", credentials.toString(),
                        "hetzner-server-ip", "203.0.113.7",
                        "hetzner-endpoint", robot.uri().toString(),
                        "trigger-key", "/service/db/leader",
                        "trigger-value", "pg1"));
    }
}
