package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** Fifty thousand ARP frames a second reach the leader's host for ten seconds. */
@Isolated
final class FloodLiveIT {

    private static final Duration FLOOD = Duration.ofSeconds(10);
    private static final Duration PATRONIS_TTL = Duration.ofSeconds(30);
    private static final int PER_SECOND = 50_000;

    /**
     * The frames are about other addresses, and one a second claims ours. In doubt, the leader
     * hears these claims among all the others and yields.
     */
    @Test
    void aboutOthers_trueClaimsAreHeard() throws Exception {
        try (Lab lab = openWithLeader("flood about others")) {
            lab.cutDcs(lab.host(1), Cut.SILENCE);
            Thread.sleep(Duration.ofSeconds(4));
            InetAddress other = InetAddress.ofLiteral("10.0.0.200");
            long since = System.nanoTime();
            String figures = flood(lab, other, true);
            Results.add(
                    "flood about other addresses",
                    "yielded after %s; %s"
                            .formatted(lab.holders().untilRemoved(lab.host(1), since), figures));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since))
                    .as("removed during the flood")
                    .isBetween(since, since + FLOOD.toNanos());
        }
    }

    /** The frames claim our address. The leader, who knows better, keeps it, and logs little. */
    @Test
    void aboutOurs_isKept() throws Exception {
        try (Lab lab = openWithLeader("flood of claims")) {
            Daemon daemon = lab.daemons().getFirst();
            int lines = daemon.log().size();
            long since = System.nanoTime();
            String figures = flood(lab, lab.vip(), false);
            long logged =
                    daemon.log().stream()
                            .skip(lines)
                            .filter(line -> !Warnings.isExplainedBy(lab.bystander(), line))
                            .filter(line -> !line.contains("the DCS answers again"))
                            .count();
            Results.add(
                    "flood of claims of ours",
                    "removed %s, %d log lines; %s"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), since),
                                    logged,
                                    figures));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            assertThat(logged).isLessThanOrEqualTo(2);
        }
    }

    /** What it cost the daemon, and how many frames there were. */
    private static String flood(Lab lab, InetAddress about, boolean withClaims)
            throws IOException, InterruptedException {
        Daemon daemon = lab.daemons().getFirst();
        Duration before = daemon.processorTime();
        ArpFlood flood = new ArpFlood(lab.host(2), about, PER_SECOND);
        if (withClaims) {
            try (Claimant claims = new Claimant(lab.host(2), lab.vip(), Duration.ofSeconds(1))) {
                Thread.sleep(FLOOD);
            }
        } else {
            Thread.sleep(FLOOD);
        }
        flood.close();
        Duration cost = daemon.processorTime().minus(before);
        return "%d frames/s, %.0f %% of a core"
                .formatted(
                        flood.sent() / FLOOD.toSeconds(),
                        100.0 * cost.toMillis() / FLOOD.toMillis());
    }

    private static Lab openWithLeader(String scenario) throws InterruptedException {
        Lab lab = Lab.open(scenario);
        lab.patroni(lab.host(1), PATRONIS_TTL);
        lab.daemon(lab.host(1));
        lab.holders().awaitServing(lab.host(1), Lab.START);
        Thread.sleep(Duration.ofSeconds(2));
        return lab;
    }
}
