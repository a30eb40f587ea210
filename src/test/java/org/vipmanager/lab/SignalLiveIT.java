package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** The leader's daemon is stopped, killed or frozen. */
@Execution(ExecutionMode.CONCURRENT)
final class SignalLiveIT {

    private static final Duration LIFETIME = Duration.ofSeconds(10);
    private static final Duration KERNELS_LATENESS = Holders.KERNELS_LATENESS;

    /** So that nobody can mistake waiting for etcd for a slow end. */
    private static final String PATIENT = "--dcs-timeout=30000";

    private static final Duration UNDISTURBED = Duration.ofSeconds(2);

    /** The daemon is asked to stop. It removes the address, and exits with 0 soon. */
    @ParameterizedTest
    @ValueSource(ints = {Kernel.SIGTERM, Kernel.SIGINT})
    void stop_releases(int signal) throws InterruptedException {
        try (Lab lab = Lab.open("stop by " + signal).withLeader()) {
            Daemon daemon = lab.daemons().getFirst();
            long at = daemon.signal(signal);
            lab.awaitEnd(daemon, at);
            long exited = System.nanoTime();
            lab.holders().awaitNobody(Lab.AT_ONCE);
            Results.add(
                    "signal " + signal,
                    "address removed after %s, exit 0 after %s"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), at),
                                    Samples.text(Duration.ofNanos(exited - at))));
        }
    }

    /**
     * The daemon is asked to reload, and then to stop, before it has begun to do anything. It minds
     * both: it goes on with the first, and exits with 0 at the second.
     */
    @Test
    void signalsDuringTheStart() throws InterruptedException {
        try (Lab lab = Lab.open("signals during the start")) {
            lab.leaderKey().name(lab.host(1));
            Daemon reloaded = startedJustNow(lab);
            reloaded.signal(Kernel.SIGHUP);
            lab.awaitLog(reloaded, "configuration reloaded");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            lab.awaitEnd(reloaded, reloaded.signal(Kernel.SIGTERM));
            Daemon stopped = startedJustNow(lab);
            lab.awaitEnd(stopped, stopped.signal(Kernel.SIGTERM));
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /** It has read its configuration, and hardly done more. */
    private static Daemon startedJustNow(Lab lab) {
        Daemon daemon = lab.daemon(lab.host(1));
        await().pollInterval(Duration.ofMillis(1)).until(() -> !daemon.log().isEmpty());
        return daemon;
    }

    /**
     * The daemon is asked to stop while etcd does not answer, for which it would have half a
     * minute. It waits for nobody: the address is gone, and the daemon too.
     */
    @Test
    void stop_whileEtcdIsFrozen() throws InterruptedException {
        try (Lab lab = Lab.open("stop while frozen").withLeader(PATIENT)) {
            lab.etcd().freeze();
            Thread.sleep(Duration.ofMillis(1500));
            Daemon daemon = lab.daemons().getFirst();
            long at = daemon.signal(Kernel.SIGTERM);
            lab.awaitEnd(daemon, at);
            long exited = System.nanoTime();
            lab.holders().awaitNobody(Lab.AT_ONCE);
            Results.add(
                    "SIGTERM while etcd is frozen",
                    "address removed after %s, exit 0 after %s"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), at),
                                    Samples.text(Duration.ofNanos(exited - at))));
        }
    }

    /**
     * The daemon is asked to stop and to leave the address, as in an upgrade. The client is served
     * on, and as no daemon comes back the kernel removes the address at the end of its lifetime.
     */
    @ParameterizedTest
    @ValueSource(ints = {Kernel.SIGTERM, Kernel.SIGINT})
    void stop_keeps(int signal) throws InterruptedException {
        try (Lab lab = Lab.open("keep by " + signal).withLeader("--on-exit=keep")) {
            Daemon daemon = lab.daemons().getFirst();
            long at = daemon.signal(signal);
            lab.awaitEnd(daemon, at);
            Thread.sleep(Duration.ofSeconds(3));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), at)).isNegative();
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
            Duration outage = lab.client().longestGap(at, System.nanoTime());
            lab.holders().awaitExpired(LIFETIME, at);
            Results.add(
                    "signal %d, on-exit keep".formatted(signal),
                    "address removed after %s, client's outage until then %s"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), at),
                                    Samples.text(outage)));
            assertThat(outage).isLessThan(UNDISTURBED);
        }
    }

    /**
     * SIGQUIT, Ctrl-\ on a terminal: the daemon prints what its threads do, as every Java program,
     * and goes on holding the address; a stop still finds it as it was.
     */
    @Test
    void quit_tellsWhatTheThreadsDo_andChangesNothing() throws InterruptedException {
        try (Lab lab = Lab.open("quit").withLeader()) {
            Daemon daemon = lab.daemons().getFirst();
            long at = daemon.signal(Kernel.SIGQUIT);
            lab.awaitLog(daemon, "Full thread dump");
            Thread.sleep(Duration.ofSeconds(2));
            lab.holders().assertKept(lab.host(1), "SIGQUIT", at);
            lab.awaitEnd(daemon, daemon.signal(Kernel.SIGTERM));
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /**
     * The daemon is killed and can do nothing more. The kernel removes the address at the end of
     * its lifetime.
     */
    @Test
    void kill_leavesTheAddressToItsLifetime() throws InterruptedException {
        try (Lab lab = Lab.open("kill").withLeader()) {
            long at = lab.daemons().getFirst().signal(Kernel.SIGKILL);
            lab.holders().awaitExpired(LIFETIME, at);
            Results.add(
                    "SIGKILL",
                    "address removed after " + lab.holders().untilRemoved(lab.host(1), at));
        }
    }

    /**
     * The daemon freezes, and the key is written to name the other host while it does. The kernel
     * removes the address at the end of its lifetime, and the daemon takes nothing back when it
     * continues.
     */
    @Test
    void freeze_leavesTheAddressToItsLifetime() throws InterruptedException {
        try (Lab lab = Lab.open("freeze").withLeader()) {
            lab.mayOverlap(LIFETIME.plus(KERNELS_LATENESS));
            Daemon daemon = lab.daemons().getFirst();
            long at = daemon.signal(Kernel.SIGSTOP);
            lab.leaderKey().name(lab.host(2));
            lab.holders().await(lab.host(2), LIFETIME.plus(KERNELS_LATENESS));
            Duration overlap = lab.timeline().overlap(lab.vip(), at);
            daemon.signal(Kernel.SIGCONT);
            Thread.sleep(Duration.ofSeconds(3));
            Results.add(
                    "SIGSTOP, key rewritten",
                    "address removed after %s, two holders %s"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), at),
                                    Samples.text(overlap)));
            assertThat(lab.timeline().overlap(lab.vip(), at)).isEqualTo(overlap);
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
        }
    }

    /**
     * The daemon freezes while its host leads, and goes on after the address has expired. It asks
     * first, then takes the address again.
     */
    @Test
    void freeze_endsWhileStillLeading() throws InterruptedException {
        try (Lab lab = Lab.open("freeze and lead on").withLeader()) {
            Daemon daemon = lab.daemons().getFirst();
            lab.holders().awaitExpired(LIFETIME, daemon.signal(Kernel.SIGSTOP));
            long continued = daemon.signal(Kernel.SIGCONT);
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(5));
            Results.add(
                    "SIGSTOP, then SIGCONT on the leader",
                    "address back after " + lab.holders().untilHeld(lab.host(1), continued));
        }
    }
}
