package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** etcd itself fails, and every host is without it at once. */
@Execution(ExecutionMode.CONCURRENT)
final class EtcdOutageLiveIT {

    /**
     * Of which at least two thirds are ahead, and etcd is away for less, however slowly it starts.
     */
    private static final Duration LONG_TTL = Duration.ofMinutes(1);

    private static final Duration SHORT_TTL = Duration.ofSeconds(10);

    /** interval + retry-num * dcs-timeout + (retry-num - 1) * retry-after, by default. */
    private static final Duration RETRIES = Duration.ofMillis(7500);

    private static final Duration UNDISTURBED = Duration.ofSeconds(2);

    /**
     * etcd is killed and is back after three seconds, while a lease of a minute keeps the leader
     * key. The address stays where it is and the client is served.
     */
    @Test
    void etcdRestarted_withinTheLease() throws InterruptedException {
        try (Lab lab = Lab.open("etcd restarted").withLeasedLeader(LONG_TTL)) {
            long killedAt = System.nanoTime();
            lab.etcd().kill();
            Thread.sleep(Duration.ofSeconds(3));
            lab.etcd().start();
            lab.etcd().awaitReady();
            Thread.sleep(Duration.ofSeconds(5));
            assertUndisturbed(lab, "etcd restarted after 3 s, leased key", killedAt);
        }
    }

    /**
     * etcd is frozen for twenty seconds, while a lease of a minute keeps the leader key. The
     * address stays where it is and the client is served.
     */
    @Test
    void etcdFrozen_withinTheLease() throws InterruptedException {
        try (Lab lab = Lab.open("etcd frozen").withLeasedLeader(LONG_TTL)) {
            long frozenAt = System.nanoTime();
            lab.etcd().freeze();
            Thread.sleep(Duration.ofSeconds(20));
            lab.etcd().thaw();
            Thread.sleep(Duration.ofSeconds(5));
            assertUndisturbed(lab, "etcd frozen 20 s, leased key", frozenAt);
        }
    }

    /**
     * etcd is killed for longer than the lease of the leader key. The address is released before
     * the lease could have ended, and is back soon after etcd is.
     */
    @Test
    void etcdKilled_beyondTheLease() throws InterruptedException {
        try (Lab lab = Lab.open("etcd killed").withLeasedLeader(SHORT_TTL)) {
            lab.mayOverlap(Duration.ZERO);
            new Outage("etcd killed, lease 10 s", lab.etcd()).beyond(SHORT_TTL, lab);
            lab.holders().assertNeverTwo();
        }
    }

    /**
     * etcd is frozen for longer than the lease of the leader key, and expires it when it wakes up.
     * Whoever leads then has the address soon, and nobody had it together with another.
     */
    @Test
    void etcdFrozen_beyondTheLease() throws InterruptedException {
        try (Lab lab = Lab.open("etcd frozen beyond").withLeasedLeader(SHORT_TTL)) {
            lab.mayOverlap(Duration.ZERO);
            lab.patroni(lab.host(2), SHORT_TTL);
            long frozenAt = System.nanoTime();
            lab.etcd().freeze();
            Thread.sleep(Duration.ofSeconds(20));
            lab.etcd().thaw();
            Thread.sleep(Duration.ofSeconds(5));
            String leader = lab.leaderKey().value();
            Results.add(
                    "etcd frozen 20 s, lease 10 s",
                    "released after %s, two holders %s"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), frozenAt),
                                    lab.holders().overlapSince(frozenAt)));
            lab.holders().assertNeverTwo();
            assertThat(lab.timeline().holdersNow(lab.vip())).containsExactly(leader);
        }
    }

    /**
     * etcd is killed and nothing says how long the leader key is good. The address is released once
     * the retries are spent, and is back soon after etcd is.
     */
    @Test
    void etcdKilled_plainKey() throws InterruptedException {
        try (Lab lab = Lab.open("etcd killed plain").withLeader()) {
            long before = System.nanoTime();
            new Outage("etcd killed, plain key", lab.etcd()).beyondPolicy(RETRIES, lab);
            long removed = lab.timeline().firstRemoved(lab.host(1), lab.vip(), before);
            assertThat(Duration.ofNanos(removed - before)).isGreaterThan(Duration.ofSeconds(3));
        }
    }

    /**
     * etcd is not there when the daemons start, and comes up five seconds later. The leader's host
     * gets the address then.
     */
    @Test
    void etcdLate() throws InterruptedException {
        try (Lab lab = Lab.openWithoutEtcd("etcd late")) {
            lab.daemon(lab.host(1));
            lab.daemon(lab.host(2));
            Thread.sleep(Duration.ofSeconds(5));
            lab.etcd().start();
            lab.etcd().awaitReady();
            long written = lab.leaderKey().name(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(15));
            Results.add(
                    "etcd late",
                    "address %s after the key"
                            .formatted(lab.holders().untilHeld(lab.host(1), written)));
            lab.holders().assertNeverTwo();
        }
    }

    private static void assertUndisturbed(Lab lab, String scenario, long since) {
        Duration outage = lab.holders().assertKept(lab.host(1), scenario, since);
        assertThat(outage).isLessThan(UNDISTURBED);
    }
}
