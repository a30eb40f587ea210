package org.vipmanager.dcs.consul;

import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.vipmanager.dcs.FreePorts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real Consul server (Debian's 1.8.7) on free ports of the loopback interface. Its data survive
 * {@link #kill} and {@link #start}.
 */
final class ConsulServer implements AutoCloseable {

    /** Consul's HTTP client of these tests; nothing of ours. */
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final String HOST = "127.0.0.1";

    private final Path folder;
    private final int port;
    private final int tlsPort;
    private final String configuration;
    private final Map<String, String> accessors = new HashMap<>();
    private String token = "";
    private @Nullable Process process;

    private ConsulServer(Path folder, String more) {
        this.folder = folder;
        int[] ports = IntStream.generate(FreePorts::next).limit(5).toArray();
        port = ports[0];
        tlsPort = ports[1];
        configuration =
                """
                {
                  "server": true, "data_dir": "%s/data", "node_name": "only",
                  "bind_addr": "%s", "client_addr": "%s", "disable_update_check": true,
                  "performance": {"raft_multiplier": 1}, "leave_on_terminate": false,
                  "ports": {"http": %d, "https": %d, "server": %d, "serf_lan": %d, "serf_wan": %d,
                            "dns": -1, "grpc": -1},
                  %s
                }
                """
                        .formatted(
                                folder, HOST, HOST, ports[0], ports[1], ports[2], ports[3],
                                ports[4], more);
    }

    /** A server that leads itself. */
    static ConsulServer open(Path folder) {
        return open(folder, "");
    }

    /**
     * A server that leads itself.
     *
     * @param more further settings as JSON members, each followed by a comma
     */
    static ConsulServer open(Path folder, String more) {
        ConsulServer server = new ConsulServer(folder, more + "\"bootstrap_expect\": 1");
        server.start();
        return server;
    }

    /** Where every key may be written by this test's token only, and read by none without one. */
    static ConsulServer openWithTokens(Path folder, String masterToken) {
        ConsulServer server =
                new ConsulServer(
                        folder,
                        """
                        "acl": {"enabled": true, "default_policy": "deny",
                                "tokens": {"master": "%s"}},
                        "bootstrap_expect": 1\
                        """
                                .formatted(masterToken));
        server.token = masterToken;
        server.start();
        return server;
    }

    /** A server that waits for two others, which never come: it answers, and has no leader. */
    static ConsulServer openWithoutLeader(Path folder) {
        ConsulServer server = new ConsulServer(folder, "\"bootstrap_expect\": 3");
        server.start();
        return server;
    }

    void start() {
        try {
            Path file = folder.resolve("consul.json");
            Files.writeString(file, configuration);
            process =
                    new ProcessBuilder(
                                    program().toString(),
                                    "agent",
                                    "-config-file=" + file,
                                    "-log-level=warn")
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("consul.log").toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConsulServer awaitLeader() {
        await("Consul leads")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> request("PUT", "/v1/kv/ready", "yes").equals("true"));
        return this;
    }

    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    /** Forgets everything, as when an empty backup is restored. */
    void wipe() {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI endpoint() {
        return URI.create("http://" + HOST + ":" + port);
    }

    URI tlsEndpoint() {
        return URI.create("https://" + HOST + ":" + tlsPort);
    }

    void put(String key, String value) {
        request("PUT", "/v1/kv/" + key, value);
    }

    void delete(String key) {
        request("DELETE", "/v1/kv/" + key, "");
    }

    /** A session as Patroni makes it: keys that it holds are deleted with it. */
    String openSession(Duration ttl) {
        String wanted =
                "{\"Behavior\": \"delete\", \"LockDelay\": \"1ms\", \"TTL\": \"%ds\"}"
                        .formatted(ttl.toSeconds());
        String answer =
                await("Consul has registered its node")
                        .atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> request("PUT", "/v1/session/create", wanted), any -> true);
        return answer.replaceFirst("(?s).*\"ID\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }

    boolean acquire(String key, String value, String session) {
        return request("PUT", "/v1/kv/" + key + "?acquire=" + session, value).equals("true");
    }

    void destroySession(String session) {
        request("PUT", "/v1/session/destroy/" + session, "");
    }

    /** A token that may read one key. */
    String tokenToRead(String key) {
        request(
                "PUT",
                "/v1/acl/policy",
                "{\"Name\": \"reader\", \"Rules\": \"key \\\"%s\\\" { policy = \\\"read\\\" }\"}"
                        .formatted(key));
        return anotherTokenToRead();
    }

    /** One more that may read the same key. */
    String anotherTokenToRead() {
        String answer = request("PUT", "/v1/acl/token", "{\"Policies\": [{\"Name\": \"reader\"}]}");
        String secret = member(answer, "SecretID");
        accessors.put(secret, member(answer, "AccessorID"));
        return secret;
    }

    void deleteToken(String secret) {
        request("DELETE", "/v1/acl/token/" + accessors.remove(secret), "");
    }

    private static String member(String json, String name) {
        return json.replaceFirst("(?s).*\"" + name + "\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }

    private String request(String method, String path, String body) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(endpoint() + path))
                            .timeout(Duration.ofSeconds(5))
                            .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (!token.isEmpty()) {
                request.header("X-Consul-Token", token);
            }
            HttpResponse<String> response =
                    CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + response + response.body());
            }
            return response.body().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private static Path program() {
        Path cache =
                Optional.ofNullable(System.getenv("VIP_TEST_CACHE"))
                        .map(Path::of)
                        .orElseGet(
                                () ->
                                        Path.of(
                                                System.getProperty("user.home"),
                                                ".cache/vip-manager-test"));
        Path program = cache.resolve("consul/usr/bin/consul");
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    program + " is missing: run build/fetch-servers consul");
        }
        return program;
    }
}
