package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** Another station claims the address on the wire. */
@Execution(ExecutionMode.CONCURRENT)
final class ClaimLiveIT {

    private static final Duration PATRONIS_TTL = Duration.ofSeconds(30);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    private static final Duration UNTIL_IN_DOUBT = Duration.ofMillis(4500);

    /** RFC 5227 section 2.4: at most one defence in ten seconds. */
    private static final Duration DEFENCE = Duration.ofSeconds(12);

    private static final Duration OFTEN = Duration.ofMillis(300);

    /**
     * The leader is cut off and in doubt when an operator makes the other host the leader, long
     * before the lease ends. The old leader hears it announce and yields.
     */
    @Test
    void switchoverByHand_oldLeaderInDoubtYields() throws InterruptedException {
        try (Lab lab = Lab.open("yield").withLeasedLeader(PATRONIS_TTL)) {
            lab.mayOverlap(Duration.ofSeconds(2));
            long cutAt = lab.cutDcs(lab.host(1), Cut.SILENCE);
            Thread.sleep(UNTIL_IN_DOUBT);
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Duration.ofSeconds(5));
            Results.add(
                    "switchover by hand, old leader yields",
                    "two holders " + lab.holders().overlapSince(cutAt));
        }
    }

    /** The same with {@code yield-in-doubt: false}: the old leader holds until the lease ends. */
    @Test
    void switchoverByHand_withoutYielding() throws InterruptedException {
        try (Lab lab =
                Lab.open("no yield").withLeasedLeader(LONG_ENOUGH, "--yield-in-doubt=false")) {
            lab.mayOverlap(LONG_ENOUGH);
            long cutAt = lab.cutDcs(lab.host(1), Cut.SILENCE);
            Thread.sleep(UNTIL_IN_DOUBT);
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), LONG_ENOUGH);
            Results.add(
                    "switchover by hand, yielding off",
                    "two holders %s, released %s after the cut"
                            .formatted(
                                    lab.holders().overlapSince(cutAt),
                                    lab.holders().untilRemoved(lab.host(1), cutAt)));
            assertThat(lab.timeline().overlap(lab.vip(), cutAt))
                    .isGreaterThan(Duration.ofSeconds(3));
        }
    }

    /**
     * The leader knows that it leads, and another host claims the address three times a second for
     * four seconds. The leader keeps it and claims it back, at most every ten seconds.
     */
    @Test
    void confirmedLeader_isNotImpressed() throws InterruptedException {
        try (Lab lab = Lab.open("claimed on purpose").withLeasedLeader(PATRONIS_TTL)) {
            long since = System.nanoTime();
            try (ArpStation liar = new ArpStation(lab.host(2), lab.vip(), OFTEN)) {
                Thread.sleep(Duration.ofSeconds(4));
            }
            long ended = System.nanoTime();
            lab.holders().awaitServing(lab.host(1), DEFENCE);
            long again = System.nanoTime();
            Results.add(
                    "claimed on purpose for 4 s",
                    "removed %s, client served again %s after the last claim"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), since),
                                    Samples.text(Duration.ofNanos(again - ended))));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
        }
    }

    /**
     * A station claims the address for seven seconds while the leader knows better, and goes on
     * when the leader gets in doubt. Known as a liar by then, it makes nobody yield.
     */
    @Test
    void liar_isIgnoredInDoubt() throws InterruptedException {
        try (Lab lab = Lab.open("liar").withLeasedLeader(PATRONIS_TTL)) {
            long since = System.nanoTime();
            try (ArpStation liar = new ArpStation(lab.host(2), lab.vip(), OFTEN)) {
                Thread.sleep(Duration.ofSeconds(7));
                lab.cutDcs(lab.host(1), Cut.SILENCE);
                Thread.sleep(Duration.ofSeconds(8));
            }
            Results.add(
                    "liar, then in doubt",
                    "removed " + lab.holders().untilRemoved(lab.host(1), since));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
        }
    }

    /**
     * The switch sends every frame back to where it came from, so that the leader hears its own
     * announcements, and it gets in doubt. It does not yield to itself.
     */
    @Test
    void reflectingLoop_isNoClaim() throws InterruptedException {
        try (Lab lab =
                Lab.open("reflecting loop")
                        .withLeasedLeader(PATRONIS_TTL, "--announce-refresh=1s")) {
            long since = System.nanoTime();
            lab.reflect(lab.host(1));
            Thread.sleep(Duration.ofSeconds(2));
            lab.cutDcs(lab.host(1), Cut.SILENCE);
            Thread.sleep(Duration.ofSeconds(8));
            Results.add(
                    "reflecting loop", "removed " + lab.holders().untilRemoved(lab.host(1), since));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
        }
    }

    /**
     * The leader's daemon freezes for five seconds, in which another station claims the address. It
     * hears of these claims when it goes on, but they are older than what it then learns: it keeps
     * the address.
     */
    @Test
    void claimsQueuedOverAFreeze_areDropped() throws InterruptedException {
        try (Lab lab = Lab.open("claims over a freeze").withLeasedLeader(PATRONIS_TTL)) {
            Daemon daemon = lab.daemons().getFirst();
            long since = daemon.signal(Kernel.SIGSTOP);
            try (ArpStation liar = new ArpStation(lab.host(2), lab.vip(), OFTEN)) {
                Thread.sleep(Duration.ofSeconds(5));
            }
            daemon.signal(Kernel.SIGCONT);
            Thread.sleep(Duration.ofSeconds(5));
            Results.add(
                    "claims queued over a freeze",
                    "removed " + lab.holders().untilRemoved(lab.host(1), since));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(5));
        }
    }
}
