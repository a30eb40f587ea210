package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.time.Duration;

/** The leader key changes and the address follows. */
@Isolated
final class FailoverLiveIT {

    private static final int TIMES = 30;
    private static final Duration ADDRESS = Duration.ofMillis(25);
    private static final Duration OUTAGE = Duration.ofMillis(25);

    /**
     * The leader key names the other host, thirty times. The address follows within milliseconds
     * and the client hardly notices.
     */
    @Test
    void failover_thirtyTimes() throws InterruptedException {
        try (Lab lab = Lab.open("failover")) {
            assertFast("failover", Failover.measure(lab, Program.underTest(), TIMES));
        }
    }

    /** The same with an IPv6 address, for which neighbour advertisements do what ARP does. */
    @Test
    void failover_ipv6() throws InterruptedException {
        try (Lab lab = Lab.open("failover IPv6", 2, 1, Lab.VIP6)) {
            assertFast("failover IPv6", Failover.measure(lab, Program.underTest(), TIMES));
        }
    }

    /**
     * Nobody reads what the daemons log, and the pipe is full before they start. The address
     * follows the leader key all the same.
     */
    @Test
    void failover_whileTheLogBlocks() throws InterruptedException {
        try (Lab lab = Lab.open("failover log blocked")) {
            Failover failover = new Failover(lab);
            lab.daemonWithBlockedLog(lab.host(1), "--verbose");
            lab.daemonWithBlockedLog(lab.host(2), "--verbose");
            assertFast("failover, log blocked", failover.measure(TIMES));
        }
    }

    /**
     * The leader key is deleted, as Patroni does when it shuts the leader down. The address is gone
     * within milliseconds, and back as soon as the key is.
     */
    @Test
    void leaderKeyDeleted_andWrittenAgain() throws InterruptedException {
        try (Lab lab = Lab.open("leader key deleted")) {
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(2));
            long before = System.nanoTime();
            lab.leaderKey().delete();
            lab.holders().awaitNobody(Duration.ofSeconds(1));
            String removed = lab.holders().untilRemoved(lab.host(1), before);
            long written = lab.leaderKey().name(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(1));
            Results.add(
                    "leader key deleted, and written again",
                    "removed %s after the request, back %s after the write"
                            .formatted(removed, lab.holders().untilHeld(lab.host(1), written)));
        }
    }

    private static void assertFast(String scenario, Failover.Figures figures) {
        Results.add(scenario + ": address", figures.address().toString());
        Results.add(scenario + ": client's outage", figures.outage().toString());
        assertThat(figures.address().median()).isLessThan(ADDRESS);
        assertThat(figures.outage().median()).isLessThan(OUTAGE);
        assertThat(figures.outage().worst()).isLessThan(Duration.ofMillis(200));
    }
}
