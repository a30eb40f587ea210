package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;

/** Others put the address on a host that does not lead, and the daemon there is stopped. */
@Execution(ExecutionMode.CONCURRENT)
final class StopLiveIT {

    /** More than are each removed at once; then it is ten times a second. */
    private static final int A_FIGHT = 40;

    private static final Path REMOVE_ADDRESSES = Path.of("packaging/remove-addresses");

    /**
     * Somebody adds the address again and again, and the daemon is stopped right after the last
     * time, its removal put off by up to 100 ms. It is removed all the same.
     */
    @ParameterizedTest
    @ValueSource(strings = {"release", "keep"})
    void strayIsRemovedAtTheStop(String onExit) throws InterruptedException {
        try (Lab lab = Lab.open("stray at the stop " + onExit)) {
            Daemon daemon = standingBy(lab, lab.settings(lab.host(1), "on-exit: " + onExit + "\n"));
            fight(lab, lab.vip());
            lab.awaitEnd(daemon, daemon.signal(Kernel.SIGTERM));
            assertThat(lab.host(1).has(lab.vip())).isFalse();
        }
    }

    /** The same, where the address is taken out of the configuration. */
    @Test
    void strayIsRemovedByAReloadWithoutIt() throws InterruptedException {
        InetAddress gone = InetAddress.ofLiteral("10.0.0.98");
        try (Lab lab = Lab.open("stray at a reload")) {
            SettingsFile file = lab.settings(lab.host(1), "vips: [{ip: 10.0.0.98}]\n");
            Daemon daemon = standingBy(lab, file);
            file.write("");
            fight(lab, gone);
            daemon.signal(Kernel.SIGHUP);
            lab.awaitLog(daemon, "configuration reloaded");
            await("it is gone").atMost(Lab.AT_ONCE).until(() -> !lab.host(1).has(gone));
        }
    }

    /**
     * Somebody adds the address when the daemon has gone. What systemd runs after a stop removes
     * it, and says so; but nothing of what the daemon was told to keep.
     */
    @ParameterizedTest
    @ValueSource(strings = {"release", "keep"})
    void afterAStop_nothingOfOthersStays(String onExit) throws InterruptedException {
        try (Lab lab = Lab.open("after a stop " + onExit);
                NotifySocket systemd = new NotifySocket(lab.memory("systemd"))) {
            lab.leaderKey().name(lab.host(1));
            Program service = systemd.service(Program.underTest(), Duration.ofSeconds(6));
            Daemon daemon = lab.daemon(service, lab.host(1), "--on-exit=" + onExit);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            lab.awaitEnd(daemon, daemon.signal(Kernel.SIGTERM));
            boolean kept = onExit.equals("keep");
            assertThat(lab.host(1).has(lab.vip())).isEqualTo(kept);
            if (!kept) {
                add(lab, lab.vip());
            }

            String said =
                    Command.run(
                            lab.host(1)
                                    .namespace()
                                    .command(
                                            "env",
                                            "RUNTIME_DIRECTORY=" + systemd.runtimeDirectory(),
                                            "SERVICE_RESULT=success",
                                            "EXIT_CODE=exited",
                                            "EXIT_STATUS=0",
                                            "sh",
                                            REMOVE_ADDRESSES.toString())
                                    .toArray(String[]::new));

            assertThat(lab.host(1).has(lab.vip())).isEqualTo(kept);
            if (kept) {
                assertThat(said).isEmpty();
            } else {
                assertThat(said)
                        .startsWith("removed 10.0.0.99/24 from eth0: vip-manager has stopped");
            }
        }
    }

    private static Daemon standingBy(Lab lab, SettingsFile file) {
        lab.leaderKey().name(lab.host(2));
        Daemon daemon = lab.daemon(lab.host(1), file);
        lab.awaitLog(daemon, "standing by for");
        return daemon;
    }

    private static void fight(Lab lab, InetAddress address) {
        for (int i = 0; i < A_FIGHT; i++) {
            add(lab, address);
        }
    }

    private static void add(Lab lab, InetAddress address) {
        lab.host(1).namespace().ip("address replace " + address.getHostAddress() + "/24 dev eth0");
    }
}
