package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** The configuration file is changed, and the daemon is told so by SIGHUP. */
@Execution(ExecutionMode.CONCURRENT)
final class ReloadLiveIT {

    private static final Duration UNDISTURBED = Duration.ofSeconds(2);
    private static final Duration LONGER_THAN_TRUST = Duration.ofSeconds(8);
    private static final String OTHER_KEY = "/service/other/leader";

    /**
     * The file gets two mistakes: both are logged, and nothing changes. Nor does it when the file
     * lists more addresses than the heap could hold. Then it is put right, with more to be logged
     * and a patroni-url: that is taken over.
     */
    @Test
    void mistake_changesNothing() throws InterruptedException {
        try (Lab lab = Lab.open("reload with mistakes")) {
            SettingsFile file = lab.settings(lab.host(1), "");
            Daemon daemon = openWithLeader(lab, file);
            file.write("netmask: 33\nintervall: 5\nvips: [{ip: 10.0.0.101}]\n");
            long at = reload(lab, daemon, "was not reloaded, nothing has changed");
            lab.awaitLog(daemon, "netmask = \"33\"");
            lab.awaitLog(daemon, "intervall = \"5\"");
            file.write("vips:\n" + "- ip: 10.0.0.101\n".repeat(50_000));
            reload(lab, daemon, "was not reloaded, nothing has changed");
            lab.awaitLog(daemon, "lists more than 2000 entries");
            file.write("verbose: true\npatroni-url: http://127.0.0.1:8008\n");
            reload(lab, daemon, "configuration reloaded: addresses unchanged 1");
            lab.leaderKey().name(lab.host(1));
            await("it is verbose")
                    .until(() -> daemon.log().stream().anyMatch(line -> line.contains("DEBUG")));
            assertUndisturbed(lab, at);
            assertThat(lab.host(1).has(InetAddress.ofLiteral("10.0.0.101"))).isFalse();
        }
    }

    /**
     * Of six addresses one goes, one gets another netmask, one another interface, one another key
     * that names this host as well, and one a key that names another; two are new. Each is where it
     * belongs within a moment, and the one that stays as it was notices nothing.
     */
    @Test
    void addressesComeGoAndChange() throws InterruptedException {
        try (Lab lab = Lab.open("reload addresses")) {
            lab.leaderKey(OTHER_KEY).name(lab.host(2));
            SettingsFile file =
                    lab.settings(
                            lab.host(1),
                            """
                            vips:
                              - ip: 10.0.0.101
                              - ip: 10.0.0.102
                              - ip: 10.0.0.103
                              - ip: 10.0.0.104
                              - ip: fd00::105
                                netmask: 64
                            """);
            Daemon daemon = openWithLeader(lab, file);
            file.write(
                    """
                    vips:
                      - ip: 10.0.0.102
                        netmask: 28
                      - ip: 10.0.0.103
                        interface: dcs0
                      - ip: 10.0.0.104
                        trigger-key: %s
                      - ip: fd00::105
                        netmask: 64
                      - ip: 10.0.0.106
                      - ip: fd00::107
                        netmask: 64
                    """
                            .formatted(OTHER_KEY));
            long at =
                    reload(
                            lab,
                            daemon,
                            "configuration reloaded: addresses unchanged 2, removed 4, added 5");
            await("each is where it belongs")
                    .atMost(Lab.AT_ONCE)
                    .until(
                            () ->
                                    heldBy(lab.host(1))
                                            .equals(
                                                    List.of(
                                                            "dcs0 10.0.0.103/24",
                                                            "eth0 10.0.0.102/28",
                                                            "eth0 10.0.0.106/24",
                                                            "eth0 10.0.0.99/24",
                                                            "eth0 fd00::105/64",
                                                            "eth0 fd00::107/64")));
            long last =
                    lab.timeline().firstHeld(lab.host(1), InetAddress.ofLiteral("fd00::107"), at);
            Results.add(
                    "reload: new addresses",
                    "held %s after the signal"
                            .formatted(Samples.text(Duration.ofNanos(last - at))));
            assertUndisturbed(lab, at);
            assertThat(
                            lab.timeline()
                                    .firstRemoved(
                                            lab.host(1), InetAddress.ofLiteral("fd00::105"), at))
                    .isNegative();
        }
    }

    /** The endpoint is exchanged, and the server that was asked before is then taken away. */
    @Test
    void endpointsAreTakenOver() throws InterruptedException {
        try (Lab lab = Lab.open("reload endpoints", 2, 3, Lab.VIP)) {
            List<EtcdServer> followers =
                    lab.etcdServers().stream().filter(etcd -> !etcd.isRaftLeader()).toList();
            SettingsFile file = lab.settings(lab.host(1), endpoint(followers.getFirst()));
            Daemon daemon = openWithLeader(lab, file);
            file.write(endpoint(followers.getLast()));
            long at = reload(lab, daemon, "connecting to the DCS anew");
            followers.getFirst().kill();
            Thread.sleep(LONGER_THAN_TRUST);
            assertUndisturbed(lab, at);
            LeaderKey key = lab.leaderKey(followers.getLast().host().namespace());
            key.name(lab.host(2));
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /**
     * The operator turns etcd's authentication on, and the daemon is refused from then on. It gets
     * a user and a password before its trust ends, and goes on as if nothing had been.
     */
    @Test
    void credentialsAreTakenOver() throws InterruptedException {
        try (Lab lab = Lab.open("reload credentials")) {
            SettingsFile file = lab.settings(lab.host(1), "");
            Daemon daemon = openWithLeader(lab, file);
            lab.leaderKey().demandPassword("operator", "Kohlrabi");
            Thread.sleep(Duration.ofSeconds(2));
            file.write("etcd-user: operator\netcd-password: wrong\n");
            reload(lab, daemon, "connecting to the DCS anew");
            Thread.sleep(Duration.ofMillis(500));
            file.write("etcd-user: operator\netcd-password: Kohlrabi\n");
            long at = reload(lab, daemon, "connecting to the DCS anew");
            Thread.sleep(LONGER_THAN_TRUST);
            assertUndisturbed(lab, at - Duration.ofSeconds(3).toNanos());
            assertThat(daemon.log()).noneMatch(line -> line.contains("Kohlrabi"));
        }
    }

    /**
     * The name that etcd's certificate must bear is exchanged, and the connection that stands does
     * not go on under the old one. The operator takes it back before trust ends.
     */
    @Test
    void serverNameIsTakenOver() throws InterruptedException {
        try (Lab lab = Lab.openWithoutEtcd("reload server name")) {
            SecuredEtcd etcd = new SecuredEtcd(lab, "etcd-3.5");
            etcd.start();
            etcd.nameLeader(lab.host(1));
            SettingsFile file = lab.settings(lab.host(1), etcd.settings());
            Daemon daemon = lab.daemon(lab.host(1), file);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(1));
            file.write(etcd.settings() + "etcd-tls-server-name: another.example\n");
            long at = reload(lab, daemon, "connecting to the DCS anew");
            lab.awaitLog(daemon, "certificate is for another host");
            file.write(etcd.settings());
            daemon.signal(Kernel.SIGHUP);
            Thread.sleep(LONGER_THAN_TRUST);
            assertUndisturbed(lab, at);
        }
    }

    private static Daemon openWithLeader(Lab lab, SettingsFile file) throws InterruptedException {
        lab.leaderKey().name(lab.host(1));
        Daemon daemon = lab.daemon(lab.host(1), file);
        lab.holders().awaitServing(lab.host(1), Lab.START);
        Thread.sleep(Duration.ofSeconds(1));
        return daemon;
    }

    private static String endpoint(EtcdServer etcd) {
        return "dcs-endpoints: " + etcd.endpoint() + "\n";
    }

    /** Returns the time of the signal, after the daemon has logged what it made of it. */
    private static long reload(Lab lab, Daemon daemon, String line) {
        long at = daemon.signal(Kernel.SIGHUP);
        lab.awaitLog(daemon, line);
        return at;
    }

    private static void assertUndisturbed(Lab lab, long sinceNanos) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(500));
        assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), sinceNanos)).isNegative();
        Duration outage = lab.client().longestGap(sinceNanos, System.nanoTime());
        Results.add(
                lab.folder().getFileName().toString(), "client's outage " + Samples.text(outage));
        assertThat(outage).isLessThan(UNDISTURBED);
    }

    /** All addresses with a lifetime, as {@code ip} tells them. */
    private static List<String> heldBy(Host host) {
        return Command.run("ip", "-n", host.namespace().name(), "-o", "address", "show")
                .lines()
                .filter(line -> !line.contains("valid_lft forever"))
                .map(line -> line.trim().split("\\s+"))
                .map(words -> words[1] + " " + words[3])
                .sorted()
                .toList();
    }
}
