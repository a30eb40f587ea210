package org.vipmanager.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.control.RealTime;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.status.Snapshots;
import org.vipmanager.status.StatusReader;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.web.WebServer;
import org.vipmanager.web.cluster.PeerReader;
import org.vipmanager.web.cluster.RawPeer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** The page as a browser gets it, and the stream beside it. */
final class PageTest {

    private final ThreadLoop loop = new ThreadLoop();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final RawPeer peer = RawPeer.withBody(200, other("standby", false, "pg1"));
    private volatile StatusSnapshot snapshot = Snapshots.ofAddresses(1, "pg1");
    private WebServer server;

    @BeforeEach
    void open() throws IOException {
        server = open(Optional.empty());
    }

    private WebServer open(Optional<Supplier<String>> token) throws IOException {
        return WebServer.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Snapshots.DAEMON,
                new StatusReader(loop, () -> snapshot),
                token,
                Optional.empty(),
                new PeerReader(
                        new RealTime(),
                        List.of(URI.create(peer.url())),
                        Optional.empty(),
                        () -> TlsContexts.SYSTEM));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        server.close();
        peer.close();
        loop.close();
    }

    @Test
    void showsAllHosts_withoutAScript() throws IOException {
        awaitPeer();
        String page = get("/");

        assertThat(page)
                .startsWith("HTTP/1.1 200")
                .contains("<span class=\"ip\">10.0.0.1</span>", "on host1", "pg2")
                .contains("10.0.0.1/16 on eth0 is here: this host leads.")
                .contains("taking over 10.0.0.1/16 on eth0", "standing by on pg2")
                .contains("http://127.0.0.1:2379", "3 ms", "http://192.0.2.1:2379", "2 ms")
                .contains("<noscript>", "<main", "<caption", "scope=\"col\"", "role=\"status\"")
                .doesNotContain("style=", "onclick", "<script>", "Two holders", "//cdn");
    }

    @Test
    void twoHolders_areToldLoudly() throws IOException {
        peer.body(other("standby", true, "pg1"));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/").contains("<h2>Two holders of 10.0.0.1</h2>"));
        assertThat(get("/"))
                .contains("role=\"alert\"", "held by host1 and pg2 at the same time")
                .contains("standby, but the address is there");

        peer.body(other("standby", false, "pg1"));
        await().atMost(Duration.ofSeconds(30)).until(() -> !get("/").contains("Two holders"));
    }

    @Test
    void whatOthersSend_isNoMarkup() throws IOException {
        String evil = "<script>alert(1)</script>&\\\"' onload=";
        peer.body(
                other("standby", false, evil)
                        .replace("\"host\":\"pg2\"", "\"host\":\"" + evil + "\""));

        await().atMost(Duration.ofSeconds(30)).until(() -> get("/").contains("&lt;script&gt;"));
        assertThat(get("/")).doesNotContain("<script>").contains("&#39; onload=");
    }

    @Test
    void peerThatFails_isNamed() throws Exception {
        peer.close();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/").contains(peer.url() + " has not told its status"));
        assertThat(get("/")).contains("on host1");
    }

    @Test
    void loopThatHangs_isTold() throws IOException {
        CountDownLatch hanging = new CountDownLatch(1);
        loop.execute(() -> awaitQuietly(hanging));

        assertThat(get("/")).startsWith("HTTP/1.1 200").contains("has not looked after");
        hanging.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page.css", "/page.js", "/icon.svg"})
    void everyPath(String path) throws IOException {
        String answer = get(path);

        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase(
                        "Content-Security-Policy: default-src 'none'; script-src 'self';")
                .contains("frame-ancestors 'none'", "nosniff", "no-referrer")
                .doesNotContain("unsafe-inline");
        assertThat(ask("HEAD " + path + " HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-length: ")
                .endsWith("\r\n\r\n");
        assertThat(ask("POST " + path + " HTTP/1.0\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
        assertThat(get(path, "Host: evil.example.com")).startsWith("HTTP/1.1 403");
    }

    @Test
    void token_isThePasswordOfABrowser() throws IOException {
        server.close();
        server = open(Optional.of(() -> "ge:heim"));

        for (String path : List.of("/", "/events", "/page.js")) {
            assertThat(get(path))
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("WWW-Authenticate: Basic realm=\"vip-manager\"");
        }
        assertThat(get("/", "Authorization: Basic " + basic("anybody:ge:heim")))
                .startsWith("HTTP/1.1 200");
        assertThat(get("/", "Authorization: Bearer ge:heim")).startsWith("HTTP/1.1 200");
        for (String wrong : List.of(basic("ge:heim"), basic("x:"), basic(""), "%%%", "")) {
            assertThat(get("/", "Authorization: Basic " + wrong)).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void emptyToken_isNobodys() throws IOException {
        server.close();
        server = open(Optional.of(() -> ""));

        for (String shown : List.of("Basic " + basic("x:"), "Bearer ", "Basic", "Other x")) {
            assertThat(get("/", "Authorization: " + shown)).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void events_tellWhatChanges() throws IOException {
        awaitPeer();
        try (Socket socket = listen("")) {
            BufferedReader events = reader(socket);
            assertThat(awaitLine(events, "data: ")).isEqualTo("data: 10.0.0.1: on host1.");

            snapshot = Snapshots.ofAddresses(1, "pg2");
            assertThat(awaitLine(events, "data: ")).contains("on no host; leader is pg");
        }
    }

    /** Who comes again is told what he has missed, and nothing that he knows. */
    @Test
    void events_goOnWhereTheyEnded() throws IOException {
        awaitPeer();
        String last;
        try (Socket socket = listen("")) {
            last = awaitLine(reader(socket), "id: ").substring("id: ".length());
        }
        try (Socket socket = listen("Last-Event-ID: " + last + "\r\n")) {
            BufferedReader events = reader(socket);
            assertThat(awaitLine(events, "retry: ", ":")).startsWith("retry: ");
            assertThat(awaitLine(events, "data: ", ":")).isEqualTo(":");
        }
        snapshot = Snapshots.ofAddresses(1, "pg2");
        try (Socket socket = listen("Last-Event-ID: " + last + "\r\n")) {
            assertThat(awaitLine(reader(socket), "data: ", ":")).startsWith("data: ");
        }
    }

    /** A few, which are not read, leave the rest of the server to others; then they end. */
    @Test
    void events_areBounded() throws IOException {
        for (int i = 0; i < 8; i++) {
            opened.add(listen(""));
        }
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> firstLine().startsWith("HTTP/1.1 503"));
        assertThat(get("/livez")).startsWith("HTTP/1.1 200");
        assertThat(get("/")).startsWith("HTTP/1.1 200");

        await().atMost(Duration.ofSeconds(60)).until(() -> firstLine().startsWith("HTTP/1.1 200"));
    }

    private String firstLine() throws IOException {
        try (Socket socket = listen("")) {
            return String.valueOf(reader(socket).readLine());
        }
    }

    private void awaitPeer() {
        await().atMost(Duration.ofSeconds(30)).until(() -> get("/").contains("standing by on pg2"));
    }

    private static String other(String state, boolean present, String leader) {
        return RawPeer.status("pg2", "10.0.0.1", state, present, leader);
    }

    private Socket listen(String headers) throws IOException {
        Socket socket = connect();
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write(
                        ("GET /events HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line that begins with one of these. */
    private static String awaitLine(BufferedReader events, String... beginnings)
            throws IOException {
        String line;
        while ((line = events.readLine()) != null) {
            for (String beginning : beginnings) {
                if (line.startsWith(beginning)) {
                    return line;
                }
            }
        }
        return "the end";
    }

    private static String basic(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private String get(String path, String... headers) throws IOException {
        boolean namesHost = List.of(headers).stream().anyMatch(each -> each.startsWith("Host:"));
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return ask(
                "GET "
                        + path
                        + " HTTP/1.1\r\n"
                        + (namesHost ? "" : "Host: 127.0.0.1\r\n")
                        + "Connection: close\r\n"
                        + more
                        + "\r\n");
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address(), 10_000);
        return socket;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
