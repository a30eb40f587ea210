package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Two daemons and an etcd; a stand-in for Hetzner's Robot routes the address. */
final class RobotLiveIT {

    private static final Duration SWITCH = Duration.ofSeconds(4);

    /** Of a switch that waits for another, with the pauses of the daemon. */
    private static final Duration SOME_SWITCHES = Duration.ofSeconds(90);

    /** The key changes hands; the new leader asks once, and nobody asks after that. */
    @Test
    void failover() throws InterruptedException {
        try (Stage stage = new Stage("Robot: failover")) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            long posts = stage.robot.count("POST");
            Samples sent = new Samples();
            for (int i = 0; i < 4; i++) {
                int leader = 2 - i % 2;
                long changed = stage.lead(leader);
                stage.awaitRouted(leader);
                RobotStub.Request post = stage.firstPost(leader, changed - 1_000_000_000L);
                sent.add(Duration.ofNanos(Math.max(0, post.atNanos() - changed)));
            }
            assertThat(stage.robot.count("POST")).isEqualTo(posts + 4);
            assertThat(stage.robot.requests()).allMatch(one -> one.status() == 200);
            Results.add("Robot: key change to POST received", sent.toString());
            Results.add(
                    "Robot: requests of 5 failovers",
                    "POST %d, GET %d"
                            .formatted(stage.robot.count("POST"), stage.robot.count("GET")));
            assertThat(sent.worst()).isLessThan(Lab.AT_ONCE);
        }
    }

    /** The leader is cut from the DCS; the other one takes the address, and it stays there. */
    @Test
    void staleLeader() throws InterruptedException {
        try (Stage stage = new Stage("Robot: stale leader")) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            stage.lab.cutDcs(stage.lab.host(1), Cut.SILENCE);
            stage.lead(2);
            stage.awaitRouted(2);
            long posts = stage.robot.count("POST");
            Thread.sleep(8000);
            stage.lab.host(1).healDcs();
            Thread.sleep(8000);
            assertThat(stage.robot.count("POST")).isEqualTo(posts);
            assertThat(stage.robot.active()).isEqualTo(stage.server(2));
        }
    }

    /** For two minutes the Robot answers 503; the address follows soon after. */
    @Test
    void robotIsDown() throws InterruptedException {
        try (Stage stage = new Stage("Robot: down for two minutes")) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            stage.robot.down(true);
            int before = stage.robot.requests().size();
            stage.lead(2);
            Thread.sleep(Duration.ofMinutes(2));
            stage.robot.down(false);
            int asked = stage.robot.requests().size() - before;
            long up = System.nanoTime();
            await("routed").atMost(Duration.ofMinutes(3)).until(() -> stage.isRouted(2));
            Results.add(
                    "Robot: down for 2 minutes",
                    "%d requests meanwhile, routed %d s after its return"
                            .formatted(asked, (System.nanoTime() - up) / 1_000_000_000L));
            assertThat(asked).isBetween(3, 10);
        }
    }

    /** A wrong password is sent once; a restart does not send it again, another password is. */
    @Test
    void wrongPassword() throws IOException, InterruptedException {
        try (Stage stage = new Stage("Robot: wrong password")) {
            Files.writeString(stage.credentials, "user=joe\npass=wrong\n");
            stage.lead(1);
            Daemon daemon = stage.start(1);
            await("refused").atMost(Lab.START).until(() -> !stage.robot.requests().isEmpty());
            Thread.sleep(5000);
            daemon.signal(Kernel.SIGTERM);
            assertThat(daemon.awaitExit(30)).isZero();
            Daemon next = stage.start(1);
            await("it says so")
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    next.log().stream()
                                            .anyMatch(
                                                    line -> line.contains("nothing more is sent")));
            Thread.sleep(5000);
            assertThat(stage.robot.requests()).hasSize(1);
            Files.writeString(stage.credentials, "user=joe\npass=" + RobotStub.PASSWORD + "\n");
            stage.awaitRouted(1);
            assertThat(stage.robot.requests().stream().filter(request -> request.status() == 401))
                    .hasSize(1);
            assertThat(next.log()).noneMatch(line -> line.contains("wrong\n"));
            Results.add("Robot: wrong password", "1 request, over a restart too");
        }
    }

    /** The new leader's daemon is killed while the Robot switches, and comes back. */
    @Test
    void killedDuringASwitch() throws InterruptedException {
        try (Stage stage = new Stage("Robot: killed during a switch")) {
            stage.start(1);
            Daemon second = stage.start(2);
            stage.lead(1);
            stage.awaitRouted(1);
            stage.lead(2);
            await("a switch").atMost(Lab.START).until(stage.robot::isSwitching);
            second.signal(Kernel.SIGKILL);
            second.awaitExit(30);
            Daemon again = stage.start(2);
            stage.awaitRouted(2);
            stage.awaitTold(again, "is routed to this host");
            Results.add(
                    "Robot: killed during a switch",
                    "POST %d of both failovers".formatted(stage.robot.count("POST")));
        }
    }

    /** Leadership is back before the Robot has switched: it ends at the leader, and stays. */
    @Test
    void leadershipMovesBackDuringASwitch() throws InterruptedException {
        try (Stage stage = new Stage("Robot: back during a switch")) {
            stage.startBoth();
            stage.lead(1);
            stage.awaitRouted(1);
            stage.lead(2);
            await("a switch").atMost(Lab.START).until(stage.robot::isSwitching);
            stage.lead(1);
            await("switched").atMost(Lab.START).until(() -> !stage.robot.isSwitching());
            stage.awaitRouted(1);
            Thread.sleep(15_000);
            assertThat(stage.robot.active()).isEqualTo(stage.server(1));
            Results.add(
                    "Robot: back during a switch",
                    "POST %d, GET %d"
                            .formatted(stage.robot.count("POST"), stage.robot.count("GET")));
        }
    }

    /** Two hosts without capabilities, whose daemons ask the stand-in. */
    private static final class Stage implements AutoCloseable {

        private final Lab lab;
        private final RobotStub robot;
        private final Path credentials;
        private final Path memory;

        Stage(String name) throws InterruptedException {
            lab = Lab.open(name);
            robot = new RobotStub(lab.etcd().host(), lab.timeline(), SWITCH);
            memory = lab.memory("robot");
            credentials = memory.resolve("hetzner");
            try {
                Files.writeString(
                        credentials, "user=\"joe\"\npass=\"" + RobotStub.PASSWORD + "\"\n");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            // The user nobody writes what it remembers.
            Command.run("chmod", "-R", "a+rwX", memory.toString());
        }

        void startBoth() {
            start(1);
            start(2);
        }

        Daemon start(int number) {
            Host host = lab.host(number);
            Program program =
                    Program.underTestWithin(
                            "mkdir -p %1$s/%2$s; export STATE_DIRECTORY=%1$s/%2$s; exec \"$@\""
                                    .formatted(memory, host.name()));
            // Who runs the classes themselves may read them as root only.
            boolean anyUser = Program.hasImage() && System.getProperty("lab.program") == null;
            return lab.daemon(
                    anyUser ? program.asNobody("-net_admin") : program,
                    host,
                    "--manager-type=hetzner",
                    "--hetzner-credentials-file=" + credentials,
                    "--hetzner-server-ip=" + server(number),
                    "--hetzner-endpoint=http://%s:%d"
                            .formatted(lab.etcd().host().dcsAddress(), RobotStub.PORT));
        }

        String server(int number) {
            return lab.host(number).dcsAddress();
        }

        long lead(int number) {
            return lab.leaderKey().name(lab.host(number));
        }

        boolean isRouted(int number) {
            return robot.active().equals(server(number));
        }

        void awaitRouted(int number) {
            await("routed to " + number).atMost(SOME_SWITCHES).until(() -> isRouted(number));
        }

        void awaitTold(Daemon daemon, String text) {
            await(text)
                    .atMost(SOME_SWITCHES)
                    .until(() -> daemon.log().stream().anyMatch(line -> line.contains(text)));
        }

        RobotStub.Request firstPost(int number, long sinceNanos) {
            List<RobotStub.Request> posts =
                    robot.requests().stream()
                            .filter(one -> one.method().equals("POST"))
                            .filter(one -> one.from().equals(server(number)))
                            .filter(one -> one.atNanos() - sinceNanos > 0)
                            .toList();
            return posts.getFirst();
        }

        @Override
        public void close() {
            lab.close();
            robot.close();
        }
    }
}
