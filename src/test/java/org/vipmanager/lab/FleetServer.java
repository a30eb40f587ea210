package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import org.vipmanager.dcs.FreePorts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * The etcd that a {@link Fleet} follows, on the loopback interface of the network namespace of
 * whoever starts it, and what it counts itself.
 */
final class FleetServer implements AutoCloseable {

    private final int port;
    private final Process process;
    private final Path folder;
    private final EtcdClient client;

    private FleetServer(int port, Process process, Path folder) {
        this.port = port;
        this.process = process;
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        client = new EtcdClient(List.of(uri().toString()), Duration.ofSeconds(10));
    }

    /**
     * What a server has counted.
     *
     * @param started calls and streams of clients, without writes
     * @param received messages of clients on them
     * @param cpuSeconds what it has used of the processors
     */
    record Counters(double started, double received, double cpuSeconds) {

        Counters since(Counters before) {
            return new Counters(
                    started - before.started,
                    received - before.received,
                    cpuSeconds - before.cpuSeconds);
        }
    }

    static FleetServer start() {
        try {
            Path folder = Files.createTempDirectory("fleet");
            int port = FreePorts.next();
            String peers = "http://127.0.0.1:" + FreePorts.next();
            String clients = "http://127.0.0.1:" + port;
            Process process =
                    new ProcessBuilder(
                                    Servers.program("etcd-3.5", "etcd").toString(),
                                    "--data-dir=" + folder.resolve("data"),
                                    "--listen-client-urls=" + clients,
                                    "--advertise-client-urls=" + clients,
                                    "--listen-peer-urls=" + peers,
                                    "--log-level=warn")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("log").toFile())
                            .start();
            FleetServer server = new FleetServer(port, process, folder);
            await().atMost(Duration.ofSeconds(60)).until(server.client::isHealthy);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    EtcdClient client() {
        return client;
    }

    /** A follower that asks nothing; the address is never put, as the key never names it. */
    Process startGoProgram(String key, String value) {
        try {
            return new ProcessBuilder(
                            Servers.program("vip-manager2", "vip-manager").toString(),
                            "--ip=10.0.0.99",
                            "--netmask=24",
                            "--interface=eth0",
                            "--dcs-type=etcd",
                            "--dcs-endpoints=" + uri(),
                            "--trigger-key=" + key,
                            "--trigger-value=" + value)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Counters counters() {
        URI metrics = uri().resolve("/metrics");
        try (var answer = metrics.toURL().openConnection(Proxy.NO_PROXY).getInputStream()) {
            List<String> lines =
                    new String(answer.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            return new Counters(
                    sum(lines, line -> isOfClients(line, "grpc_server_started_total{")),
                    sum(lines, line -> isOfClients(line, "grpc_server_msg_received_total{")),
                    sum(lines, line -> line.startsWith("process_cpu_seconds_total ")));
        } catch (IOException e) {
            throw new UncheckedIOException(metrics.toString(), e);
        }
    }

    private static boolean isOfClients(String line, String counter) {
        return line.startsWith(counter) && !line.contains("grpc_method=\"Put\"");
    }

    private static double sum(List<String> lines, Predicate<String> counted) {
        return lines.stream()
                .filter(counted)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        Network.delete(folder);
    }
}
