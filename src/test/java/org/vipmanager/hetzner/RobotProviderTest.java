package org.vipmanager.hetzner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.posix.RecordedLog;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.CallsOfTests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Every answer that the Robot's documentation has, and every one that it should not have. */
final class RobotProviderTest {

    private static final InetAddress SERVER = InetAddress.ofLiteral("203.0.113.7");
    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("198.51.100.9"), 32, "");
    private static final VirtualIp VIP6 =
            new VirtualIp(InetAddress.ofLiteral("2001:db8:fff1::1"), 128, "");

    @TempDir Path folder;

    private final ThreadLoop loop = new ThreadLoop();
    private final SocketHttpSender sender =
            new SocketHttpSender(
                    loop,
                    new SocketHttpSender.Limits(Duration.ofSeconds(10), 1 << 20),
                    TlsContexts.SYSTEM);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private String pass = "hush";

    @AfterEach
    void end() {
        loop.execute(sender::close);
        loop.close();
    }

    @Test
    void asksAsDocumented() throws IOException {
        try (HttpStub robot = answering(200, failover("\"203.0.113.7\""))) {
            RobotProvider provider = provider(robot.uri(), SERVER);
            assertThat(provider.state(call(VIP))).isEqualTo(new Answer(new Answer.Here(), 1, 0));
            assertThat(provider.acquire(call(VIP))).isEqualTo(new Answer(new Answer.Here(), 0, 1));
            assertThat(robot.asked())
                    .extracting(HttpStub.Asked::toString)
                    .containsExactly(
                            "GET /failover/198.51.100.9",
                            "POST /failover/198.51.100.9 active_server_ip=203.0.113.7");
            String login =
                    Base64.getEncoder().encodeToString("joe:hush".getBytes(StandardCharsets.UTF_8));
            assertThat(robot.asked().getLast().head())
                    .contains("Authorization: Basic " + login)
                    .contains("Content-Type: application/x-www-form-urlencoded");
        }
    }

    @Test
    void ipv6_isNamedByItsNet() throws IOException {
        InetAddress server = InetAddress.ofLiteral("2001:db8:1:2003::2");
        try (HttpStub robot = answering(200, failover("\"2001:db8:1:2003::\""))) {
            RobotProvider provider = provider(robot.uri(), server);
            assertThat(provider.acquire(call(VIP6)).outcome()).isEqualTo(new Answer.Here());
            assertThat(robot.asked().getFirst())
                    .hasToString(
                            "POST /failover/2001:db8:fff1::"
                                    + " active_server_ip=2001%3Adb8%3A1%3A2003%3A%3A");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            200 | {"failover":{"active_server_ip":"203.0.113.8"}}                       | elsewhere 203.0.113.8
            200 | {"failover":{"active_server_ip":null,"new":[{"x":1}]}}                | elsewhere no server
            200 | {"failover":{"active_server_ip":null,"status":"processing"}}          | switching
            200 | {"failover":{"ip":"198.51.100.9"}}                                    | elsewhere no server
            200 | {"failover":[]}                                                       | failed
            200 | {"failover":{"active_server_ip":"203.0.1                              | failed
            200 | <html>Wartungsarbeiten</html>                                         | failed
            404 | {"error":{"status":404,"code":"NOT_FOUND","message":"no"}}            | person
            403 | {"error":{"status":403,"code":"RATE_LIMIT_EXCEEDED","max_request":100,"interval":3600}} | pause 120
            403 | {}                                                                    | person
            302 | moved                                                                 | person
            500 | oops                                                                  | failed
            502 | <html>                                                                | failed
            503 | {"error":{"status":503,"code":"MAINTENANCE","message":"later"}}       | failed
            """)
    void state_byAnswer(int status, String body, String expected) throws IOException {
        try (HttpStub robot = answering(status, body)) {
            assertThat(short_(provider(robot.uri(), SERVER).state(call(VIP)).outcome()))
                    .startsWith(expected);
            assertThat(robot.asked()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            200 | {"failover":{"active_server_ip":"203.0.113.8"}}                       | switching
            200 | {"failover":{"active_server_ip":                                      | switching
            200 | <html>                                                                | switching
            409 | {"error":{"status":409,"code":"FAILOVER_ALREADY_ROUTED","message":""}} | here
            409 | {"error":{"status":409,"code":"FAILOVER_LOCKED","message":""}}        | switching
            500 | {"error":{"status":500,"code":"FAILOVER_FAILED","message":""}}        | failed
            500 | {"error":{"status":500,"code":"FAILOVER_NOT_COMPLETE","message":""}}  | switching
            400 | {"error":{"status":400,"code":"INVALID_INPUT","missing":null,"invalid":["active_server_ip"]}} | person
            404 | {"error":{"status":404,"code":"FAILOVER_NEW_SERVER_NOT_FOUND","message":""}} | person
            403 | {"error":{"status":403,"code":"RATE_LIMIT_EXCEEDED","message":""}}    | pause 120
            503 | maintenance                                                           | failed
            307 | moved                                                                 | person
            """)
    void acquire_byAnswer(int status, String body, String expected) throws IOException {
        try (HttpStub robot = answering(status, body)) {
            assertThat(short_(provider(robot.uri(), SERVER).acquire(call(VIP)).outcome()))
                    .startsWith(expected);
            assertThat(robot.asked()).hasSize(1);
        }
    }

    @Test
    void refusedLogin_isNotTriedAgain_notEvenAfterARestart() throws IOException {
        try (HttpStub robot = answering(401, "{\"error\":{\"code\":\"UNAUTHORIZED\"}}")) {
            RobotProvider provider = provider(robot.uri(), SERVER);
            assertThat(short_(provider.acquire(call(VIP)).outcome())).startsWith("person");
            assertThat(provider.acquire(call(VIP)).changes()).isZero();
            assertThat(provider.state(call(VIP)).reads()).isZero();
            assertThat(provider(robot.uri(), SERVER).state(call(VIP)).reads()).isZero();
            assertThat(robot.asked()).hasSize(1);

            now = now.plus(LoginLock.TIME).minusSeconds(1);
            provider(robot.uri(), SERVER).state(call(VIP));
            assertThat(robot.asked()).hasSize(1);
            now = now.plusSeconds(1);
            provider(robot.uri(), SERVER).state(call(VIP));
            assertThat(robot.asked()).hasSize(2);
        }
    }

    @Test
    void refusedLogin_isTriedAgainWithOtherCredentials() throws IOException {
        try (HttpStub robot =
                new HttpStub(
                        (asked, out) -> {
                            boolean good =
                                    asked.head()
                                            .contains(
                                                    new RobotLogin("joe", "right").authorization());
                            HttpStub.json(out, good ? 200 : 401, failover("\"203.0.113.7\""));
                        })) {
            RobotProvider provider = provider(robot.uri(), SERVER);
            assertThat(short_(provider.state(call(VIP)).outcome())).startsWith("person");
            pass = "right";
            Files.writeString(credentials(), "changed, and longer than before");
            assertThat(provider.state(call(VIP)).outcome()).isEqualTo(new Answer.Here());
        }
    }

    @Test
    void clockThatWentBack_shutsForTenMinutesAtMost() throws IOException {
        LoginLock lock = lock();
        lock.shut();
        now = now.minus(Duration.ofDays(3));
        LoginLock next = lock();
        assertThat(next.isShut()).isTrue();
        now = now.plus(LoginLock.TIME);
        assertThat(next.isShut()).isFalse();
        assertThat(folder.resolve("refused")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "99999999999999999999 a", "123", "-1 unreadable"})
    void damagedMemory_shutsNothing(String content) throws IOException {
        Files.writeString(folder.resolve("refused"), content);
        assertThat(lock().isShut()).isFalse();
    }

    @Test
    void whoDoesNotLeadAnyMore_sendsNothing() throws IOException {
        try (HttpStub robot = answering(200, "{}")) {
            Call call = call(VIP);
            CallsOfTests.end(call);
            assertThat(short_(provider(robot.uri(), SERVER).acquire(call).outcome()))
                    .startsWith("failed");
            assertThat(robot.asked()).isEmpty();
        }
    }

    @Test
    void endlessBody_isAFailure() throws IOException {
        try (HttpStub robot =
                new HttpStub(
                        (asked, out) -> {
                            out.write(
                                    "HTTP/1.1 200 x\r\nContent-Length: 1073741824\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                            byte[] much = new byte[1 << 16];
                            for (int i = 0; i < 1 << 14; i++) {
                                out.write(much);
                            }
                        })) {
            assertThat(short_(provider(robot.uri(), SERVER).state(call(VIP)).outcome()))
                    .startsWith("person");
        }
    }

    /** 180 s of a real one. */
    @Test
    void switchWithoutAnAnswer_mayHaveBeenHeard() throws IOException {
        try (HttpStub robot = new HttpStub((asked, out) -> Thread.sleep(Duration.ofMinutes(10)))) {
            Answer answer = provider(robot.uri(), SERVER).acquire(call(VIP));
            assertThat(answer)
                    .isEqualTo(
                            new Answer(
                                    new Answer.Switching(
                                            "the Robot has not answered within 1 s, it may have heard",
                                            Duration.ofSeconds(60)),
                                    0,
                                    1));
        }
    }

    @Test
    void closedConnection_isAFailure() throws IOException {
        try (HttpStub robot =
                new HttpStub(
                        (asked, out) -> {
                            out.close();
                        })) {
            Answer answer = provider(robot.uri(), SERVER).acquire(call(VIP));
            assertThat(short_(answer.outcome())).startsWith("failed");
            assertThat(robot.asked()).hasSize(1);
        }
    }

    @Test
    void ownAddressThatIsTheFailoverAddress_isNotUsed() throws IOException {
        try (HttpStub robot = answering(200, "{}")) {
            assertThat(short_(provider(robot.uri(), VIP.address()).acquire(call(VIP)).outcome()))
                    .startsWith("person this server's main address is not known");
            assertThat(robot.asked()).isEmpty();
        }
    }

    /** Told once: the interface is only looked at. */
    @Test
    void interfaceWithAnotherMainAddress_isTold() throws IOException {
        try (HttpStub robot = answering(200, failover("null"));
                RecordedLog log = RecordedLog.of("org.vipmanager.provider")) {
            RobotProvider provider = provider(robot.uri(), SERVER, Optional.of("lo"));
            provider.state(call(VIP));
            provider.state(call(VIP));
            assertThat(log.lines())
                    .filteredOn(
                            line -> line.contains("interface lo has the main address 127.0.0.1"))
                    .hasSize(1);
        }
        assertThat(ServerAddress.otherOn("lo", InetAddress.ofLiteral("127.0.0.1"), VIP.address()))
                .isEmpty();
        assertThat(ServerAddress.otherOn("lo", SERVER, InetAddress.ofLiteral("127.0.0.1")))
                .isEmpty();
        assertThat(ServerAddress.otherOn("absent", SERVER, VIP.address())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user=\"joe\"\npass=\"hush\"",
                "pass = hush\r\nuser = joe\r\n",
                "# user=\"no\"\n\ufeffuser='joe'\npass='hush'\nother=1",
            })
    void credentials_inEveryForm(String text) {
        assertThat(RobotLogin.parse(text)).contains(new RobotLogin("joe", "hush"));
    }

    @Test
    void credentials_withoutOneOfThem_areNone_andNeverShown() {
        assertThat(RobotLogin.parse("user=joe\npass=\n")).isEmpty();
        assertThat(RobotLogin.parse("pass=hush")).isEmpty();
        assertThat(new RobotLogin("joe", "hush").toString()).doesNotContain("hush");
        assertThat(RobotLogin.parse("user=joe\npass=\"a=b#c\"").orElseThrow().password())
                .isEqualTo("a=b#c");
    }

    private static String short_(Answer.Outcome outcome) {
        return switch (outcome) {
            case Answer.Here() -> "here";
            case Answer.Elsewhere(String where) -> "elsewhere " + where;
            case Answer.Switching(String what, Duration _) -> "switching " + what;
            case Answer.Failed(String trouble, Duration _, boolean person) when person ->
                    "person " + trouble;
            case Answer.Failed(String trouble, Duration pause, boolean _) ->
                    pause.isZero() ? "failed " + trouble : "pause " + pause.toSeconds();
        };
    }

    private static String failover(String active) {
        return """
                {"failover":{"ip":"198.51.100.9","netmask":"255.255.255.255",
                "server_ip":"203.0.113.1","server_ipv6_net":"2001:db8:1::","server_number":321,
                "active_server_ip":%s}}"""
                .formatted(active);
    }

    private static HttpStub answering(int status, String body) throws IOException {
        return new HttpStub((asked, out) -> HttpStub.json(out, status, body));
    }

    private Path credentials() {
        return folder.resolve("hetzner");
    }

    private LoginLock lock() {
        return new LoginLock(credentials(), Optional.of(folder.resolve("refused")), () -> now);
    }

    private RobotProvider provider(URI endpoint, InetAddress server) {
        return provider(endpoint, server, Optional.empty());
    }

    private RobotProvider provider(
            URI endpoint, InetAddress server, Optional<String> interfaceName) {
        return new RobotProvider(
                new ApiClient(loop, sender),
                endpoint,
                () -> new RobotLogin("joe", pass),
                lock(),
                Optional.of(server),
                interfaceName,
                new RobotProvider.Times(Duration.ofSeconds(1), Duration.ofSeconds(20)));
    }

    private static Call call(VirtualIp vip) {
        return new Call(Call.Kind.ACQUIRE, vip, new Trigger("/service/db/leader", "pg1"));
    }
}
