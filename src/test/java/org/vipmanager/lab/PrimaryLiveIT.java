package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/**
 * The host's own address vanishes and returns while the daemon holds the virtual one in the same
 * subnet. Removing a subnet's primary address takes the others along, so ours must never be it.
 */
@Execution(ExecutionMode.CONCURRENT)
final class PrimaryLiveIT {

    private static final String DEFAULT_ROUTE = "default via 10.0.0.50 dev eth0";

    /** Long enough that what was decided for the last put does not count any more. */
    private static final Duration BETWEEN_PUTS = Duration.ofSeconds(1);

    /**
     * The leader's host loses its own address and gets it and its routes back, as with a restarted
     * network service. Then the leader key moves on: the address goes, and the host's own address,
     * its network's route and its default route stay.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void hostsOwnAddressVanishesAndReturns(int promoteSecondaries) throws InterruptedException {
        String scenario = "own address vanishes, promote_secondaries " + promoteSecondaries;
        try (Lab lab = Lab.open(scenario)) {
            Host host = lab.host(1);
            Namespace inside = host.namespace();
            inside.sysctl("ipv4/conf/all/promote_secondaries", "0");
            inside.sysctl("ipv4/conf/eth0/promote_secondaries", "" + promoteSecondaries);
            inside.ip("route add " + DEFAULT_ROUTE + " src 10.0.0.1");
            lab.patroni(host, Lab.A_LONG_LEASE);
            lab.daemon(host, Lab.RENEWALS_ARE_RARE);
            lab.holders().awaitServing(host, Lab.START);
            Thread.sleep(BETWEEN_PUTS);

            long before = lab.timeline().note("the host's own address vanishes");
            inside.ip("address delete 10.0.0.1/24 dev eth0");
            await("ours is a single address")
                    .atMost(Lab.AT_ONCE)
                    .until(() -> addresses(host).contains("10.0.0.99/32"));
            String gone = Samples.text(withoutAddress(lab, before));

            Thread.sleep(BETWEEN_PUTS);
            lab.timeline().note("the host's own address returns");
            inside.ip(
                    "address add 10.0.0.1/24 dev eth0",
                    "route replace " + DEFAULT_ROUTE + " src 10.0.0.1");
            await("ours is in the host's subnet")
                    .atMost(Lab.AT_ONCE)
                    .until(() -> addresses(host).contains("10.0.0.99/24"));
            assertThat(addresses(host))
                    .contains("10.0.0.99/24 scope global secondary")
                    .doesNotContain("10.0.0.99/32");
            lab.holders().awaitServing(host, Lab.AT_ONCE);

            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitNobody(Lab.AT_ONCE);
            assertThat(addresses(host)).contains("10.0.0.1/24");
            assertThat(Command.run("ip", "-n", inside.name(), "route", "show"))
                    .contains(DEFAULT_ROUTE)
                    .contains("10.0.0.0/24 dev eth0");
            Results.add(scenario, "ours was away for " + gone + "; all routes stayed");
        }
    }

    /** From its first removal until it was there again; nothing when it never was away. */
    private static Duration withoutAddress(Lab lab, long sinceNanos) {
        long removed = lab.timeline().firstRemoved(lab.host(1), lab.vip(), sinceNanos);
        long held = lab.timeline().firstHeld(lab.host(1), lab.vip(), Math.max(removed, sinceNanos));
        return removed < 0 || held < 0 ? Duration.ZERO : Duration.ofNanos(held - removed);
    }

    private static String addresses(Host host) {
        return Command.run(
                "ip", "-n", host.namespace().name(), "-4", "address", "show", "dev", "eth0");
    }
}
