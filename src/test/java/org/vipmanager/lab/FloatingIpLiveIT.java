package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A stand-in for Hetzner's Cloud assigns the address as a floating IP. */
final class FloatingIpLiveIT extends ProviderScenarios<CloudStandIn> {

    FloatingIpLiveIT() {
        super("floating IP", 1);
    }

    @Override
    ProviderStage<CloudStandIn> stage(String scenario) throws InterruptedException {
        return new CloudStage(scenario, false);
    }

    /** A token that may only read is named, and hardly tried; another one of the project is. */
    @Test
    void tokenMayOnlyRead() throws InterruptedException {
        try (ProviderStage<CloudStandIn> stage = stage(titled("read-only token"))) {
            stage.provider.readOnly(true);
            stage.lead(1);
            Daemon daemon = stage.start(1);
            stage.awaitTold(daemon, "the token may only read, make one that may write");
            Thread.sleep(4000);
            assertThat(stage.provider.count("POST")).isEqualTo(1);
            assertThat(daemon.log()).noneMatch(line -> line.contains(CloudStandIn.TOKEN));
        }
    }

    /** The address is on the leader's interface, too, and on nobody else's. */
    @Test
    void isOnTheInterfaceToo() throws InterruptedException {
        try (ProviderStage<CloudStandIn> stage = stage(titled("on the interface"))) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            stage.lab.holders().await(stage.lab.host(1), Lab.AT_ONCE);
            stage.lead(2);
            stage.lab.holders().await(stage.lab.host(2), Lab.AT_ONCE);
            stage.awaitRouted(2);
        }
    }
}
