package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The leader's interface is configured by the NetworkManager or the systemd-networkd of a booted
 * Debian, and that again and again. Should our IPv4 and IPv6 addresses go then, they are back, and
 * announced after each loss; how soon is told in the table.
 */
@ResourceLock(Results.FIGURES)
final class ConfigurationLiveIT {

    private static final int TIMES = 10;

    /** In which something may still be removed, or be told, after a command has returned. */
    private static final Duration AFTERMATH = Duration.ofMillis(700);

    private static final List<InetAddress> VIPS = List.of(Lab.VIP, Lab.VIP6);

    @BeforeEach
    void canBoot() {
        Optional<String> whyNot = BootedSystem.whyNot();
        whyNot.ifPresent(reason -> Results.add("booted system", "NOT RUN: " + reason));
        assumeTrue(whyNot.isEmpty(), () -> whyNot.orElseThrow());
    }

    /** NetworkManager takes away whatever address is not its own. */
    @Test
    void networkManager() throws Exception {
        try (Lab lab = Lab.open("NetworkManager");
                LinkWatch links = new LinkWatch(lab.host(1));
                AnnouncementWatch frames = new AnnouncementWatch(lab.host(1))) {
            Path settings = lab.memory("conf.d");
            Files.writeString(
                    settings.resolve("lab.conf"),
                    """
                    [main]
                    no-auto-default=*
                    [keyfile]
                    unmanaged-devices=except:interface-name:eth0
                    """);
            Path connections = lab.memory("connections");
            Path connection = connections.resolve("eth0.nmconnection");
            Files.writeString(
                    connection,
                    """
                    [connection]
                    id=eth0
                    type=ethernet
                    interface-name=eth0
                    [ipv4]
                    method=manual
                    address1=10.0.0.1/24
                    [ipv6]
                    method=manual
                    address1=fd00::1/64
                    """);
            Files.setPosixFilePermissions(connection, PosixFilePermissions.fromString("rw-------"));
            Map<String, Path> folders =
                    Map.of(
                            "/etc/NetworkManager/conf.d", settings,
                            "/etc/NetworkManager/system-connections", connections);
            try (BootedSystem system =
                    BootedSystem.boot(lab, lab.host(1), "NetworkManager.service", folders)) {
                awaitState(system, "nmcli -g GENERAL.STATE device show eth0", "100 (connected)");
                Stage stage = new Stage(lab, links, frames, system);
                stage.play("nmcli device reapply eth0");
                stage.play("nmcli connection up eth0");
                stage.play("systemctl reset-failed && systemctl restart NetworkManager");
            }
        }
    }

    /** Each time networkd finds other addresses of the host's own in its file. */
    @Test
    void networkd() throws Exception {
        try (Lab lab = Lab.open("systemd-networkd");
                LinkWatch links = new LinkWatch(lab.host(1));
                AnnouncementWatch frames = new AnnouncementWatch(lab.host(1))) {
            Path files = lab.memory("network");
            writeNetwork(files, 11);
            Map<String, Path> folders = Map.of("/etc/systemd/network", files);
            try (BootedSystem system =
                    BootedSystem.boot(lab, lab.host(1), "systemd-networkd.service", folders)) {
                awaitState(
                        system,
                        "networkctl list eth0 --no-legend | awk '{print $5}'",
                        "configured");
                Stage stage = new Stage(lab, links, frames, system);
                stage.play("networkctl reconfigure eth0", i -> writeNetwork(files, 100 + i));
                stage.play(
                        "systemctl reset-failed && systemctl restart systemd-networkd",
                        i -> writeNetwork(files, 120 + i));
                stage.play("networkctl down eth0; networkctl up eth0");
            }
        }
    }

    private static void writeNetwork(Path folder, int number) throws IOException {
        Files.writeString(
                folder.resolve("10-eth0.network"),
                """
                [Match]
                Name=eth0
                [Network]
                IPv6AcceptRA=no
                Address=10.0.0.%1$d/24
                Address=fd00::%1$d/64
                """
                        .formatted(number));
    }

    private static void awaitState(BootedSystem system, String question, String state) {
        await("eth0 is " + state)
                .atMost(Lab.START)
                .ignoreExceptions()
                .until(() -> system.run(question).equals(state));
    }

    /** What is to be done before each time. */
    private interface Preparation {
        void prepare(int time) throws IOException;
    }

    /** What is measured with. */
    private static final class Stage {

        private final Lab lab;
        private final Host host;
        private final LinkWatch links;
        private final AnnouncementWatch frames;
        private final BootedSystem system;
        private final Daemon daemon;

        Stage(Lab lab, LinkWatch links, AnnouncementWatch frames, BootedSystem system)
                throws InterruptedException {
            this.lab = lab;
            this.host = lab.host(1);
            this.links = links;
            this.frames = frames;
            this.system = system;
            lab.patroni(host, Lab.A_LONG_LEASE);
            daemon = lab.daemon(host, lab.settings(host, Lab.BOTH_FAMILIES_RARELY_RENEWED));
            lab.holders().awaitServing(host, Lab.START);
            await().until(() -> host.has(Lab.VIP6));
            Thread.sleep(AFTERMATH);
        }

        void play(String command) throws IOException, InterruptedException {
            play(command, _ -> {});
        }

        void play(String command, Preparation preparation)
                throws IOException, InterruptedException {
            Samples back = new Samples();
            Duration outage = Duration.ZERO;
            int lines = daemon.log().size();
            long begun = System.nanoTime();
            for (int i = 0; i < TIMES; i++) {
                preparation.prepare(i);
                long before = lab.timeline().note(command);
                system.run(command);
                Thread.sleep(AFTERMATH);
                for (InetAddress vip : VIPS) {
                    awaitBack(command, vip, before).forEach(back::add);
                }
                Duration gap = lab.client().longestGap(before, System.nanoTime());
                outage = gap.compareTo(outage) > 0 ? gap : outage;
            }
            String removals = back.count() == 0 ? "never removed" : "back and announced: " + back;
            Results.add(command, removals + "; client's longest outage " + Samples.text(outage));
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
            for (InetAddress vip : VIPS) {
                assertThat(daemon.log().stream().skip(lines).filter(isRestored(vip)).count())
                        .as("%s: %s is told once a second at most", command, vip)
                        .isLessThanOrEqualTo(seconds + 2);
            }
        }

        /** Until the address is there and announced; how long that took after each loss. */
        private List<Duration> awaitBack(String command, InetAddress vip, long before) {
            await(command + ": " + vip + " is there")
                    .atMost(Lab.AT_ONCE)
                    .until(() -> host.has(vip));
            List<Timeline.Gap> gaps = lab.timeline().gaps(host, vip, before);
            if (!gaps.isEmpty()) {
                await(command + ": " + vip + " is announced after its last loss")
                        .atMost(Lab.AT_ONCE)
                        .until(() -> frames.isAnnouncedAnew(vip, lost(gaps.getLast())));
            }
            return gaps.stream()
                    .map(gap -> Duration.ofNanos(frames.first(vip, lost(gap)) - possible(gap)))
                    .toList();
        }

        /** Two threads tell of frames and of addresses, either a moment late. */
        private static long lost(Timeline.Gap gap) {
            return gap.lostAtNanos() - Duration.ofMillis(2).toNanos();
        }

        /** At once, or when the interface was up again. */
        private long possible(Timeline.Gap gap) {
            long ready = links.lastUpAgain("eth0", gap.heldAtNanos());
            return Math.max(ready, gap.lostAtNanos());
        }

        private static Predicate<String> isRestored(InetAddress vip) {
            String printed = vip.equals(Lab.VIP6) ? "fd00::99/64" : "10.0.0.99/24";
            return line -> line.contains("adding " + printed + " on eth0 again: somebody else");
        }
    }
}
