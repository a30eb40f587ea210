package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** etcd is silent, and the local Patroni is asked instead: {@code patroni-url}. */
@Execution(ExecutionMode.CONCURRENT)
final class PatroniUrlLiveIT {

    private static final Duration TTL = Duration.ofSeconds(15);

    /** How long no answer is no reason for doubt: max(3 s, interval + dcs-timeout), by default. */
    private static final Duration UNTIL_IN_DOUBT = Duration.ofSeconds(3);

    private static final Duration TWO_INTERVALS = Duration.ofSeconds(2);

    /** The first question may be late; the lease would hold the address for much longer. */
    private static final Duration BUSY_MACHINE = Duration.ofSeconds(3);

    /** How long one answer of a Patroni in failsafe mode counts. */
    private static final Duration FAILSAFE = Duration.ofSeconds(3);

    private static final String FAILSAFE_MODE =
            """
            {"state": "running", "role": "primary", "failsafe_mode_is_active": true}\
            """;
    private static final String LEADS =
            """
            {"state": "running", "role": "primary"}\
            """;

    /**
     * Patroni answers 503: it has demoted PostgreSQL. The address is released as soon as it says
     * so, which is long before the lease can end.
     */
    @Test
    void patroniDoesNotLead_releasesInDoubt() throws InterruptedException {
        try (Lab lab = Lab.open("patroni-url 503");
                PatroniStub patroni = new PatroniStub(lab.host(1))) {
            long frozen = freeze(lead(lab, Duration.ofSeconds(30)));
            lab.holders().awaitNobody(UNTIL_IN_DOUBT.plus(TWO_INTERVALS).plus(BUSY_MACHINE));
            tell(lab, "etcd frozen, Patroni says 503", frozen);
            lab.awaitLog(lab.daemons().getFirst(), "Patroni does not lead (status 503)");
            assertThat(patroni.requests()).isPositive();
        }
    }

    /**
     * Patroni leads in failsafe mode, for longer than the lease lasts. The address stays, and the
     * client notices nothing. Then Patroni dies, and the address is gone soon.
     */
    @Test
    void failsafeMode_holdsPastTheLease() throws InterruptedException {
        try (Lab lab = Lab.open("patroni-url failsafe")) {
            lab.mayOverlap(Duration.ZERO);
            PatroniStub patroni = new PatroniStub(lab.host(1));
            patroni.answer(200);
            patroni.member(FAILSAFE_MODE);
            long frozen = freeze(lead(lab, TTL));
            Thread.sleep(TTL.plusSeconds(5));
            lab.holders().assertKept(lab.host(1), "etcd frozen, Patroni in failsafe mode", frozen);
            long dead = lab.timeline().note("Patroni dies");
            patroni.close();
            lab.holders().awaitNobody(FAILSAFE.plus(TWO_INTERVALS));
            tell(lab, "Patroni dies in failsafe mode", dead);
        }
    }

    /**
     * Patroni leads and knows no failsafe mode. That changes nothing: the address stays, but no
     * longer than the lease.
     */
    @Test
    void leaderWithoutFailsafeMode_releasesWithTheLease() throws InterruptedException {
        try (Lab lab = Lab.open("patroni-url without failsafe");
                PatroniStub patroni = new PatroniStub(lab.host(1))) {
            lab.mayOverlap(Duration.ZERO);
            patroni.answer(200);
            patroni.member(LEADS);
            patroni.configuration("{\"ttl\": 30, \"failsafe_mode\": false}");
            long frozen = freeze(lead(lab, TTL));
            lab.holders().awaitNobody(TTL);
            tell(lab, "etcd frozen, Patroni leads without failsafe", frozen);
            assertThat(patroni.requests()).isPositive();
            Daemon daemon = lab.daemons().getFirst();
            lab.awaitLog(daemon, "released ");
            assertThat(daemon.log())
                    .as("at the end of the lifetime by the daemon, or by the kernel before it")
                    .anyMatch(
                            line ->
                                    line.matches(
                                            ".*released .*(the lease of leader key|its lifetime in the kernel ended).*"));
        }
    }

    private static Lab lead(Lab lab, Duration ttl) throws InterruptedException {
        return lab.withLeasedLeader(ttl, "--patroni-url=http://127.0.0.1:8008");
    }

    private static long freeze(Lab lab) {
        long at = System.nanoTime();
        lab.etcd().freeze();
        return at;
    }

    private static void tell(Lab lab, String row, long since) {
        Results.add(row, "released after " + lab.holders().untilRemoved(lab.host(1), since));
    }
}
