package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The daemon runs as user nobody. Needs the built image, and more than one user in the namespace.
 */
final class PrivilegeLiveIT {

    @BeforeEach
    void needsTheImageAndUsers() {
        assumeTrue(Program.hasImage(), "target/image is not built");
        assumeTrue(canBecomeNobody(), "there is no user nobody in this user namespace");
    }

    /** Ambient capabilities are all that it needs: the address follows the leader key. */
    @Test
    void nobody_withCapabilities() throws InterruptedException {
        try (Lab lab = Lab.open("unprivileged")) {
            Program nobody =
                    Program.imageIn(lab.copyOf(Path.of("target/image")))
                            .asNobody(Program.CAPABILITIES);
            Failover.Figures figures = Failover.measure(lab, nobody, 6);
            Results.add("as nobody: address", figures.address().toString());
            Results.add("as nobody: client's outage", figures.outage().toString());
            assertThat(figures.outage().worst()).isLessThan(Duration.ofMillis(200));
        }
    }

    /** One of the two capabilities is missing. It says so in one line, and exits with 2. */
    @ParameterizedTest
    @ValueSource(strings = {"net_admin", "net_raw"})
    void nobody_lacksACapability(String given) throws InterruptedException {
        String missing = given.equals("net_admin") ? "CAP_NET_RAW" : "CAP_NET_ADMIN";
        try (Lab lab = Lab.open("unprivileged with " + given)) {
            lab.leaderKey().name(lab.host(1));
            Program nobody =
                    Program.imageIn(lab.copyOf(Path.of("target/image"))).asNobody("+" + given);
            Daemon daemon = lab.daemon(nobody, lab.host(1));
            assertThat(daemon.awaitExit(10)).isEqualTo(2);
            Thread.sleep(100);
            List<String> lines = daemon.log();
            assertThat(lines).filteredOn(line -> line.contains(missing)).hasSize(1);
        }
    }

    private static boolean canBecomeNobody() {
        try {
            Command.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true");
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
