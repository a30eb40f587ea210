package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.ExitCode;
import org.vipmanager.Main;
import org.vipmanager.ShippedFlags;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.hetzner.HttpStub;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the daemon's end tells whoever started it. */
final class DaemonTest {

    @TempDir Path folder;

    @Test
    void exitCode_tellsWhetherAnAddressWasLeftBehind() {
        VirtualIp vip = new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");

        assertThat(Daemon.afterStop(List.of())).isEqualTo(ExitCode.STOPPED_ON_REQUEST);
        assertThat(Daemon.afterStop(List.of(vip))).isEqualTo(ExitCode.FAILED);
    }

    /** What decides on the first call to a provider is loaded by the loop, and is no class here. */
    @Test
    @Timeout(120)
    void defectOnTheLoop_endsTheDaemonByItsLastWill() throws Exception {
        Path broken = folder.resolve("org/vipmanager/provider/NextCall.class");
        Files.createDirectories(broken.getParent());
        Files.createFile(broken);
        try (HttpStub patroni = new HttpStub((_, out) -> HttpStub.json(out, 200, "{}"))) {
            Process daemon =
                    ShippedFlags.startBehind(
                            folder,
                            Main.class,
                            RoutedDaemon.flags(patroni, Path.of("/bin/true"), folder));
            try {
                assertThat(daemon.waitFor(60, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
                assertThat(daemon.exitValue()).isEqualTo(ExitCode.FAILED.number());
                assertThat(RoutedDaemon.log(daemon))
                        .contains("the daemon stops because of a defect in it", "Truncated class");
            } finally {
                daemon.destroyForcibly();
            }
        }
    }
}
