package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** etcd itself fails, and every host is without it at once. */
@Execution(ExecutionMode.CONCURRENT)
final class EtcdOutageLiveIT {

    private static final Duration PATRONIS_TTL = Duration.ofSeconds(30);
    private static final Duration SHORT_TTL = Duration.ofSeconds(10);
    private static final Duration HARDLY_NOTICED = Duration.ofMillis(100);

    /**
     * etcd is killed and is back after three seconds, while a lease of 30 s keeps the leader key.
     * The address stays where it is and the client notices nothing.
     */
    @Test
    void etcdRestarted_withinTheLease() throws InterruptedException {
        try (Lab lab = openWithLeader("etcd restarted", PATRONIS_TTL)) {
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
     * etcd is frozen for twenty seconds, while a lease of 30 s keeps the leader key. The address
     * stays where it is and the client notices nothing.
     */
    @Test
    void etcdFrozen_withinTheLease() throws InterruptedException {
        try (Lab lab = openWithLeader("etcd frozen", PATRONIS_TTL)) {
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
        try (Lab lab = openWithLeader("etcd killed", SHORT_TTL)) {
            long killedAt = System.nanoTime();
            lab.etcd().kill();
            lab.holders().awaitNobody(SHORT_TTL);
            String released = lab.holders().untilRemoved(lab.host(1), killedAt);
            Thread.sleep(Duration.ofSeconds(2));
            lab.etcd().start();
            lab.etcd().awaitReady();
            long ready = System.nanoTime();
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(5));
            Results.add(
                    "etcd killed, lease 10 s",
                    "released after %s, back %s after etcd"
                            .formatted(released, lab.holders().untilHeld(lab.host(1), ready)));
            lab.holders().assertNeverTwo();
        }
    }

    /**
     * etcd is frozen for longer than the lease of the leader key, and expires it when it wakes up.
     * Whoever leads then has the address soon, and nobody had it together with another.
     */
    @Test
    void etcdFrozen_beyondTheLease() throws InterruptedException {
        try (Lab lab = openWithLeader("etcd frozen beyond", SHORT_TTL)) {
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
        try (Lab lab = Lab.open("etcd killed plain")) {
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1));
            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long killedAt = System.nanoTime();
            lab.etcd().kill();
            Thread.sleep(Duration.ofSeconds(3));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), killedAt)).isNegative();
            lab.holders().awaitNobody(Duration.ofMillis(4500));
            String released = lab.holders().untilRemoved(lab.host(1), killedAt);
            lab.etcd().start();
            lab.etcd().awaitReady();
            long ready = System.nanoTime();
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(5));
            Results.add(
                    "etcd killed, plain key",
                    "released after %s, back %s after etcd"
                            .formatted(released, lab.holders().untilHeld(lab.host(1), ready)));
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
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(5));
            Results.add(
                    "etcd late",
                    "address %s after the key"
                            .formatted(lab.holders().untilHeld(lab.host(1), written)));
            lab.holders().assertNeverTwo();
        }
    }

    private static Lab openWithLeader(String scenario, Duration ttl) throws InterruptedException {
        Lab lab = Lab.open(scenario);
        lab.patroni(lab.host(1), ttl);
        lab.daemon(lab.host(1));
        lab.daemon(lab.host(2));
        lab.holders().awaitServing(lab.host(1), Lab.START);
        Thread.sleep(Duration.ofSeconds(2));
        return lab;
    }

    private static void assertUndisturbed(Lab lab, String scenario, long since) {
        long now = System.nanoTime();
        Duration outage = lab.client().longestGap(since, now);
        Results.add(
                scenario,
                "removed %s, client's outage %s"
                        .formatted(
                                lab.holders().untilRemoved(lab.host(1), since),
                                Samples.text(outage)));
        assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
        assertThat(outage).isLessThan(HARDLY_NOTICED);
        lab.holders().assertNeverTwo();
    }
}
