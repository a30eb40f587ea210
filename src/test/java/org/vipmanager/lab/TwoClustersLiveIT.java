package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.net.InetAddress;
import java.time.Duration;

/**
 * Two clusters on the same two hosts, each with an address of its own, and one {@code patroni-url}
 * for both, which is that of the first cluster's Patroni.
 */
@Execution(ExecutionMode.CONCURRENT)
final class TwoClustersLiveIT {

    private static final InetAddress FIRST = InetAddress.ofLiteral("10.0.0.98");
    private static final String FIRST_KEY = "/service/first/leader";
    private static final Duration SHORT_TTL = Duration.ofSeconds(12);
    private static final Duration LONG_TTL = Duration.ofSeconds(60);

    private static final Duration BUSY = Duration.ofMillis(200);

    /** max(3 s, interval + dcs-timeout), two intervals, and a busy machine. */
    private static final Duration DENIED = Duration.ofSeconds(10);

    /**
     * The first cluster's Patroni leads in failsafe mode, and its host is cut off from the DCS. The
     * second cluster's lease runs out and its leadership moves: its address is never on two hosts,
     * though nobody listens to claims. The first's address stays where its Patroni leads.
     */
    @Test
    void failsafeModeOfOne_holdsNothingOfTheOther() throws InterruptedException {
        try (Lab lab = Lab.open("two clusters failsafe");
                PatroniStub patroni = new PatroniStub(lab.host(1), "first")) {
            lab.mayOverlap(Duration.ZERO);
            patroni.answer(200);
            patroni.member("{\"state\": \"running\", \"failsafe_mode_is_active\": true}");
            Daemon old = leadBoth(lab, SHORT_TTL, "yield-in-doubt: false\n");
            lab.patroni(lab.host(2), SHORT_TTL);

            long cutAt = lab.cutDcs(lab.host(1), Cut.SILENCE);
            lab.holders().awaitServing(lab.host(2), SHORT_TTL.plusSeconds(5));
            Thread.sleep(Duration.ofSeconds(5));

            Results.add(
                    "two clusters, the first in failsafe mode, cut off",
                    "second's address on two hosts %s, released after %s"
                            .formatted(
                                    lab.holders().overlapSince(cutAt),
                                    lab.holders().untilRemoved(lab.host(1), cutAt)));
            lab.holders().assertNeverTwo();
            if (!lab.host(1).has(FIRST)) {
                assertTooSlowForPatroni(lab, old, cutAt);
            }
            assertNamed(old);
        }
    }

    /**
     * Each answer of Patroni counts three seconds from its question on: that is too short where all
     * want the processors, and then the log says so.
     */
    private static void assertTooSlowForPatroni(Lab lab, Daemon daemon, long since) {
        assertThat(lab.bystander().longestDelay(since, System.nanoTime()))
                .as("the first's address is gone, though a bystander was late by no more than that")
                .isGreaterThan(BUSY);
        assertThat(daemon.log())
                .anyMatch(
                        line -> line.matches(".*released 10\\.0\\.0\\.98.* no longer confirms .*"));
    }

    /**
     * The first cluster's Patroni says that it does not lead, while the host is cut off. That takes
     * the first's address away, and the second's stays for what is left of its lease.
     */
    @Test
    void denialOfOne_takesNothingFromTheOther() throws InterruptedException {
        try (Lab lab = Lab.open("two clusters denial");
                PatroniStub patroni = new PatroniStub(lab.host(1), "first")) {
            lab.mayOverlap(Duration.ZERO);
            patroni.answer(503);
            Daemon old = leadBoth(lab, LONG_TTL, "");

            long cutAt = lab.cutDcs(lab.host(1), Cut.SILENCE);
            await("the first's address is released")
                    .atMost(DENIED)
                    .until(() -> !lab.host(1).has(FIRST));
            Thread.sleep(Duration.ofSeconds(5));

            lab.holders().assertKept(lab.host(1), "two clusters, the first denies, cut off", cutAt);
            assertThat(old.log())
                    .filteredOn(line -> line.contains("Patroni does not lead (status 503)"))
                    .singleElement()
                    .asString()
                    .contains(FIRST.getHostAddress());
            assertNamed(old);
        }
    }

    private static Daemon leadBoth(Lab lab, Duration ttl, String own) throws InterruptedException {
        lab.patroni(lab.host(1), ttl);
        lab.leaderKey(FIRST_KEY).name(lab.host(1));
        Daemon old = daemon(lab, lab.host(1), own);
        daemon(lab, lab.host(2), own);
        lab.holders().awaitServing(lab.host(1), Lab.START);
        await("the first's address").atMost(Lab.START).until(() -> lab.host(1).has(FIRST));
        return old;
    }

    private static Daemon daemon(Lab lab, Host host, String own) {
        String both =
                own
                        + "patroni-url: http://127.0.0.1:8008\n"
                        + "vips:\n"
                        + "  - {ip: "
                        + FIRST.getHostAddress()
                        + ", trigger-key: "
                        + FIRST_KEY
                        + "}\n";
        return lab.daemon(host, lab.settings(host, both));
    }

    /** At the start, and when an answer shows it: once. */
    private static void assertNamed(Daemon daemon) {
        assertThat(daemon.log())
                .anyMatch(line -> line.contains("cannot speak for both"))
                .filteredOn(
                        line ->
                                line.contains("answers as member \"pg1\" of scope \"first\"")
                                        && line.contains(Lab.KEY))
                .hasSize(1);
    }
}
