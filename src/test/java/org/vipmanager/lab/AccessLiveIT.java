package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** etcd is there and lets the daemon in no more. */
@Execution(ExecutionMode.CONCURRENT)
final class AccessLiveIT {

    private static final int ETCD_PORT = 2379;

    /** What one answer counts for without a lease, by the defaults. */
    private static final Duration POLICY = Duration.ofMillis(7500);

    private static final String TROUBLE = " WARN etcd https://";
    private static final String RELEASED = " WARN released 10.0.0.99/24 on eth0: ";

    private static final Duration DCS_TIMEOUT = Duration.ofSeconds(2);
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
     * in one line, warns of nothing else but what becomes of the address, tries again ever more
     * rarely, and the address is released when the last answer counts no more; when access is given
     * back, it is back.
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
            List<String> before = daemon.log();
            ConnectionCount tries = new ConnectionCount(lab.etcd().host(), ETCD_PORT, lab.host(1));

            long at = lab.timeline().note("access is taken away");
            trouble.begin(etcd);
            long taken = lab.timeline().note("access is taken");
            lab.holders().awaitNobody(POLICY.plusSeconds(5));
            lab.holders().assertRemovedWithinPolicy(POLICY, lab.host(1), taken);
            Duration held = heldSince(at, lab);
            Thread.sleep(LONG_TROUBLE.minusNanos(System.nanoTime() - taken));
            int tried = tries.soFar();
            List<String> warnings = Warnings.since(before.size(), daemon);

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
            boolean releasedByPolicy =
                    assertTold(
                            trouble.words(),
                            "the retries are used up",
                            isInDoubt(before),
                            withoutRestart(warnings),
                            lab);
            assertThat(warnings)
                    .filteredOn(AccessLiveIT::isOfRestart)
                    .filteredOn(line -> !Warnings.isExplainedBy(lab.bystander(), line))
                    .hasSizeLessThanOrEqualTo(mostOfRestart(trouble, taken - at));
            if (releasedByPolicy) {
                assertThat(held).isGreaterThan(POLICY.minus(INTERVAL).minusSeconds(1));
            }
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
            Daemon daemon = lab.daemon(lab.host(1), etcd.flags());
            lab.awaitLog(daemon, "standing by");
            long granted = lab.timeline().note("lease granted");
            etcd.nameLeaderFor(ttl, lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
            Thread.sleep(INTERVAL.multipliedBy(2)); // its time is asked within an interval
            List<String> before = daemon.log();
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
            lab.awaitLog(daemon, "released ");
            assertTold(
                    AccessTrouble.PASSWORD_CHANGED.words(),
                    "the lease of leader key " + Lab.KEY + " is about to end",
                    isInDoubt(before),
                    Warnings.since(before.size(), daemon),
                    lab);
        }
    }

    /**
     * The trouble, and what becomes of the address: one line each, and nothing else but what a busy
     * machine explains. On such a one the daemon may be in doubt already, and another reason may
     * come before the expected one to let go. Returns whether it was the expected one.
     */
    private static boolean assertTold(
            String trouble, String why, boolean inDoubt, List<String> warnings, Lab lab) {
        Predicate<String> isExplained = line -> Warnings.isExplainedBy(lab.bystander(), line);
        Predicate<String> isExpected = line -> line.contains(RELEASED + why);
        List<String> rest = new ArrayList<>(warnings);
        take("the trouble", rest, l -> l.contains(TROUBLE) && l.contains(trouble));
        if (!inDoubt) {
            take("the doubt", rest, AccessLiveIT::isOfDoubt);
        }
        String released =
                take(
                        "the release",
                        rest,
                        isExpected
                                .or(l -> l.contains(RELEASED + "its lifetime in the kernel ended"))
                                .or(isExplained.and(l -> l.contains(RELEASED))));
        assertThat(rest).as("of %s: %s", warnings, lab.bystander()).allMatch(isExplained);
        return isExpected.test(released);
    }

    private static String take(String what, List<String> warnings, Predicate<String> of) {
        Optional<String> first = warnings.stream().filter(of).findFirst();
        assertThat(first).as("%s in %s", what, warnings).isPresent();
        warnings.remove(first.orElseThrow());
        return first.orElseThrow();
    }

    private static boolean isOfDoubt(String line) {
        return line.contains(" WARN no answer from the DCS for ")
                && line.contains(": 10.0.0.99/24 on eth0 is held for ");
    }

    /** Whether the last thing that it said of it is a doubt. */
    private static boolean isInDoubt(List<String> log) {
        return log.reversed().stream()
                .filter(line -> isOfDoubt(line) || line.contains("the DCS answers again"))
                .findFirst()
                .filter(AccessLiveIT::isOfDoubt)
                .isPresent();
    }

    private static List<String> withoutRestart(List<String> warnings) {
        return warnings.stream().filter(line -> !isOfRestart(line)).toList();
    }

    /** An etcd that is restarted, and has not shown any certificate yet. */
    private static boolean isOfRestart(String line) {
        return line.contains(TROUBLE)
                && Stream.of("connection refused; ", "the connection ended (", "no answer within ")
                        .anyMatch(words -> line.contains(": " + words));
    }

    /**
     * It is gone for a moment. On a machine so busy that etcd listens for longer than the daemon
     * waits before it says anything, that is another sentence.
     */
    private static int mostOfRestart(AccessTrouble trouble, long nanos) {
        if (!trouble.restartsEtcd()) {
            return 0;
        }
        return nanos < DCS_TIMEOUT.toNanos() ? 1 : 2;
    }

    private static Duration heldSince(long nanos, Lab lab) {
        return Duration.ofNanos(lab.timeline().firstRemoved(lab.host(1), lab.vip(), nanos) - nanos);
    }
}
