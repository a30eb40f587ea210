package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Debian's HAProxy follows the leader as docs/http.md has it configured. */
@Execution(ExecutionMode.CONCURRENT)
final class HaproxyLiveIT {

    private static final int PORT = 5432;

    private static final String BEFORE =
            """
            global
                log stdout format raw local0
            defaults
                log global
                timeout connect 2s
                timeout client 1m
                timeout server 1m
            """;

    /**
     * New connections reach the leader, also after a failover; one that was open to the old one is
     * ended.
     */
    @Test
    void leaderIsFollowed() throws IOException, InterruptedException {
        try (Lab lab = Lab.open("haproxy")) {
            lab.leaderKey().name(lab.host(1));
            for (Host host : lab.hosts()) {
                lab.daemon(host, "--http-probe-listen=10.0.0." + host.number() + ":8011");
                serve(lab, host);
            }
            lab.holders().awaitServing(lab.host(1), Lab.START);
            ServerProcess haproxy = startHaproxy(lab);
            await("HAProxy, to whom at first every host is up, has asked the other one")
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    haproxy.lines().stream()
                                            .anyMatch(line -> line.contains("pg2 is DOWN")));
            try (Socket open = awaitConnection(lab, lab.host(1))) {
                long written = lab.leaderKey().name(lab.host(2));
                awaitAnswer(lab, lab.host(2));
                Duration until = Duration.ofNanos(System.nanoTime() - written);
                Results.add("haproxy", "the leader is followed after " + Samples.text(until));
                open.setSoTimeout((int) Lab.START.toMillis());
                assertThat(open.getInputStream().read()).as("ended").isEqualTo(-1);
            }
        }
    }

    /** A database that says its name to whoever connects, and keeps the connection. */
    private static void serve(Lab lab, Host host) {
        ServerSocket socket =
                host.namespace()
                        .call(
                                () -> {
                                    try {
                                        ServerSocket opened = new ServerSocket();
                                        opened.bind(
                                                new InetSocketAddress(
                                                        "10.0.0." + host.number(), PORT));
                                        return opened;
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        lab.keep(socket);
        Thread.ofPlatform().daemon().name("database").start(() -> answer(lab, host, socket));
    }

    private static void answer(Lab lab, Host host, ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = lab.keep(socket.accept());
                client.getOutputStream()
                        .write((host.name() + "\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                continue; // closed, or the client has gone
            }
        }
    }

    private static ServerProcess startHaproxy(Lab lab) throws IOException {
        String document = Files.readString(Path.of("docs/http.md"));
        int begin = document.indexOf("listen postgresql\n");
        Path file = lab.folder().resolve("haproxy.cfg").toAbsolutePath();
        Files.writeString(file, BEFORE + document.substring(begin, document.indexOf("```", begin)));
        Path tree = Servers.tree("haproxy");
        ServerProcess haproxy =
                ServerProcess.start(
                        lab.client()
                                .host()
                                .namespace()
                                .command(
                                        tree.resolve("usr/sbin/haproxy").toString(),
                                        "-db",
                                        "-f",
                                        file.toString()),
                        Map.of("LD_LIBRARY_PATH", Servers.libraries(tree).toString()),
                        lab.folder().resolve("haproxy.log"),
                        lab.timeline());
        lab.keep(haproxy::kill);
        return haproxy;
    }

    private static Socket connect(Lab lab) {
        return lab.client()
                .host()
                .namespace()
                .call(
                        () -> {
                            try {
                                Socket socket = new Socket();
                                socket.connect(new InetSocketAddress("127.0.0.1", PORT), 5000);
                                socket.setSoTimeout(5000);
                                return socket;
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    private static void awaitAnswer(Lab lab, Host host) throws IOException {
        awaitConnection(lab, host).close();
    }

    /** To a busy host, which takes a second to answer, HAProxy leads nobody for a while. */
    private static Socket awaitConnection(Lab lab, Host host) {
        return await("HAProxy leads to " + host)
                .atMost(Lab.START)
                .ignoreExceptions()
                .until(
                        () -> {
                            Socket socket = lab.keep(connect(lab));
                            assertThat(readName(socket)).isEqualTo(host.name());
                            return socket;
                        },
                        Socket::isConnected);
    }

    private static String readName(Socket socket) throws IOException {
        byte[] name = socket.getInputStream().readNBytes(4);
        return new String(name, StandardCharsets.US_ASCII).strip();
    }
}
