package org.vipmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.config.Config;
import org.vipmanager.daemon.Providers;
import org.vipmanager.hetzner.HttpStub;
import org.vipmanager.posix.FfmLibC;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is said of a provider, by what it answers to one look. */
final class ProviderCheckTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String HERE =
            "{\"failover\":{\"ip\":\"10.0.0.9\",\"active_server_ip\":\"203.0.113.7\"}}";
    private static final String ELSEWHERE = HERE.replace("113.7", "113.8");

    @TempDir Path folder;

    private final Map<String, KeyState> keys = new HashMap<>();
    private Inquiries inquiries;

    @BeforeEach
    void begin() {
        inquiries = new Inquiries(new FfmLibC());
    }

    @AfterEach
    void end() {
        inquiries.close();
    }

    @ParameterizedTest
    @CsvSource({
        "pg1, GOOD, is routed to this host",
        "pg2, WARNING, 'this host, which does not lead'"
    })
    void here(String leader, Sign sign, String found) throws IOException {
        leads(leader);
        Finding finding = ofRobot(200, HERE, LONG);
        assertThat(finding.sign()).isEqualTo(sign);
        assertThat(finding.found()).endsWith(found);
    }

    @ParameterizedTest
    @CsvSource({
        "pg2, GOOD, routed to 203.0.113.8",
        "pg1, ERROR, 'to 203.0.113.8, and this host leads'"
    })
    void elsewhere(String leader, Sign sign, String found) throws IOException {
        leads(leader);
        Finding finding = ofRobot(200, ELSEWHERE, LONG);
        assertThat(finding.sign()).isEqualTo(sign);
        assertThat(finding.found()).endsWith(found);
    }

    /** Where the DCS could not be asked nothing is said against either. */
    @Test
    void leaderUnknown() throws IOException {
        assertThat(ofRobot(200, HERE, LONG).sign()).isEqualTo(Sign.GOOD);
        assertThat(ofRobot(200, ELSEWHERE, LONG).sign()).isEqualTo(Sign.GOOD);
    }

    @Test
    void loginRefused_costsOneRequest_andIsRememberedForTheDaemon() throws IOException {
        Finding finding = ofRobot(401, "{\"error\":{\"code\":\"UNAUTHORIZED\"}}", LONG);
        assertThat(finding.sign()).isEqualTo(Sign.ERROR);
        assertThat(finding.found()).contains("refuses user and password (401)");
        assertThat(finding.remedy().orElseThrow()).contains("hetzner-credentials-file");
        assertThat(folder.resolve("hetzner-login-refused")).exists();
        try (HttpStub robot = stub(200, HERE)) {
            assertThat(ask(robot, LONG).found()).contains("refuses user and password (401)");
            assertThat(robot.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "404, NOT_FOUND, ERROR, is it a failover IP of this account",
        "403, RATE_LIMIT_EXCEEDED, WARNING, 403 RATE_LIMIT_EXCEEDED",
        "503, MAINTENANCE, WARNING, 503 MAINTENANCE",
    })
    void refused(int status, String code, Sign sign, String found) throws IOException {
        Finding finding = ofRobot(status, "{\"error\":{\"code\":\"%s\"}}".formatted(code), LONG);
        assertThat(finding.sign()).isEqualTo(sign);
        assertThat(finding.found()).contains(found);
    }

    @Test
    void noAnswer() throws IOException {
        try (HttpStub robot = new HttpStub((asked, out) -> Thread.sleep(Duration.ofMinutes(10)))) {
            Finding finding = ask(robot, Duration.ofSeconds(1));
            assertThat(finding.sign()).isEqualTo(Sign.WARNING);
            assertThat(finding.found()).contains("no answer of the provider");
        }
    }

    @Test
    void refusedConnection() throws IOException {
        HttpStub robot = stub(200, HERE);
        robot.close();
        assertThat(ask(robot, LONG).sign()).isEqualTo(Sign.WARNING);
    }

    /** A token that the Cloud does not take, and one of a project without the address. */
    @ParameterizedTest
    @CsvSource({
        "401, '{\"error\":{\"code\":\"unauthorized\"}}', is the token of this project",
        "200, '{\"floating_ips\":[]}', the project of the token has no floating IP 10.0.0.9",
    })
    void cloud(int status, String body, String found) throws IOException {
        try (HttpStub cloud = stub(status, body)) {
            Finding finding =
                    ask(
                            LONG,
                            "manager-type",
                            "hetzner-cloud",
                            "hetzner-cloud-token",
                            "hush",
                            "hetzner-cloud-server-id",
                            "42",
                            "hetzner-cloud-endpoint",
                            cloud.uri().toString());
            assertThat(finding.sign()).isEqualTo(Sign.ERROR);
            assertThat(finding.found()).contains(found);
            assertThat(cloud.asked()).hasSize(1);
        }
    }

    @Test
    void command_isAskedForTheState() throws IOException {
        Path program = folder.resolve("route");
        Files.writeString(program, "#!/bin/sh\necho \"asked for $1\"; exit 10\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Finding finding =
                ask(LONG, "manager-type", "command", "provider-command", program.toString());
        assertThat(finding.found()).isEqualTo("10.0.0.9 is routed to asked for state");
    }

    private void leads(String who) {
        keys.put("/service/db/leader", new KeyState(Optional.of(who), new KeyState.Nothing()));
    }

    private Finding ofRobot(int status, String body, Duration time) throws IOException {
        try (HttpStub robot = stub(status, body)) {
            Finding finding = ask(robot, time);
            assertThat(robot.asked()).hasSize(1);
            return finding;
        }
    }

    private static HttpStub stub(int status, String body) throws IOException {
        return new HttpStub((asked, out) -> HttpStub.json(out, status, body));
    }

    private Finding ask(HttpStub robot, Duration time) throws IOException {
        Path credentials = folder.resolve("hetzner");
        if (!Files.exists(credentials)) {
            Files.writeString(credentials, "user=joe\npass=hush\n");
        }
        return ask(
                time,
                "manager-type",
                "hetzner",
                "hetzner-credentials-file",
                credentials.toString(),
                "hetzner-server-ip",
                "203.0.113.7",
                "hetzner-endpoint",
                robot.uri().toString());
    }

    private Finding ask(Duration time, String... namesAndValues) {
        Config config = Given.settings(namesAndValues).config();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("STATE_DIRECTORY", folder.toString());
        Providers providers = new Providers(inquiries.loop(), new FfmLibC(), environment);
        List<Finding> findings =
                new ProviderCheck(config, keys, type -> providers.make(type, config))
                        .ask(inquiries, Deadline.in(time));
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }
}
