package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.cli.CommandLine;
import org.vipmanager.cli.Outcome;
import org.vipmanager.config.Config;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.dcs.patroni.HttpPatroniProbe;
import org.vipmanager.http.ThreadLoop;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Host names while the name server fails. The JDK reads its settings once in a process, so another
 * one asks; a file of hosts takes the place of the name server.
 */
@Timeout(60)
final class HostNamesTest {

    private static final String HOST = "patroni.test";

    /** By more than what is remembered without asking. */
    private static final long MILLIS_TO_FORGET = 1_500;

    @TempDir private Path folder;

    @Test
    void endpointIsFound_whileTheNameServerFails_andWhereItMovesTo() throws Exception {
        HttpServer here = server("127.0.0.1", 0, 503);
        int port = here.getAddress().getPort();
        HttpServer there = server("127.0.0.2", port, 404);
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "");
        Process process = asking(hosts, port);
        try (BufferedWriter ask = process.outputWriter();
                BufferedReader answers = process.inputReader()) {
            assertThat(status(ask, answers)).as("name unknown").isZero();
            Files.writeString(hosts, "127.0.0.1 " + HOST + "\n");
            assertThat(status(ask, answers)).as("failure not remembered").isEqualTo(503);
            Thread.sleep(MILLIS_TO_FORGET);
            Files.writeString(hosts, "");
            assertThat(status(ask, answers)).as("name server fails").isEqualTo(503);
            Thread.sleep(MILLIS_TO_FORGET);
            assertThat(status(ask, answers)).as("fails longer").isEqualTo(503);
            Files.writeString(hosts, "127.0.0.2 " + HOST + "\n");
            await("has moved").until(() -> status(ask, answers) == 404);
        } finally {
            process.destroyForcibly();
            here.stop(0);
            there.stop(0);
        }
    }

    /** Its first address is dead, or nobody listens there; IPv4 comes first. */
    @Test
    void everyAddressOfANameIsTried() throws Exception {
        HttpServer live = server("::1", 0, 404);
        int port = live.getAddress().getPort();
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.3 " + HOST + "\n::1 " + HOST + "\n");
        try (DeadAddress _ = new DeadAddress("127.0.0.3", port)) {
            assertThat(firstStatus(hosts, port)).as("IPv4 dead, IPv6 live").isEqualTo(404);
        }
        assertThat(firstStatus(hosts, port)).as("IPv4 refused, IPv6 live").isEqualTo(404);
        Files.writeString(hosts, "::1 " + HOST + "\n");
        assertThat(firstStatus(hosts, port)).as("IPv6 alone").isEqualTo(404);
        live.stop(0);

        HttpServer other = server("127.0.0.4", port, 404);
        Files.writeString(hosts, "127.0.0.3 " + HOST + "\n127.0.0.4 " + HOST + "\n");
        try (DeadAddress _ = new DeadAddress("127.0.0.3", port)) {
            assertThat(firstStatus(hosts, port)).as("the first of two is dead").isEqualTo(404);
        } finally {
            other.stop(0);
        }
    }

    private int firstStatus(Path hosts, int port) throws IOException {
        Process process = asking(hosts, port);
        try (BufferedWriter ask = process.outputWriter();
                BufferedReader answers = process.inputReader()) {
            return status(ask, answers);
        } finally {
            process.destroyForcibly();
        }
    }

    /** A port where nobody takes a connection any more: the kernel drops further attempts. */
    private static final class DeadAddress implements AutoCloseable {

        private final ServerSocket full;
        private final List<Socket> waiting = new ArrayList<>();

        DeadAddress(String address, int port) throws IOException {
            full = new ServerSocket(port, 1, InetAddress.ofLiteral(address));
            try {
                while (waiting.size() < 100) {
                    Socket next = new Socket();
                    waiting.add(next);
                    next.connect(full.getLocalSocketAddress(), 300);
                }
            } catch (SocketTimeoutException dropped) {
                // From now on so are all others.
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket one : waiting) {
                one.close();
            }
            full.close();
        }
    }

    private static HttpServer server(String address, int port, int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(status, -1);
                    }
                });
        server.start();
        return server;
    }

    private Process asking(Path hosts, int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.net.hosts.file=" + hosts,
                        "--class-path",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        Asking.class.getName(),
                        "--patroni-url=http://" + HOST + ":" + port,
                        "--dcs-timeout=10s",
                        "--ip=10.0.0.9",
                        "--netmask=24",
                        "--interface=eth0",
                        "--trigger-key=/service/db/leader")
                .redirectError(folder.resolve("stderr").toFile())
                .start();
    }

    private static int status(BufferedWriter ask, BufferedReader answers) throws IOException {
        ask.newLine();
        ask.flush();
        return Integer.parseInt(answers.readLine());
    }

    /** Asks the local Patroni for each line of its input, through what the daemon is wired with. */
    static final class Asking {

        private Asking() {}

        public static void main(String[] arguments) throws IOException {
            Outcome.Run run = (Outcome.Run) CommandLine.parse(arguments, Map.of());
            ThreadLoop loop = new ThreadLoop();
            Config config = run.loaded().config();
            URI url = config.vips().getFirst().patroniUrl().orElseThrow();
            PatroniProbe probe =
                    new HttpPatroniProbe(
                            new SourceFactory(loop, config)
                                    .sender(config.patroniTls(), List.of(url)),
                            loop,
                            url,
                            config.dcsTimeout(),
                            Duration.ZERO);
            while (System.in.read() >= 0) {
                PatroniProbe.Reply reply =
                        CompletableFuture.supplyAsync(probe::ask, loop::execute)
                                .thenCompose((CompletionStage<PatroniProbe.Reply> asked) -> asked)
                                .join();
                System.out.println(reply.answer().leaderStatus());
            }
        }
    }
}
