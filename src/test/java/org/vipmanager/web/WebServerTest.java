package org.vipmanager.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.http.BoundedJson;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.status.Snapshots;
import org.vipmanager.status.StatusReader;
import org.vipmanager.status.StatusSnapshot;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

final class WebServerTest {

    private final ThreadLoop loop = new ThreadLoop();
    private volatile StatusSnapshot snapshot = Snapshots.ofAddresses(2, "pg1");
    private volatile String token = "geheim";
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
                NoPeers.reader());
    }

    @AfterEach
    void close() {
        server.close();
        loop.close();
    }

    @Test
    void holder() throws IOException {
        assertThat(get("/livez")).startsWith("HTTP/1.1 200").endsWith("ok\n");
        assertThat(get("/readyz")).startsWith("HTTP/1.1 200").endsWith("ok\n");
        assertThat(get("/health")).startsWith("HTTP/1.1 200");
        assertThat(get("/leader")).startsWith("HTTP/1.1 200");
        assertThat(get("/vip/10.0.0.2")).startsWith("HTTP/1.1 200");
        assertThat(get("/vip/10.9.9.9")).startsWith("HTTP/1.1 404");
        assertThat(get("/vip/host.example.com")).startsWith("HTTP/1.1 404");
        assertThat(get("/none")).startsWith("HTTP/1.1 404").contains("/vip/ADDRESS");
        assertThat(get("/../../etc/passwd")).startsWith("HTTP/1.1 404");
    }

    @Test
    void standby() throws IOException {
        snapshot = Snapshots.ofAddresses(2, "pg2");

        assertThat(get("/readyz")).startsWith("HTTP/1.1 200");
        assertThat(get("/leader")).startsWith("HTTP/1.1 503");
        assertThat(get("/vip/10.0.0.2")).startsWith("HTTP/1.1 503");
    }

    @Test
    void silentDcs_isNotReady_andSaysWhy() throws IOException {
        snapshot = Snapshots.later(Snapshots.ofAddresses(2, "pg1"), Duration.ofSeconds(60));

        assertThat(get("/readyz"))
                .startsWith("HTTP/1.1 503")
                .endsWith("the DCS has not answered for 60 s\n");
        assertThat(get("/livez")).startsWith("HTTP/1.1 200");
    }

    @Test
    void loopThatHangs_isNotAlive() throws IOException {
        CountDownLatch hanging = new CountDownLatch(1);
        loop.execute(() -> awaitQuietly(hanging));

        assertThat(get("/livez")).startsWith("HTTP/1.1 503").contains("has not looked after");
        hanging.countDown();
        await().untilAsserted(() -> assertThat(get("/livez")).startsWith("HTTP/1.1 200"));
    }

    @Test
    void status_isTheDocument() throws IOException {
        String answer = get("/status");

        assertThat(answer).startsWith("HTTP/1.1 200").contains("application/json", "no-store");
        assertThat(get("/status", "Host: localhost:1")).startsWith("HTTP/1.1 200");
        assertThat(get("/status", "Host: [::1]:8010")).startsWith("HTTP/1.1 200");
        assertThat(get("/status", "Host: HOST1:8010")).startsWith("HTTP/1.1 200");
        assertThat(get("/status", "Host: host1.evil.example")).startsWith("HTTP/1.1 403");
        String body = ask("GET /status HTTP/1.0\r\n\r\n");
        Map<?, ?> document =
                (Map<?, ?>) BoundedJson.read(body.substring(body.indexOf("\r\n\r\n") + 4));
        assertThat(document.get("schema")).isEqualTo(1L);
    }

    @Test
    void metrics_inBothFormats() throws IOException {
        String text = get("/metrics");
        assertThat(text)
                .contains("Content-type: text/plain; version=0.0.4")
                .contains("vip_manager_build_info{version=\"1.0.0\"} 1")
                .contains("vip_manager_vip_held{interface=\"eth0\",ip=\"10.0.0.1\"} 1.0")
                .contains("vip_manager_dcs_up{endpoint=\"http://127.0.0.1:2379\"} 1.0")
                .contains("vip_manager_notify_failed_total 1.0");
        assertThat(get("/metrics", "Accept: application/openmetrics-text; version=1.0.0"))
                .contains("Content-type: application/openmetrics-text")
                .contains("# EOF\n");
        assertThat(get("/metrics", "Host: evil.example.com")).startsWith("HTTP/1.1 403");
        assertThat(ask("HEAD /metrics HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\n");
    }

    /** Of several endpoints the one that answered is up; one of SRV records is none of these. */
    @Test
    void metrics_ofEachEndpoint() throws IOException {
        URI silent = URI.create("http://10.0.0.9:2379");
        snapshot = Snapshots.with(snapshot, List.of(silent, URI.create("http://127.0.0.1:2379")));
        assertThat(get("/metrics"))
                .contains("vip_manager_dcs_up{endpoint=\"http://10.0.0.9:2379\"} 0.0")
                .contains("vip_manager_dcs_up{endpoint=\"http://127.0.0.1:2379\"} 1.0");

        server.close();
        snapshot = Snapshots.with(snapshot, List.of());
        server = open(Optional.empty());
        assertThat(get("/metrics"))
                .contains("vip_manager_dcs_up{endpoint=\"http://127.0.0.1:2379\"} 1.0");
    }

    @Test
    void nameOfSomebodyElse_isRefused() throws IOException {
        assertThat(get("/status", "Host: evil.example.com:8010")).startsWith("HTTP/1.1 403");
        assertThat(get("/livez", "Host: evil.example.com:8010")).startsWith("HTTP/1.1 200");
    }

    @Test
    void token_isNeededForMoreThanProbes_andRotates() throws IOException {
        server.close();
        server = open(Optional.of(() -> token));

        assertThat(get("/leader")).startsWith("HTTP/1.1 200");
        assertThat(get("/status")).startsWith("HTTP/1.1 401").contains("Bearer");
        assertThat(get("/status", "Authorization: Bearer falsch")).startsWith("HTTP/1.1 401");
        assertThat(get("/status", "Authorization: Bearer geheim")).startsWith("HTTP/1.1 200");
        token = "neu";
        assertThat(get("/status", "Authorization: Bearer geheim")).startsWith("HTTP/1.1 401");
        assertThat(get("/status", "Authorization: bearer neu")).startsWith("HTTP/1.1 200");
    }

    /** Without a token, whatever the name; and nothing else is told there. */
    @Test
    void listenerForProbes_answersNothingElse() throws IOException {
        server.close();
        server =
                WebServer.openForProbes(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Snapshots.DAEMON,
                        new StatusReader(loop, () -> snapshot));

        for (String path : List.of("/livez", "/readyz", "/health", "/leader", "/vip/10.0.0.2")) {
            assertThat(get(path, "Host: evil.example.com")).as(path).startsWith("HTTP/1.1 200");
        }
        for (String path : List.of("/", "/status", "/metrics", "/events", "/vip")) {
            assertThat(get(path)).as(path).startsWith("HTTP/1.1 404").doesNotContain("metrics");
        }
        assertThat(ask("POST /leader HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 405");
    }

    @Test
    void onlyGetAndHead() throws IOException {
        assertThat(ask("HEAD /readyz HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n");
        assertThat(ask("HEAD /status HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\n");
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X")) {
            assertThat(ask(method + " /status HTTP/1.0\r\nContent-Length: 0\r\n\r\n"))
                    .as(method)
                    .startsWith("HTTP/1.1 405");
        }
    }

    private String get(String path, String... headers) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("GET " + path + " HTTP/1.1");
        if (List.of(headers).stream().noneMatch(header -> header.startsWith("Host:"))) {
            lines.add("Host: 127.0.0.1");
        }
        lines.add("Connection: close");
        lines.addAll(List.of(headers));
        return ask(String.join("\r\n", lines) + "\r\n\r\n");
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
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
