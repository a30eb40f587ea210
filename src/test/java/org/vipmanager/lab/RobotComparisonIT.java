package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Ours and vip-manager 5.0.0 beside the same stand-in of the Robot; the known program reaches it by
 * a curl of its own path. Not among the usual live tests: mvn verify -Plive
 * -Dit.test=RobotComparisonIT -DskipImage.
 */
@Execution(ExecutionMode.CONCURRENT)
final class RobotComparisonIT {

    private static final Duration SWITCH = Duration.ofSeconds(2);
    private static final Duration FAULT = Duration.ofSeconds(20);
    private static final Duration AFTERWARDS = Duration.ofSeconds(130);
    private static final Duration IDLE = Duration.ofSeconds(60);

    /** What the Robot answers to everything for a while. */
    private static final Map<String, String> FAULTS = new LinkedHashMap<>();

    static {
        FAULTS.put("503 and HTML", "503 <html>maintenance</html>");
        FAULTS.put("rate limit (403)", error(403, "RATE_LIMIT_EXCEEDED"));
        FAULTS.put("a switch under way (409)", error(409, "FAILOVER_LOCKED"));
        FAULTS.put("FAILOVER_NOT_COMPLETE (500)", error(500, "FAILOVER_NOT_COMPLETE"));
        FAULTS.put("JSON cut off", "200 {\"failover\":{\"ip\":\"10.0");
        FAULTS.put(
                "active_server_ip null",
                "200 {\"failover\":{\"ip\":\"10.0.0.99\",\"netmask\":\"255.255.255.255\",\"server_ip\":"
                        + "\"192.168.0.1\",\"server_number\":321,\"active_server_ip\":null}}");
        FAULTS.put("no answer", "200");
        FAULTS.put("wrong password (401)", error(401, "UNAUTHORIZED"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failoversAndIdleTime(boolean isGo) throws InterruptedException {
        try (Stage stage = new Stage("failovers", isGo)) {
            stage.start(1);
            stage.start(2);
            stage.lead(1);
            stage.awaitRouted(1);
            Samples sent = new Samples();
            for (int i = 0; i < 8; i++) {
                int leader = 2 - i % 2;
                long before = System.nanoTime();
                long changed = stage.lead(leader);
                stage.awaitRouted(leader);
                long at = stage.changesSince(before).getFirst().atNanos();
                sent.add(Duration.ofNanos(Math.max(0, at - changed)));
                Thread.sleep(500);
            }
            Results.add(stage.named("key change to POST received"), sent.toString());
            int idleFrom = stage.provider.requests().size();
            Thread.sleep(IDLE);
            int idle = stage.provider.requests().size() - idleFrom;
            Results.add(stage.named("requests in an idle minute"), Integer.toString(idle));
            assertThat(stage.isRouted(1)).isTrue();
        }
    }

    static Stream<Arguments> faults() {
        return FAULTS.keySet().stream()
                .flatMap(fault -> Stream.of(Arguments.of(fault, true), Arguments.of(fault, false)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void fault(String name, boolean isGo) throws InterruptedException {
        try (Stage stage = new Stage(name, isGo)) {
            Daemon first = stage.start(1);
            Daemon second = stage.start(2);
            stage.lead(1);
            stage.awaitRouted(1);
            Thread.sleep(1000);
            int before = stage.provider.requests().size();
            stage.provider.answerAll(FAULTS.getOrDefault(name, ""));
            stage.lead(2);
            Thread.sleep(FAULT);
            int asked = stage.provider.requests().size() - before;
            stage.provider.answerAll("");
            String end = stage.end(System.nanoTime());
            List<Host> dead =
                    Stream.of(first, second)
                            .filter(daemon -> !daemon.isAlive())
                            .map(Daemon::host)
                            .toList();
            Results.add(
                    stage.named(name),
                    "%d requests in %d s; %s; daemons that have ended: %s"
                            .formatted(asked, FAULT.toSeconds(), end, dead));
            assertThat(isGo || dead.isEmpty()).isTrue();
        }
    }

    private static String error(int status, String code) {
        return status
                + " {\"error\":{\"status\":%d,\"code\":\"%s\",\"message\":\"as documented\"}}"
                        .formatted(status, code);
    }

    /** With the pauses of real life. */
    private static final class Stage extends ProviderStage<RobotStub> {

        private final boolean isGo;
        private final Path credentials;

        Stage(String scenario, boolean isGo) throws InterruptedException {
            super(
                    "Robot compared: " + scenario + (isGo ? " (5.0.0)" : ""),
                    lab -> new RobotStub(lab.etcd().host(), lab.timeline(), SWITCH));
            this.isGo = isGo;
            credentials = memory.resolve(isGo ? "etc/hetzner" : "hetzner");
            if (isGo) {
                Command.run("cp", "-a", "/etc", memory.toString());
            }
            try {
                Files.writeString(
                        credentials, "user=\"joe\"\npass=\"" + RobotStub.PASSWORD + "\"\n");
                writeCurl();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            provider.route("192.168.0.200"); // the known program does not stand null
            String gateway = lab.etcd().host().dcsAddress();
            lab.hosts()
                    .forEach(
                            host ->
                                    host.namespace()
                                            .ip("route add default via " + gateway + " dev dcs0"));
        }

        String named(String what) {
            return "Robot compared, " + (isGo ? "5.0.0" : "ours") + ": " + what;
        }

        /** The known program asks one place alone; this leads it to the stand-in. */
        private void writeCurl() throws IOException {
            Path curl = Files.createDirectories(memory.resolve("bin")).resolve("curl");
            Files.writeString(
                    curl,
                    """
                    #!/bin/sh
                    n=$#
                    while [ $n -gt 0 ]; do
                        word=$1
                        shift
                        case $word in
                        https://*/failover/*) word="%s/failover/${word##*/}" ;;
                        esac
                        set -- "$@" "$word"
                        n=$((n - 1))
                    done
                    exec /usr/bin/curl "$@"
                    """
                            .formatted(endpoint()));
            Command.run("chmod", "755", curl.toString());
        }

        private String endpoint() {
            return "http://" + lab.etcd().host().dcsAddress() + ":" + RobotStub.PORT;
        }

        @Override
        Program program(Host host) {
            return isGo
                    ? Program.go()
                            .within(
                                    """
                                    exec unshare --mount sh -c 'mount --bind %1$s/etc /etc || exit 9
                                    PATH=%1$s/bin:$PATH; exec "$@"' sh "$@\""""
                                            .formatted(memory))
                    : Program.underTest();
        }

        @Override
        List<String> flags(int number) {
            return isGo
                    ? List.of("--manager-type=hetzner")
                    : List.of(
                            "--manager-type=hetzner",
                            "--hetzner-credentials-file=" + credentials,
                            "--hetzner-endpoint=" + endpoint());
        }

        @Override
        List<String> pace() {
            return List.of();
        }

        @Override
        String server(int number) {
            return lab.host(number).dcsAddress();
        }

        /** What becomes of it when the fault is over. */
        String end(long overNanos) {
            try {
                await().atMost(AFTERWARDS).until(() -> isRouted(2));
                return "routed %d s after it"
                        .formatted((System.nanoTime() - overNanos) / 1_000_000_000L);
            } catch (ConditionTimeoutException never) {
                return "not routed %d s after it".formatted(AFTERWARDS.toSeconds());
            }
        }

        /** The known program leaves its curl behind, which waits for ever. */
        @Override
        public void close() {
            if (isGo) {
                lab.hosts().forEach(host -> host.namespace().killProcesses());
            }
            super.close();
        }
    }
}
