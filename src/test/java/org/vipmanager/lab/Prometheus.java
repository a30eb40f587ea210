package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian's Prometheus in a host, which scrapes and evaluates once a second. */
final class Prometheus implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1:9090";

    private final Host host;
    private final ServerProcess process;

    private Prometheus(Host host, ServerProcess process) {
        this.host = host;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param jobs entries of {@code scrape_configs}, as a list of YAML
     */
    static Prometheus start(Lab lab, Host host, Path rules, String jobs) throws IOException {
        Path file = lab.folder().resolve("prometheus.yml").toAbsolutePath();
        Files.writeString(
                file,
                """
                global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                rule_files: [%s]
                scrape_configs:
                %s"""
                        .formatted(rules.toAbsolutePath(), jobs));
        List<String> command =
                host.namespace()
                        .command(
                                program("prometheus"),
                                "--config.file=" + file,
                                "--storage.tsdb.path=" + lab.memory("prometheus"),
                                "--web.listen-address=" + ADDRESS);
        Path log = lab.folder().resolve("prometheus.log");
        Prometheus prometheus =
                lab.keep(
                        new Prometheus(
                                host, ServerProcess.start(command, Map.of(), log, lab.timeline())));
        await("Prometheus is ready")
                .atMost(Lab.START)
                .until(() -> prometheus.get("/-/ready").contains("is Ready"));
        return prometheus;
    }

    /** A program of its package. */
    static String program(String name) {
        return Servers.program("prometheus", name).toString();
    }

    /** The labels of each series that a query returns now. */
    List<Map<String, Object>> series(String query) {
        String answer = get("/api/v1/query", "--data-urlencode", "query=" + query);
        try {
            Map<String, Object> document = JSON.std.mapFrom(answer);
            if (!"success".equals(document.get("status"))) {
                throw new AssertionError(query + " is refused: " + answer);
            }
            return objects(((Map<?, ?>) document.get("data")).get("result")).stream()
                    .map(series -> object(series.get("metric")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(query + ": " + answer, e);
        }
    }

    private static List<Map<String, Object>> objects(Object list) {
        return ((List<?>) list).stream().map(Prometheus::object).toList();
    }

    @SuppressWarnings("unchecked") // JSON has no other objects
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /** Waits until a query returns a series. */
    void awaitSeries(String query, Duration atMost) {
        await(query).atMost(atMost).until(() -> !series(query).isEmpty());
    }

    /** Waits until an alert fires, and no longer only might. */
    void awaitAlert(String name, Duration atMost) {
        awaitSeries("ALERTS{alertstate=\"firing\",alertname=\"" + name + "\"}", atMost);
    }

    /** What it answers; nothing where it does not. */
    private String get(String path, String... arguments) {
        List<String> curl =
                host.namespace().command("curl", "--silent", "--get", "--max-time", "20");
        return Command.run(
                "",
                Stream.of(
                                Stream.of("sh", "-c", "\"$@\" || true", "sh"),
                                curl.stream(),
                                Stream.of(arguments),
                                Stream.of("http://" + ADDRESS + path))
                        .flatMap(words -> words)
                        .toList());
    }

    @Override
    public void close() {
        process.kill();
    }
}
