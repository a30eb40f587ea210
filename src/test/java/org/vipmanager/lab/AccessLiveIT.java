package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** etcd is there and lets the daemon in no more. */
@Execution(ExecutionMode.CONCURRENT)
final class AccessLiveIT {

    private static final int ETCD_PORT = 2379;

    /** What one answer counts for without a lease, by the defaults. */
    private static final Duration POLICY = Duration.ofMillis(7500);

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONG_TROUBLE = Duration.ofSeconds(16);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    /**
     * When in the trouble is tried: at once, and after 1, 2, 4, 8 seconds more, or a bit earlier.
     */
    private static final int FEWEST_TRIES = 3;

    private static final int MOST_TRIES = 8;

    static Stream<Arguments> troubles() {
        return Arrays.stream(AccessTrouble.values())
                .flatMap(
                        trouble ->
                                Stream.of("etcd-3.5", "etcd-3.4")
                                        .map(tree -> Arguments.of(trouble, tree)));
    }

    /**
     * The daemon loses its access while it holds the address by a key without a lease. It says why
     * in one line, tries again ever more rarely, and the address is released when the last answer
     * counts no more; when access is given back, it is back.
     */
    @ParameterizedTest
    @MethodSource("troubles")
    void accessIsLost(AccessTrouble trouble, String tree) throws InterruptedException {
        String scenario = "%s, %s".formatted(trouble, tree);
        try (Lab lab = Lab.openWithoutEtcd(scenario)) {
            SecuredEtcd etcd = new SecuredEtcd(lab, tree);
            etcd.start();
            etcd.nameLeader(lab.host(1));
            Daemon daemon = lab.daemon(lab.host(1), etcd.flags());
            lab.holders().awaitServing(lab.host(1), Lab.START);
            ConnectionCount tries = new ConnectionCount(lab.etcd().host(), ETCD_PORT, lab.host(1));

            long at = lab.timeline().note("access is taken away");
            trouble.begin(etcd);
            long taken = lab.timeline().note("access is taken");
            lab.holders().awaitNobody(POLICY.plusSeconds(2));
            lab.holders().assertRemovedWithin(POLICY, lab.host(1), taken);
            Duration held = heldSince(at, lab);
            Thread.sleep(LONG_TROUBLE.minusNanos(System.nanoTime() - taken));
            int tried = tries.soFar();

            long mended = lab.timeline().note("access is given back");
            trouble.end(etcd);
            lab.holders().awaitServing(lab.host(1), LONGEST_BACKOFF.plusSeconds(5));
            Results.add(
                    "access lost: " + scenario,
                    "released after %s, tried %d times in %d s, back %s after access"
                            .formatted(
                                    Samples.text(held),
                                    tried,
                                    LONG_TROUBLE.toSeconds(),
                                    lab.holders().untilHeld(lab.host(1), mended)));
            assertThat(daemon.log())
                    .filteredOn(line -> line.contains(trouble.words()))
                    .hasSizeBetween(1, trouble == AccessTrouble.CLIENT_REFUSED ? 2 : 1)
                    .allMatch(line -> line.contains(" WARN "))
                    .extracting(line -> line.substring(line.indexOf(" WARN ")))
                    .doesNotHaveDuplicates();
            assertThat(held).isGreaterThan(POLICY.minus(INTERVAL).minusSeconds(1));
            assertThat(tried).isBetween(FEWEST_TRIES, MOST_TRIES);
        }
    }

    /**
     * The same while the key lives by a lease that nobody renews: the address may stay longer, as
     * long as the lease proves that nobody else can lead, and no longer.
     */
    @ParameterizedTest
    @ValueSource(strings = {"etcd-3.5", "etcd-3.4"})
    void accessIsLost_leasedKey(String tree) throws InterruptedException {
        Duration ttl = Duration.ofSeconds(20);
        try (Lab lab = Lab.openWithoutEtcd("access lost under a lease, " + tree)) {
            SecuredEtcd etcd = new SecuredEtcd(lab, tree);
            etcd.start();
            lab.awaitLog(lab.daemon(lab.host(1), etcd.flags()), "standing by");
            long granted = lab.timeline().note("lease granted");
            etcd.nameLeaderFor(ttl, lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
            Thread.sleep(INTERVAL.multipliedBy(2)); // its time is asked within an interval
            AccessTrouble.PASSWORD_CHANGED.begin(etcd);
            long taken = lab.timeline().note("access is taken");
            lab.holders().awaitNobody(ttl);
            lab.holders().assertRemovedWithin(ttl, lab.host(1), granted);
            Duration held = heldSince(taken, lab);
            Results.add(
                    "access lost under a lease of 20 s, " + tree,
                    "released %s after the grant, %s after the last answer"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), granted),
                                    Samples.text(held)));
            assertThat(held).isGreaterThan(POLICY);
        }
    }

    private static Duration heldSince(long nanos, Lab lab) {
        return Duration.ofNanos(lab.timeline().firstRemoved(lab.host(1), lab.vip(), nanos) - nanos);
    }
}
