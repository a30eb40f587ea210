package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** A stand-in for Hetzner's Cloud makes the address an alias of one server in its network. */
final class AliasIpLiveIT extends ProviderScenarios<CloudStandIn> {

    AliasIpLiveIT() {
        super("alias IP", 2);
    }

    @Override
    ProviderStage<CloudStandIn> stage(String scenario) throws InterruptedException {
        return new CloudStage(scenario, true);
    }

    /** Two hosts that take it from each other leave the others' entries as they were. */
    @Test
    void othersEntriesStay() throws InterruptedException {
        try (ProviderStage<CloudStandIn> stage = stage(titled("to and fro"))) {
            stage.startBoth();
            for (int i = 0; i < 6; i++) {
                stage.lead(1 + i % 2);
                Thread.sleep(700);
            }
            // What the other was asked before may take it away once more, until it is looked at
            // again.
            await().atMost(Duration.ofMinutes(2))
                    .during(Duration.ofSeconds(4))
                    .until(() -> stage.isRouted(2));
            assertThat(stage.provider.keptTheOthers()).isTrue();
        }
    }
}
