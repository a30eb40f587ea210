package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The host's interfaces are configured by systemd-networkd, and that again and again. */
@Execution(ExecutionMode.CONCURRENT)
final class NetworkdLiveIT {

    private static final Path NETWORKD = Path.of("/lib/systemd/systemd-networkd");
    private static final int TIMES = 3;

    /** Without udev, which a read-only /sys tells it, and with a /run of its own. */
    private static final String START =
            """
            mount -o remount,ro /sys
            mount -t tmpfs tmpfs /run
            mkdir -p /run/systemd/network /run/systemd/netif/links
            mkdir -p /run/systemd/netif/leases /run/systemd/netif/lldp
            chown -R systemd-network /run/systemd/netif
            printf '[Match]\\nName=eth0\\n[Network]\\nIPv6AcceptRA=no\\n' > %1$s
            printf 'Address=10.0.0.%2$d/24\\nAddress=fd00::%2$d/64\\n' >> %1$s
            export SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console
            exec %3$s
            """;

    /**
     * While the leader holds an IPv4 and an IPv6 address, networkd is started, takes the interface
     * over, and gives the host other addresses of its own, each time others. Should ours go then,
     * they are back within 50 ms.
     */
    @Test
    void interfaceIsConfiguredAnew() throws InterruptedException {
        assumeTrue(Files.isExecutable(NETWORKD), NETWORKD + " is missing");
        try (Lab lab = Lab.open("networkd")) {
            Host host = lab.host(1);
            lab.leaderKey().name(host);
            lab.daemon(host, lab.settings(host, "vips: [{ip: \"fd00::99\", netmask: 64}]\n"));
            lab.holders().awaitServing(host, Lab.START);
            Thread.sleep(Duration.ofSeconds(1));
            long since = System.nanoTime();
            for (int i = 0; i < TIMES; i++) {
                configure(lab, host, 11 + i);
            }
            Duration outage = lab.client().longestGap(since, System.nanoTime());
            Results.add(
                    "systemd-networkd re-configures, three times",
                    "IPv4 removed %s, IPv6 removed %s, client's outage %s"
                            .formatted(
                                    lab.holders().untilRemoved(host, since),
                                    lab.timeline().firstRemoved(host, Lab.VIP6, since) < 0
                                            ? "never"
                                            : "for a moment",
                                    Samples.text(outage)));
            assertThat(outage).isLessThan(Duration.ofMillis(100));
            assertThat(host.has(Lab.VIP)).isTrue();
            assertThat(host.has(Lab.VIP6)).isTrue();
        }
    }

    private static void configure(Lab lab, Host host, int number) throws InterruptedException {
        String file = "/run/systemd/network/10-eth0.network";
        String script = START.formatted(file, number, NETWORKD);
        ServerProcess networkd =
                ServerProcess.start(
                        host.namespace().command("unshare", "--mount", "sh", "-ec", script),
                        Map.of(),
                        lab.folder().resolve("networkd-" + number + ".log"),
                        lab.timeline());
        try {
            await("networkd has configured eth0")
                    .atMost(Lab.START)
                    .until(() -> networkd.lines().stream().anyMatch(NetworkdLiveIT::isDone));
            Thread.sleep(Duration.ofMillis(500));
        } finally {
            networkd.kill();
        }
    }

    private static boolean isDone(String line) {
        return line.contains("eth0: State changed: configuring -> configured");
    }
}
