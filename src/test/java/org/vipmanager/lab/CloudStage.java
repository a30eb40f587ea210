package org.vipmanager.lab;

import org.vipmanager.hetzner.CloudStub;

import java.util.ArrayList;
import java.util.List;

/** Daemons that ask a stand-in of Hetzner's Cloud, each for the server of its host. */
final class CloudStage extends ProviderStage<CloudStandIn> {

    private final boolean isAlias;

    CloudStage(String name, boolean isAlias) throws InterruptedException {
        super(
                name,
                lab ->
                        new CloudStandIn(
                                lab,
                                isAlias,
                                isAlias
                                        ? ProviderScenarios.SWITCH.dividedBy(2)
                                        : ProviderScenarios.SWITCH));
        this.isAlias = isAlias;
    }

    @Override
    List<String> flags(int number) {
        List<String> flags =
                new ArrayList<>(
                        List.of(
                                "--manager-type=hetzner-cloud",
                                "--netmask=32",
                                "--hetzner-cloud-token=" + CloudStandIn.TOKEN,
                                "--hetzner-cloud-server-id=" + server(number),
                                "--hetzner-cloud-endpoint=http://%s:%d"
                                        .formatted(
                                                lab.etcd().host().dcsAddress(),
                                                CloudStandIn.PORT)));
        if (isAlias) {
            flags.add("--hetzner-cloud-network=" + CloudStub.NETWORK);
        }
        return flags;
    }

    @Override
    String server(int number) {
        return CloudStandIn.server(number);
    }
}
