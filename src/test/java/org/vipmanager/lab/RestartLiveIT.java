package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.time.Duration;
import java.util.List;

/** The daemon is restarted, upgraded, or crashes at a bad moment. */
@Isolated
final class RestartLiveIT {

    private static final int RESTARTS = 20;
    private static final Duration HARDLY_NOTICED = Duration.ofMillis(10);

    /**
     * The leader's daemon is restarted twenty times with {@code on-exit: keep}, as in an upgrade.
     * Each one adopts what the last one left, and the client misses no answer.
     */
    @Test
    void restart_keepsAndAdopts() throws InterruptedException {
        try (Lab lab = Lab.open("restart")) {
            lab.leaderKey().name(lab.host(1));
            Daemon daemon = lab.daemon(lab.host(1), "--on-exit=keep");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(1));
            PingingClient control = lab.control();
            Thread.sleep(Duration.ofMillis(500));
            long since = System.nanoTime();
            Samples outages = new Samples();
            for (int i = 0; i < RESTARTS; i++) {
                long at = daemon.signal(Kernel.SIGTERM);
                assertThat(daemon.awaitExit(2)).isZero();
                Daemon next = lab.daemon(lab.host(1), "--on-exit=keep");
                await("the address is renewed by the new daemon")
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> renewedSince(lab, next.startedAtNanos()));
                outages.add(lab.client().longestGap(at, System.nanoTime()));
                daemon = next;
            }
            Duration machine = control.longestGap(since, System.nanoTime());
            Results.add(
                    "restart with on-exit keep",
                    "client's outage: %s; a control: %s".formatted(outages, Samples.text(machine)));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            assertThat(outages.worst()).isLessThan(machine.plus(HARDLY_NOTICED));
        }
    }

    /**
     * The Go program is stopped on leader and follower and leaves its address behind for ever. Ours
     * is started instead: on the leader it takes the address over, with a lifetime, unnoticed by
     * the client; on the follower, where the Go program had left it too, it removes it.
     */
    @Test
    void upgrade_fromTheGoProgram() throws InterruptedException {
        try (Lab lab = Lab.open("upgrade from Go")) {
            lab.leaderKey().name(lab.host(2));
            Daemon follower = lab.daemon(Program.go(), lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.START);
            follower.signal(Kernel.SIGTERM);
            follower.awaitExit(5);
            lab.leaderKey().name(lab.host(1));
            Daemon leader = lab.daemon(Program.go(), lab.host(1));
            await().atMost(Duration.ofSeconds(10)).until(() -> lab.host(1).has(lab.vip()));
            leader.signal(Kernel.SIGTERM);
            leader.awaitExit(5);
            assertThat(lab.host(2).has(lab.vip())).isTrue();

            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(5));
            long since = System.nanoTime();
            Daemon adopting = lab.daemon(lab.host(1));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> renewedSince(lab, adopting.startedAtNanos()));
            Thread.sleep(Duration.ofSeconds(3));
            List<AddressEvent> events = lab.timeline().events(lab.host(1), lab.vip());
            assertThat(events.getLast().isPermanent()).isFalse();
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            Duration outage = lab.client().longestGap(since, System.nanoTime());
            Results.add("upgrade from the Go program", "client's outage " + Samples.text(outage));
            assertThat(outage).isLessThan(HARDLY_NOTICED);
        }
    }

    /**
     * A daemon is killed within milliseconds of its host becoming the leader, eight times, each a
     * little later. Whatever it had put already, the kernel removes soon.
     */
    @Test
    void crash_inTheMiddleOfATakeover() throws InterruptedException {
        try (Lab lab = Lab.open("crash in a takeover")) {
            Samples left = new Samples();
            for (int i = 0; i < 8; i++) {
                lab.leaderKey().name(lab.host(2));
                Daemon daemon = lab.daemon(lab.host(1));
                lab.awaitLog(daemon, "\"pg2\"");
                lab.leaderKey().name(lab.host(1));
                Thread.sleep(Duration.ofNanos(500_000L * i));
                long killed = daemon.signal(Kernel.SIGKILL);
                daemon.awaitExit(2);
                Thread.sleep(50);
                lab.holders().awaitNobody(Duration.ofSeconds(12));
                left.add(lab.timeline().held(lab.vip(), killed));
            }
            Results.add("crash in a takeover", "address left behind for: " + left);
            assertThat(left.worst()).isLessThan(Duration.ofSeconds(12));
        }
    }

    private static boolean renewedSince(Lab lab, long nanos) {
        return lab.timeline().firstHeld(lab.host(1), lab.vip(), nanos) > 0;
    }
}
