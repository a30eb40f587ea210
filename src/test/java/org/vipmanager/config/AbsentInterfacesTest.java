package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

final class AbsentInterfacesTest {

    private static final Source LINE = new Source.Line(Path.of("/etc/vip-manager.yml"), 3);

    @Test
    void absentInterfaceIsToldOnce_withThoseThatThereAre() {
        Effective absent = new Effective("interface", "eth9", LINE);
        Effective another = new Effective("interface", "database", LINE);
        Effective present = new Effective("interface", "lo", new Source.Flag("--interface"));

        assertThat(
                        AbsentInterfaces.warnings(
                                List.of(absent, present, absent, another),
                                List.of("eth0", "lo"),
                                "database"::equals))
                .containsExactly(
                        "interface (/etc/vip-manager.yml:3): eth9 does not exist on this host; there"
                                + " are: eth0, lo. The address cannot be added until it does");
    }

    @Test
    void namesStandBeforeTheColons() {
        assertThat(
                        AbsentInterfaces.names(
                                List.of(
                                        "Inter-|   Receive            |  Transmit",
                                        " face |bytes    packets errs|bytes    packets errs",
                                        "    lo: 1748 18 0 0",
                                        "  eth0:1234567 18 0 0")))
                .containsExactly("eth0", "lo");
    }
}
