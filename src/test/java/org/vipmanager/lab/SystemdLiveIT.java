package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What systemd is told by the daemon: sd_notify(3). */
@Execution(ExecutionMode.CONCURRENT)
final class SystemdLiveIT {

    private static final Duration WATCHDOG = Duration.ofMillis(600);
    private static final Duration LEASE = Duration.ofSeconds(60);

    /** A busy machine needs seconds for the start that it is to outlive. */
    private static final String LONG_LIVED = "--address-lifetime=30s";

    private static final String HOLDING = "STATUS=holding 10.0.0.99/24 on eth0";
    private static final String STANDING_BY = "STATUS=standing by";

    /**
     * The daemon starts before etcd does, follows, leads, loses sight of etcd, and lets go.
     * systemctl status is up to date all the time, and the watchdog is kept quiet.
     */
    @Test
    void status_followsTheAddress() throws InterruptedException {
        try (Lab lab = Lab.openWithoutEtcd("systemd status");
                NotifySocket systemd = new NotifySocket(lab.memory("systemd"))) {
            long started = start(lab, systemd).startedAtNanos();
            NotifySocket.Message ready = systemd.await("READY=1", started);
            assertThat(systemd.runtimeDirectory().resolve("addresses")).exists();
            assertThat(ready.text()).isEqualTo("READY=1\nSTATUS=the DCS has not answered yet");
            lab.etcd().start();
            lab.etcd().awaitReady();
            lab.leaderKey().name(lab.host(2));
            systemd.await(STANDING_BY, started);
            long leading = lab.timeline().note("lead");
            lab.leaderKey().name(lab.host(1));
            assertThat(systemd.await("STATUS", leading).text()).isEqualTo(HOLDING);
            await("three times a second: alive")
                    .atMost(Lab.START)
                    .until(() -> systemd.heartbeatsInTheLastSecond() >= 3);
            long frozen = System.nanoTime();
            lab.etcd().freeze();
            assertThat(systemd.await("STATUS", frozen).text())
                    .isEqualTo(HOLDING + "; the DCS does not answer");
            long thawed = System.nanoTime();
            lab.etcd().thaw();
            systemd.await(HOLDING, thawed);
            long following = lab.timeline().note("follow");
            lab.leaderKey().name(lab.host(2));
            assertThat(systemd.await("STATUS", following).text()).isEqualTo(STANDING_BY);
            assertThat(systemd.since(started)).as("told once").containsOnlyOnce(ready.text());
        }
    }

    /**
     * The leader's daemon is told to reload and to stop. It announces both, and says when it is
     * through with the former, with the time that systemd demands (systemd.service(5), {@code
     * Type=notify-reload}).
     */
    @Test
    void reloadAndStop_areAnnounced() throws InterruptedException {
        try (Lab lab = Lab.open("systemd reload");
                NotifySocket systemd = new NotifySocket(lab.memory("systemd"))) {
            lab.leaderKey().name(lab.host(1));
            Daemon daemon = start(lab, systemd);
            systemd.await(HOLDING, daemon.startedAtNanos());
            long reloading = daemon.signal(Kernel.SIGHUP);
            NotifySocket.Message begun = systemd.await("RELOADING=1", reloading);
            NotifySocket.Message ready = systemd.await("READY=1", reloading);
            assertThat(systemd.since(reloading)).containsExactly(begun.text(), ready.text());
            assertThat(ready.text()).isEqualTo("READY=1\n" + HOLDING);
            assertThat(begun.text()).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+");
            // Java's nanoTime is CLOCK_MONOTONIC on Linux.
            long micros = Long.parseLong(begun.text().replaceFirst("(?s).*USEC=", ""));
            assertThat(micros).isBetween(reloading / 1000, begun.atNanos() / 1000 + 1);

            long stopping = daemon.signal(Kernel.SIGTERM);
            lab.awaitEnd(daemon, stopping);
            systemd.await("STOPPING=1", stopping);
            assertThat(systemd.since(stopping))
                    .filteredOn(text -> text.startsWith("STOPPING=1"))
                    .containsExactly("STOPPING=1\nSTATUS=stopping: SIGTERM");
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /**
     * The leader's configuration has become wrong, then unreadable, when it is told to reload.
     * systemd, which waits for the end of a reload, hears of it, and the status line says what came
     * of it.
     */
    @Test
    void refusedReload_isAnsweredToo() throws Exception {
        try (Lab lab = Lab.open("systemd refused reload");
                NotifySocket systemd = new NotifySocket(lab.memory("systemd"))) {
            lab.leaderKey().name(lab.host(1));
            Path file = lab.folder().resolve("vip-manager.yml");
            Files.writeString(file, "interval: 1000\n");
            Program service = systemd.service(Program.underTest(), WATCHDOG);
            Daemon daemon = lab.daemon(service, lab.host(1), "--config=" + file);
            systemd.await(HOLDING, daemon.startedAtNanos());
            Files.writeString(file, "intervall: soon\n");
            awaitRefusal(systemd, daemon);
            Files.delete(file);
            awaitRefusal(systemd, daemon);
            Files.writeString(file, "interval: 900\n");
            long reloading = daemon.signal(Kernel.SIGHUP);
            systemd.await("RELOADING=1", reloading);
            assertThat(systemd.await("READY=1", reloading).text()).isEqualTo("READY=1\n" + HOLDING);
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
        }
    }

    private static void awaitRefusal(NotifySocket systemd, Daemon daemon) {
        long reloading = daemon.signal(Kernel.SIGHUP);
        NotifySocket.Message begun = systemd.await("RELOADING=1", reloading);
        NotifySocket.Message ready = systemd.await("READY=1", reloading);
        assertThat(begun.atNanos()).isLessThanOrEqualTo(ready.atNanos());
        assertThat(ready.text())
                .isEqualTo(
                        "READY=1\n"
                                + HOLDING
                                + "; the configuration was not reloaded: see the log");
    }

    /**
     * The leader's daemon is stopped as a package stops it to start its successor: the address
     * stays, with a lifetime, and the successor has it before that ends. Then it is stopped as
     * usual, and the address goes.
     */
    @Test
    void stopForAnUpgrade_leavesTheAddress() throws Exception {
        try (Lab lab = Lab.open("systemd upgrade");
                NotifySocket systemd = new NotifySocket(lab.memory("systemd"))) {
            lab.patroni(lab.host(1), LEASE);
            Daemon old = start(lab, systemd, LONG_LIVED);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long since = System.nanoTime();
            Path request = systemd.runtimeDirectory().resolve("keep-address");
            Files.createFile(request);
            lab.awaitEnd(old, old.signal(Kernel.SIGTERM));
            Files.delete(request);
            assertThat(systemd.runtimeDirectory().resolve("addresses")).isEmptyFile();
            Daemon successor = start(lab, systemd, LONG_LIVED);
            systemd.await(HOLDING, successor.startedAtNanos());
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            lab.awaitEnd(successor, successor.signal(Kernel.SIGTERM));
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /** A daemon that refuses its configuration has not started, and does not say so. */
    @Test
    void refusedConfiguration_isNeverReady() throws InterruptedException {
        try (Lab lab = Lab.open("systemd refused");
                NotifySocket systemd = new NotifySocket(lab.memory("systemd"))) {
            Program service = systemd.service(Program.underTest(), WATCHDOG);
            Daemon daemon = lab.daemon(service, lab.host(1), "--interval=soon");
            assertThat(daemon.awaitExit(Lab.START.toSeconds())).isEqualTo(2);
            assertThat(systemd.since(daemon.startedAtNanos())).isEmpty();
        }
    }

    private static Daemon start(Lab lab, NotifySocket systemd, String... flags) {
        return lab.daemon(systemd.service(Program.underTest(), WATCHDOG), lab.host(1), flags);
    }
}
