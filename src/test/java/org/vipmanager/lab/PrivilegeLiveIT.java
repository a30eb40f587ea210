package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The daemon runs as user nobody. Needs the built image, and more than one user in the namespace.
 */
final class PrivilegeLiveIT {

    private static final String[] READ_BY_THE_PROGRAM = {
        "CONSUL_CACERT=/nowhere",
        "HCLOUD_TOKEN=token",
        "SSL_CERT_FILE=/nowhere",
        "STATE_DIRECTORY=/nowhere",
        "VIP_VERBOSE=false",
        "https_proxy=http://127.0.0.1:1",
        "no_proxy=localhost",
    };

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
            assertThat(figures.outage().worst()).isLessThan(Lab.AT_ONCE);
        }
    }

    /**
     * The administrator has given the program file capabilities, and starts it as nobody without
     * systemd: it needs nothing else. What nobody says in the environment about Java does not
     * count, but what the program itself reads does.
     */
    @Test
    void nobody_withFileCapabilities() throws Exception {
        try (Lab lab = Lab.open("setcap")) {
            Path image = lab.copyOf(Path.of("target/image"));
            Path program = image.resolve("bin/vip-manager");
            Command.run("setcap", "cap_net_admin,cap_net_raw+ep", program.toString());
            Program nobody =
                    Program.imageIn(image)
                            .within(
                                    "export VIPMANAGER_JVM_OPTIONS=-Xmx1 BASH_ENV=/nowhere "
                                            + String.join(" ", READ_BY_THE_PROGRAM)
                                            + "; exec \"$@\"")
                            .asNobody("-net_raw");
            lab.leaderKey().name(lab.host(1));
            Daemon daemon = lab.daemon(nobody, lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            String environment = Files.readString(Path.of("/proc/" + daemon.pid() + "/environ"));
            assertThat(environment.split("\0"))
                    .contains(READ_BY_THE_PROGRAM)
                    .noneMatch(variable -> variable.startsWith("BASH_ENV"))
                    .noneMatch(variable -> variable.startsWith("VIPMANAGER_JVM"));
            daemon.signal(Kernel.SIGTERM);
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /**
     * A capability is missing, or both. It says so in one line and nothing else, and exits with 2.
     */
    @ParameterizedTest
    @CsvSource({
        "+net_admin, it lacks CAP_NET_RAW;",
        "+net_raw, it lacks CAP_NET_ADMIN;",
        "-net_raw, it lacks CAP_NET_ADMIN and CAP_NET_RAW;"
    })
    void nobody_lacksACapability(String given, String complaint) throws InterruptedException {
        try (Lab lab = Lab.open("unprivileged with" + given)) {
            lab.leaderKey().name(lab.host(1));
            Program nobody = Program.imageIn(lab.copyOf(Path.of("target/image"))).asNobody(given);
            Daemon daemon = lab.daemon(nobody, lab.host(1));
            assertThat(daemon.awaitExit(Lab.START.toSeconds())).isEqualTo(2);
            List<String> complaints =
                    daemon.wholeLog().stream()
                            .filter(line -> !line.contains(" INFO setting "))
                            .toList();
            assertThat(complaints).hasSize(1);
            assertThat(complaints.getFirst())
                    .contains(" ERROR ", complaint)
                    .doesNotContain("\tat ", "Exception");
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
