package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.time.Duration;

/** The leader key changes and the address follows. */
@ResourceLock(Results.FIGURES)
final class FailoverLiveIT {

    private static final int TIMES = 30;
    private static final int A_FEW = 6;

    /**
     * The leader key names the other host, thirty times. The address follows and the client is
     * served; how soon is told in the table.
     */
    @Test
    void failover_thirtyTimes() throws InterruptedException {
        try (Lab lab = Lab.open("failover")) {
            assertSoon("failover", Failover.measure(lab, Program.underTest(), TIMES));
        }
    }

    /** The same with an IPv6 address, for which neighbour advertisements do what ARP does. */
    @Test
    void failover_ipv6() throws InterruptedException {
        try (Lab lab = Lab.open("failover IPv6", 2, 1, Lab.VIP6)) {
            assertSoon("failover IPv6", Failover.measure(lab, Program.underTest(), TIMES));
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
            assertSoon("failover, log blocked", failover.measure(TIMES));
        }
    }

    /**
     * The old leader and the new one read the key every half a minute, and it changes every few
     * seconds. They follow all the same, time after time: etcd's watch tells them, both who lets go
     * and who takes over.
     */
    @Test
    void failover_isToldByTheWatch() throws InterruptedException {
        try (Lab lab = Lab.open("failover by the watch")) {
            Failover failover = new Failover(lab);
            lab.hosts().forEach(host -> lab.daemon(host, Lab.READS_ARE_RARE));
            assertSoon("failover, told by the watch alone", failover.measure(A_FEW));
        }
    }

    /**
     * The leader key is deleted, as Patroni does when it shuts the leader down, and written again.
     * The address goes and comes with it, told by the watch: reads are rare.
     */
    @Test
    void leaderKeyDeleted_andWrittenAgain() throws InterruptedException {
        try (Lab lab = Lab.open("leader key deleted")) {
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1), Lab.READS_ARE_RARE);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(2));
            long before = System.nanoTime();
            lab.leaderKey().delete();
            lab.holders().awaitNobody(Lab.AT_ONCE);
            String removed = lab.holders().untilRemoved(lab.host(1), before);
            long written = lab.leaderKey().name(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
            Results.add(
                    "leader key deleted, and written again",
                    "removed %s after the request, back %s after the write"
                            .formatted(removed, lab.holders().untilHeld(lab.host(1), written)));
        }
    }

    private static void assertSoon(String scenario, Failover.Figures figures) {
        Results.add(scenario + ": address", figures.address().toString());
        Results.add(scenario + ": client's outage", figures.outage().toString());
        assertThat(figures.address().worst()).isLessThan(Lab.AT_ONCE);
        assertThat(figures.outage().worst()).isLessThan(Lab.AT_ONCE);
    }
}
