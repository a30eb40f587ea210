package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/** The leader's host is cut off from the DCS, and leadership moves on without it. */
@Execution(ExecutionMode.CONCURRENT)
final class PartitionLiveIT {

    private static final Duration TTL = Duration.ofSeconds(10);

    /** interval + retry-num * dcs-timeout + (retry-num - 1) * retry-after, by default. */
    private static final Duration RETRY_BOUND = Duration.ofMillis(7500);

    /**
     * The leader's DCS network is cut, so its lease runs out and the other host takes the key. The
     * old leader has let go before that: never two holders, and the healed host stays a follower.
     */
    @ParameterizedTest
    @EnumSource
    void partition_leasedKey(Cut cut) throws InterruptedException {
        try (Lab lab = Lab.open("partition " + cut + " leased").withLeasedLeader(TTL)) {
            lab.mayOverlap(Duration.ZERO);
            PatroniStandIn patroni = lab.patronis().getFirst();
            lab.patroni(lab.host(2), TTL);

            long cutAt = lab.cutDcs(lab.host(1), cut);
            lab.holders().awaitServing(lab.host(2), TTL.plusSeconds(15));
            long served = System.nanoTime();
            lab.healDcs(lab.host(1));
            Thread.sleep(Duration.ofSeconds(5));

            Results.add(
                    "partition, leased key, " + cut,
                    "two holders %s, released after %s, taken over after %s, client's outage %s"
                            .formatted(
                                    lab.holders().overlapSince(cutAt),
                                    lab.holders().untilRemoved(lab.host(1), cutAt),
                                    lab.holders().untilHeld(lab.host(2), cutAt),
                                    Samples.text(lab.client().longestGap(cutAt, served))));
            assertThat(patroni.isLeading()).isFalse();
            lab.holders().assertNeverTwo();
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
        }
    }

    /**
     * The leader's DCS network is cut, and somebody writes the other host into the key once the
     * retries of the old leader are spent and a kernel that is late has ended the address. Without
     * a lease the retries are all that says how long to trust: never two holders.
     */
    @ParameterizedTest
    @EnumSource
    void partition_plainKey(Cut cut) throws InterruptedException {
        try (Lab lab = Lab.open("partition " + cut + " plain").withLeader()) {
            lab.mayOverlap(Duration.ZERO);
            long cutAt = lab.cutDcs(lab.host(1), cut);
            Thread.sleep(RETRY_BOUND.plus(Holders.KERNELS_LATENESS));
            lab.holders().assertRemovedWithinPolicy(RETRY_BOUND, lab.host(1), cutAt);
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
            lab.healDcs(lab.host(1));
            Thread.sleep(Duration.ofSeconds(5));

            Results.add(
                    "partition, plain key, " + cut,
                    "two holders %s, released after %s"
                            .formatted(
                                    lab.holders().overlapSince(cutAt),
                                    lab.holders().untilRemoved(lab.host(1), cutAt)));
            lab.holders().assertNeverTwo();
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
        }
    }

    /**
     * The leader's DCS network is cut, and somebody writes the other host into the key at once. The
     * old leader cannot know, so both hold the address until the retries are spent, or until the
     * old leader hears the new one claim it.
     */
    @ParameterizedTest
    @EnumSource
    void partition_plainKeyRewrittenAtOnce(Cut cut) throws InterruptedException {
        try (Lab lab = Lab.open("partition " + cut + " rewritten").withLeader()) {
            lab.mayOverlap(RETRY_BOUND);
            long cutAt = lab.cutDcs(lab.host(1), cut);
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Duration.ofSeconds(9));

            Results.add(
                    "partition, key rewritten at once, " + cut,
                    "two holders %s, bound %s"
                            .formatted(
                                    lab.holders().overlapSince(cutAt), Samples.text(RETRY_BOUND)));
        }
    }
}
