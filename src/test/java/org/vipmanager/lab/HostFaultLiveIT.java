package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;

/** The daemon's own host is in trouble. */
@Isolated
final class HostFaultLiveIT {

    private static final Duration SHORT_TTL = Duration.ofSeconds(10);

    /**
     * The leader's whole host freezes for longer than its lease, with and without its DCS network
     * cut, and goes on later. The kernel has ended the address before the other host takes it, and
     * the old leader takes nothing back.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostFreezes(boolean cut) throws InterruptedException {
        String scenario = "host frozen" + (cut ? " and cut off" : "");
        try (Lab lab = Lab.open(scenario).withLeasedLeader(SHORT_TTL)) {
            lab.mayOverlap(Duration.ZERO);
            PatroniStandIn patroni = lab.patronis().getFirst();
            lab.patroni(lab.host(2), SHORT_TTL);
            if (cut) {
                lab.cutDcs(lab.host(1), Cut.SILENCE);
            }
            long at = lab.daemons().getFirst().signal(Kernel.SIGSTOP);
            patroni.freeze(true);
            lab.echoServer(lab.host(1)).freeze(true);
            lab.holders().awaitServing(lab.host(2), SHORT_TTL.plusSeconds(5));
            String outage = Samples.text(lab.client().longestGap(at, System.nanoTime()));
            lab.daemons().getFirst().signal(Kernel.SIGCONT);
            patroni.freeze(false);
            lab.echoServer(lab.host(1)).freeze(false);
            Thread.sleep(Duration.ofSeconds(2));
            lab.healDcs(lab.host(1));
            Thread.sleep(Duration.ofSeconds(3));
            Results.add(
                    scenario,
                    "two holders %s, expired after %s, taken over after %s, client's outage %s"
                            .formatted(
                                    lab.holders().overlapSince(at),
                                    lab.holders().untilRemoved(lab.host(1), at),
                                    lab.holders().untilHeld(lab.host(2), at),
                                    outage));
            lab.holders().assertNeverTwo();
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
        }
    }

    /** The disk of the daemons' hosts is full before they start. Nothing is different. */
    @Test
    void diskIsFull() throws InterruptedException {
        try (Lab lab = Lab.open("disk full")) {
            Program full =
                    Program.underTest()
                            .within(
                                    "mount -t tmpfs -o size=64k full /mnt && cd /mnt;"
                                            + " cat /dev/zero > full;"
                                            + " exec \"$@\" > log 2>&1");
            Failover.Figures figures = Failover.measure(lab, full, 6);
            Results.add("disk full: address", figures.address().toString());
            Results.add("disk full: client's outage", figures.outage().toString());
            assertThat(figures.outage().worst()).isLessThan(Duration.ofMillis(200));
        }
    }

    /**
     * All cores are busy and memory is short for a minute. The address stays where it is, and the
     * next change of the leader key is followed within a moment.
     */
    @Test
    void machineIsSaturated() throws InterruptedException {
        try (Lab lab = Lab.open("saturated").withLeasedLeader(SHORT_TTL)) {
            long at = System.nanoTime();
            try (Saturation saturation = Saturation.start()) {
                Thread.sleep(Duration.ofSeconds(60));
                long removed = lab.timeline().firstRemoved(lab.host(1), lab.vip(), at);
                long written = lab.leaderKey().name(lab.host(2));
                lab.holders().awaitServing(lab.host(2), Duration.ofSeconds(5));
                Results.add(
                        "saturated for a minute by " + saturation,
                        "removed %s, client's outage %s, then a failover after %s"
                                .formatted(
                                        removed < 0 ? "never" : "once",
                                        Samples.text(lab.client().longestGap(at, written)),
                                        lab.holders().untilHeld(lab.host(2), written)));
                assertThat(removed).isNegative();
            }
        }
    }

    /**
     * The clock on the wall jumps an hour ahead and later back, as the leader's daemon sees it:
     * nobody else's clock is touched. Nothing is different, as nothing is decided by it.
     */
    @Test
    void clockIsStepped() throws Exception {
        try (Lab lab = Lab.open("clock step")) {
            FakeClock clock = new FakeClock(lab);
            lab.patroni(lab.host(1), SHORT_TTL);
            Daemon leader = lab.daemon(clock.program(), lab.host(1), "--verbose");
            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long at = System.nanoTime();
            String ahead = Instant.now().plus(Duration.ofHours(1)).toString().substring(0, 13);
            clock.stepTo(Duration.ofHours(1));
            Thread.sleep(SHORT_TTL);
            clock.stepTo(Duration.ZERO);
            Thread.sleep(Duration.ofSeconds(4));
            lab.holders().assertKept(lab.host(1), "clock stepped by an hour and back", at);
            assertThat(leader.log()).as("the step was seen").anyMatch(l -> l.startsWith(ahead));
        }
    }
}
