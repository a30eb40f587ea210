package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.ExitCode;
import org.vipmanager.Main;
import org.vipmanager.ShippedFlags;
import org.vipmanager.hetzner.HttpStub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The whole daemon's end where a program routes the address, which needs no privileges. */
final class ReleaseAtTheStopTest {

    @TempDir Path folder;

    /** Slower than a stop may be without it, or behind a look that lasts. */
    @ParameterizedTest
    @CsvSource({"true, sleep 4", "sleep 600, true"})
    @Timeout(120)
    void release_hasItsTime(String look, String release) throws Exception {
        Path begun = folder.resolve("state");
        Path done = folder.resolve("release-done");
        Path program = folder.resolve("route");
        Files.writeString(
                program,
                """
                #!/bin/sh
                cd %s
                echo > $1
                case $1 in state) %s;; release) %s;; esac
                echo > $1-done
                """
                        .formatted(folder, look, release));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        try (HttpStub patroni = new HttpStub((_, out) -> HttpStub.json(out, 200, "{}"))) {
            Process daemon =
                    ShippedFlags.start(Main.class, RoutedDaemon.flags(patroni, program, folder));
            await("it is looked at")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(begun) || !daemon.isAlive());
            daemon.toHandle().destroy(); // which leaves its output open
            assertThat(RoutedDaemon.log(daemon)).contains("stopping: SIGTERM");
            assertThat(daemon.waitFor()).isEqualTo(ExitCode.STOPPED_ON_REQUEST.number());
        }
        assertThat(done).exists();
    }
}
