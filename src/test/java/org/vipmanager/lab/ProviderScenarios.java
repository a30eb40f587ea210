package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** What every provider of addresses must stand: two daemons, an etcd, and a stand-in of it. */
@Execution(ExecutionMode.CONCURRENT)
abstract class ProviderScenarios<P extends ProviderStandIn> {

    /** How long a switch takes. */
    static final Duration SWITCH = Duration.ofSeconds(2);

    private static final Duration DOWN = Duration.ofSeconds(20);

    private final String name;
    private final int changesOfAFailover;

    /**
     * @param name of the provider, for tables
     * @param changesOfAFailover how many requests that change something one takes
     */
    ProviderScenarios(String name, int changesOfAFailover) {
        this.name = name;
        this.changesOfAFailover = changesOfAFailover;
    }

    abstract ProviderStage<P> stage(String scenario) throws InterruptedException;

    final String titled(String scenario) {
        return name + ": " + scenario;
    }

    /** The key changes hands; the new leader asks once, and nobody asks after that. */
    @Test
    void failover() throws InterruptedException {
        try (ProviderStage<P> stage = stage(titled("failover"))) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            long posts = stage.provider.count("POST");
            Samples sent = new Samples();
            for (int i = 0; i < 4; i++) {
                int leader = 2 - i % 2;
                long before = System.nanoTime();
                long changed = stage.lead(leader);
                stage.awaitRouted(leader);
                long at = stage.changesSince(before).getFirst().atNanos();
                sent.add(Duration.ofNanos(Math.max(0, at - changed)));
                await("the end of it").until(() -> !stage.provider.isSwitching());
            }
            assertThat(stage.provider.count("POST")).isEqualTo(posts + 4L * changesOfAFailover);
            assertThat(stage.provider.requests()).allMatch(one -> one.status() < 300);
            Results.add(titled("key change to POST received"), sent.toString());
            Results.add(titled("requests of 5 failovers"), requests(stage));
            assertThat(sent.worst()).isLessThan(Lab.AT_ONCE);
        }
    }

    /** The leader is cut from the DCS; the other one takes the address, and it stays there. */
    @Test
    void staleLeader() throws InterruptedException {
        try (ProviderStage<P> stage = stage(titled("stale leader"))) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            stage.lab.cutDcs(stage.lab.host(1), Cut.SILENCE);
            stage.lead(2);
            stage.awaitRouted(2);
            long posts = stage.provider.count("POST");
            Thread.sleep(5000);
            stage.lab.host(1).healDcs();
            Thread.sleep(5000);
            assertThat(stage.provider.count("POST")).isEqualTo(posts);
            assertThat(stage.isRouted(2)).isTrue();
        }
    }

    /** It answers 503 for a while; the address follows soon after. */
    @Test
    void providerIsDown() throws InterruptedException {
        try (ProviderStage<P> stage = stage(titled("down"))) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            stage.provider.down(true);
            int before = stage.provider.requests().size();
            stage.lead(2);
            Thread.sleep(DOWN);
            stage.provider.down(false);
            int asked = stage.provider.requests().size() - before;
            long up = System.nanoTime();
            stage.awaitRouted(2);
            Results.add(
                    titled("down for " + DOWN.toSeconds() + " s"),
                    "%d requests meanwhile, routed %d s after its return"
                            .formatted(asked, (System.nanoTime() - up) / 1_000_000_000L));
            assertThat(asked).isBetween(3, 12);
        }
    }

    /** The new leader's daemon is killed while it is switched, and comes back. */
    @Test
    void killedDuringASwitch() throws InterruptedException {
        try (ProviderStage<P> stage = stage(titled("killed during a switch"))) {
            stage.start(1);
            Daemon second = stage.start(2);
            stage.lead(1);
            stage.awaitRouted(1);
            stage.lead(2);
            stage.awaitSwitching();
            second.signal(Kernel.SIGKILL);
            second.awaitExit(30);
            Daemon again = stage.start(2);
            stage.awaitRouted(2);
            stage.awaitTold(again, "is routed to this host");
            Results.add(titled("killed during a switch"), requests(stage) + " of both failovers");
        }
    }

    /** Leadership is back before it has switched: it ends at the leader, and stays. */
    @Test
    void leadershipMovesBackDuringASwitch() throws InterruptedException {
        try (ProviderStage<P> stage = stage(titled("back during a switch"))) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            stage.lead(2);
            stage.awaitSwitching();
            stage.lead(1);
            await("switched").atMost(Lab.START).until(() -> !stage.provider.isSwitching());
            stage.awaitRouted(1);
            Thread.sleep(6000);
            assertThat(stage.isRouted(1)).isTrue();
            Results.add(titled("back during a switch"), requests(stage) + " of all three");
        }
    }

    private static String requests(ProviderStage<?> stage) {
        return "POST %d, GET %d"
                .formatted(stage.provider.count("POST"), stage.provider.count("GET"));
    }
}
