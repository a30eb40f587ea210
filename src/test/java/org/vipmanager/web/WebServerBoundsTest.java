package org.vipmanager.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Slow, many, huge and broken clients, against a process with a heap as small as the daemon's. */
final class WebServerBoundsTest {

    private static final int MANY_FILES = 4096;

    /** 200, or 503 where this machine lets the process stand still for seconds. */
    private static final String ANSWERED = "HTTP/1.1 ";

    private final List<Socket> opened = new ArrayList<>();
    private ServingProcess server;

    @BeforeEach
    void start() throws IOException {
        server = ServingProcess.start(MANY_FILES);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : opened) {
            socket.close();
        }
        server.close();
    }

    /** Each ends what it began, and nothing else. */
    @Test
    void hugeAndBrokenRequests() throws IOException {
        String huge = "x".repeat(1 << 20);
        for (String request :
                List.of(
                        "GET /" + huge + " HTTP/1.1\r\n\r\n",
                        "GET / HTTP/1.1\r\nX: " + huge + "\r\n\r\n",
                        "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(100_000) + "\r\n",
                        "GET\r\n\r\n",
                        "\0\1\2\r\n\r\n",
                        "GET http://[ HTTP/1.1\r\n\r\n",
                        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                        "GET / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n")) {
            askAnything(request);
        }
        assertThat(livez()).startsWith(ANSWERED);
    }

    /** Whoever opens it does without, as where the port is taken. */
    @Test
    void withoutAThread_isNotOpened() {
        assertThatThrownBy(
                        () ->
                                WebServer.serve(
                                        () -> {
                                            throw new OutOfMemoryError("no native thread");
                                        },
                                        _ -> {},
                                        () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no thread can be had");
    }

    /** Many say nothing, or not all of it; who asks is answered at once all the same. */
    @Test
    void slowClients_keepNobodyWaiting() throws IOException {
        Duration alone = tenAnswers();
        for (int i = 0; i < 50; i++) {
            Socket socket = connect();
            opened.add(socket);
            if (i % 2 == 0) {
                socket.getOutputStream().write("GET /status HT".getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(tenAnswers())
                .as("beside %s alone", alone)
                .isLessThan(alone.multipliedBy(20).plusSeconds(4));
        await("the half ones are cut off")
                .atMost(Duration.ofSeconds(60))
                .until(() -> isEnded(opened.getFirst()));
    }

    private Duration tenAnswers() throws IOException {
        long begun = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(livez()).startsWith(ANSWERED);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Each waits for a request, and takes nothing that who asks would need. */
    @Test
    void idleConnections_keepNobodyOut() throws IOException {
        for (int i = 0; i < 500; i++) {
            opened.add(connect());
        }
        for (int i = 0; i < 10; i++) {
            assertThat(ask("GET /metrics HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
        await("the silent ones are cut off")
                .atMost(Duration.ofSeconds(60))
                .until(() -> opened.stream().allMatch(WebServerBoundsTest::isEnded));
    }

    /** Else each scrape would take a connection of its own, and with https a handshake. */
    @Test
    void oneConnection_servesManyRequests() throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(30_000);
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (int i = 0; i < 5; i++) {
                socket.getOutputStream()
                        .write("GET /livez HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(in.readLine()).startsWith(ANSWERED);
                assertThat(in.lines().takeWhile(line -> !line.isEmpty())).isNotEmpty(); // headers
                assertThat(in.readLine()).as("one line").isNotEmpty();
            }
        }
    }

    /** A quarter of the descriptors, where these are few: the daemon needs some itself. */
    @Test
    void moreConnectionsThanAllowed_areClosed() throws IOException {
        server.close();
        server = ServingProcess.start(256);
        for (int i = 0; i < 400; i++) {
            opened.add(connect());
        }
        await("those beyond the limit are closed")
                .atMost(Duration.ofSeconds(30))
                .until(() -> opened.stream().filter(WebServerBoundsTest::isEnded).count() >= 336);
        for (Socket socket : opened) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> livez().startsWith("HTTP/1.1 200"));
    }

    private static boolean isEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private String livez() throws IOException {
        return ask("GET /livez HTTP/1.0\r\n\r\n");
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void askAnything(String request) {
        try {
            ask(request);
        } catch (IOException e) {
            return; // hung up in the middle of it, as it should
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address(), 10_000);
        return socket;
    }
}
