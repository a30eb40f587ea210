package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A stand-in for Hetzner's Robot routes the address, asked by daemons without any capability. */
final class RobotLiveIT extends ProviderScenarios<RobotStub> {

    RobotLiveIT() {
        super("Robot", 1);
    }

    @Override
    Stage stage(String scenario) throws InterruptedException {
        return new Stage(scenario);
    }

    /** A wrong password is sent once; a restart does not send it again, another password is. */
    @Test
    void wrongPassword() throws IOException, InterruptedException {
        try (Stage stage = stage(titled("wrong password"))) {
            Files.writeString(stage.credentials, "user=joe\npass=mistyped\n");
            stage.lead(1);
            Daemon daemon = stage.start(1);
            await("refused").atMost(Lab.START).until(() -> !stage.provider.requests().isEmpty());
            Thread.sleep(3000);
            stage.lab.awaitEnd(daemon, daemon.signal(Kernel.SIGTERM));
            Daemon next = stage.start(1);
            stage.awaitTold(next, "nothing more is sent");
            Thread.sleep(3000);
            assertThat(stage.provider.requests()).hasSize(1);
            Files.writeString(stage.credentials, "user=joe\npass=" + RobotStub.PASSWORD + "\n");
            stage.awaitRouted(1);
            assertThat(stage.provider.requests())
                    .filteredOn(request -> request.status() == 401)
                    .hasSize(1);
            assertThat(next.log()).noneMatch(line -> line.contains("mistyped"));
            Results.add("Robot: wrong password", "1 request, over a restart too");
        }
    }

    /** Its daemons are user nobody's and have no capability. */
    static final class Stage extends ProviderStage<RobotStub> {

        private final Path credentials;

        Stage(String name) throws InterruptedException {
            super(name, lab -> new RobotStub(lab.etcd().host(), lab.timeline(), SWITCH));
            credentials = memory.resolve("hetzner");
            try {
                Files.writeString(
                        credentials, "user=\"joe\"\npass=\"" + RobotStub.PASSWORD + "\"\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // The user nobody writes what it remembers.
            Command.run("chmod", "-R", "a+rwX", memory.toString());
        }

        @Override
        Program program(Host host) {
            Program program =
                    Program.underTestWithin(
                            "mkdir -p %1$s/%2$s; export STATE_DIRECTORY=%1$s/%2$s; exec \"$@\""
                                    .formatted(memory, host.name()));
            // Who runs the classes themselves may read them as root only.
            boolean anyUser = Program.hasImage() && System.getProperty("lab.program") == null;
            return anyUser ? program.asNobody("-net_admin") : program;
        }

        @Override
        List<String> flags(int number) {
            return List.of(
                    "--manager-type=hetzner",
                    "--hetzner-credentials-file=" + credentials,
                    "--hetzner-server-ip=" + server(number),
                    "--hetzner-endpoint=http://%s:%d"
                            .formatted(lab.etcd().host().dcsAddress(), RobotStub.PORT));
        }

        @Override
        String server(int number) {
            return lab.host(number).dcsAddress();
        }
    }
}
