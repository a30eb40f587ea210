package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Three Consul servers, and an agent of Consul on each database host, as Consul is meant. */
final class ConsulStore implements Store {

    private static final Duration BETWEEN_RESTARTS = Duration.ofSeconds(3);
    private static final int TIMEOUT_MILLIS = 1000;

    private final List<Host> servers;
    private final Network network;
    private final Path logs;
    private final Timeline timeline;
    private final Map<Host, ServerProcess> running = new LinkedHashMap<>();

    ConsulStore(List<Host> servers, Network network, Path logs, Timeline timeline) {
        this.servers = servers;
        this.network = network;
        this.logs = logs;
        this.timeline = timeline;
    }

    @Override
    public void start() {
        servers.forEach(server -> run(server, true));
        servers.forEach(this::awaitLeader);
    }

    @Override
    public void join(Host host) {
        run(host, false);
        awaitLeader(host);
    }

    @Override
    public void stop() {
        servers.forEach(this::kill);
    }

    @Override
    public void startAgain() {
        start();
    }

    @Override
    public void restartOneByOne() throws InterruptedException {
        for (Host server : servers) {
            kill(server);
            Thread.sleep(BETWEEN_RESTARTS);
            run(server, true);
            awaitLeader(server);
            Thread.sleep(BETWEEN_RESTARTS);
        }
    }

    @Override
    public String patroniSection() {
        return "consul: {host: \"127.0.0.1:8500\", register_service: false}";
    }

    @Override
    public List<String> daemonFlags(String leaderKey) {
        return List.of(
                "--dcs-type=consul",
                "--dcs-endpoints=http://127.0.0.1:8500",
                "--trigger-key=" + leaderKey);
    }

    @Override
    public Optional<String> value(String key) {
        UncheckedIOException failure = new UncheckedIOException(new IOException("no servers"));
        for (Host server : servers) {
            try {
                String url = "http://" + server.dcsAddress() + ":8500/v1/kv" + key;
                List<Object> found = JSON.std.listFrom(get(url));
                Object value = ((Map<?, ?>) found.getFirst()).get("Value");
                byte[] bytes = Base64.getDecoder().decode(String.valueOf(value));
                return Optional.of(new String(bytes, StandardCharsets.UTF_8));
            } catch (FileNotFoundException absent) {
                return Optional.empty();
            } catch (IOException e) {
                failure = new UncheckedIOException(e);
            }
        }
        throw failure;
    }

    /** Writes the key without a session; the time at which the write had returned. */
    long put(String key, String value) {
        Host server = servers.getFirst();
        return server.namespace()
                .call(
                        () -> {
                            write("http://127.0.0.1:8500/v1/kv" + key, value);
                            return timeline.note("leader key is " + value);
                        });
    }

    /** The time at which the deletion had returned. */
    long delete(String key) {
        Host server = servers.getFirst();
        return server.namespace()
                .call(
                        () -> {
                            deleteAt("http://127.0.0.1:8500/v1/kv" + key);
                            return timeline.note("leader key deleted");
                        });
    }

    void freeze() {
        timeline.note("freeze Consul");
        running.values().forEach(server -> server.signal(Kernel.SIGSTOP));
    }

    void thaw() {
        timeline.note("thaw Consul");
        running.values().forEach(server -> server.signal(Kernel.SIGCONT));
    }

    /** Where hosts reach the first server. */
    String endpoint() {
        return "http://" + servers.getFirst().dcsAddress() + ":8500";
    }

    private void run(Host host, boolean server) {
        timeline.note("start Consul on " + host);
        List<String> words = new ArrayList<>();
        words.add(Servers.program("consul", "consul").toString());
        words.add("agent");
        words.add("-node=" + host.name());
        words.add("-data-dir=" + network.folder(host.name() + "-consul"));
        words.add("-bind=" + host.dcsAddress());
        words.add("-client=127.0.0.1 " + host.dcsAddress());
        words.add("-log-level=warn");
        words.add("-hcl=performance { raft_multiplier = 1 }");
        words.add("-hcl=disable_update_check = true");
        words.add("-hcl=leave_on_terminate = false");
        // Many short connections of the laboratory's own.
        words.add("-hcl=limits { http_max_conns_per_client = 2000 }");
        if (server) {
            words.add("-server");
            words.add("-bootstrap-expect=" + servers.size());
        }
        servers.forEach(other -> words.add("-retry-join=" + other.dcsAddress()));
        running.put(
                host,
                ServerProcess.start(
                        host.namespace().command(words.toArray(String[]::new)),
                        Map.of(),
                        logs.resolve(host.name() + "-consul.log"),
                        timeline));
    }

    private void kill(Host host) {
        timeline.note("kill Consul on " + host);
        running.get(host).kill();
    }

    private void awaitLeader(Host host) {
        await("Consul on " + host + " knows a leader")
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> host.namespace().call(ConsulStore::knowsLeader));
    }

    private static boolean knowsLeader() {
        try {
            return get("http://127.0.0.1:8500/v1/status/leader").contains(":");
        } catch (IOException e) {
            return false;
        }
    }

    private static void write(String url, String value) {
        try {
            HttpURLConnection connection = open(url);
            connection.setRequestMethod("PUT");
            connection.setDoOutput(true);
            connection.getOutputStream().write(value.getBytes(StandardCharsets.UTF_8));
            try (var answer = connection.getInputStream()) {
                answer.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteAt(String url) {
        try {
            HttpURLConnection connection = open(url);
            connection.setRequestMethod("DELETE");
            try (var answer = connection.getInputStream()) {
                answer.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpURLConnection open(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        // The JDK's pool of open connections knows nothing of namespaces.
        connection.setRequestProperty("Connection", "close");
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        return connection;
    }

    private static String get(String url) throws IOException {
        try (var answer = open(url).getInputStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        running.values().forEach(ServerProcess::kill);
    }
}
