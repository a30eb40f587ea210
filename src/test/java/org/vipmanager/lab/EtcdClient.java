package org.vipmanager.lab;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The few requests to etcd that the laboratory needs, over its JSON gateway: one connection each,
 * opened in the calling thread and so in its namespace.
 */
final class EtcdClient {

    /**
     * A key as etcd has it.
     *
     * @param lease the lease that keeps it, 0 for none
     */
    record Entry(String value, long lease) {}

    private final List<String> endpoints;
    private final Duration timeout;

    EtcdClient(List<String> endpoints, Duration timeout) {
        this.endpoints = endpoints;
        this.timeout = timeout;
    }

    /** Returns the revision. */
    long put(String key, String value) {
        Map<String, Object> answer =
                ask("/v3/kv/put", Map.of("key", encode(key), "value", encode(value)));
        Map<?, ?> header = (Map<?, ?>) answer.get("header");
        return Long.parseLong(String.valueOf(header.get("revision")));
    }

    /** Forgets everything older than the revision. */
    void compact(long revision) {
        ask("/v3/kv/compaction", Map.of("revision", revision));
    }

    /** Whether the first endpoint's server leads the others. */
    boolean isRaftLeader() {
        Map<String, Object> answer = ask("/v3/maintenance/status", Map.of());
        Map<?, ?> header = (Map<?, ?>) answer.get("header");
        return header.get("member_id").equals(answer.get("leader"));
    }

    void delete(String key) {
        ask("/v3/kv/deleterange", Map.of("key", encode(key)));
    }

    Optional<Entry> get(String key) {
        Map<String, Object> answer = ask("/v3/kv/range", Map.of("key", encode(key)));
        if (!(answer.get("kvs") instanceof List<?> entries)) {
            return Optional.empty();
        }
        Map<?, ?> entry = (Map<?, ?>) entries.getFirst();
        Object lease = entry.get("lease");
        return Optional.of(
                new Entry(
                        decode(String.valueOf(entry.get("value"))),
                        lease == null ? 0 : Long.parseLong(lease.toString())));
    }

    /** The number of a new lease. */
    long grant(Duration ttl) {
        Map<String, Object> answer = ask("/v3/lease/grant", Map.of("TTL", ttl.toSeconds()));
        return Long.parseLong(String.valueOf(answer.get("ID")));
    }

    /** Whether the lease was still there and has its full time again. */
    boolean keepAlive(long lease) {
        Map<String, Object> answer = ask("/v3/lease/keepalive", Map.of("ID", lease));
        return answer.get("result") instanceof Map<?, ?> result && result.get("TTL") != null;
    }

    /** Writes the key under a lease unless it exists; whether it was written. */
    boolean create(String key, String value, long lease) {
        return transact(
                Map.of("key", encode(key), "target", "CREATE", "create_revision", 0),
                Map.of(
                        "request_put",
                        Map.of("key", encode(key), "value", encode(value), "lease", lease)));
    }

    /** Deletes the key if it has the value; whether it was deleted. */
    boolean deleteIf(String key, String value) {
        return transact(
                Map.of("key", encode(key), "target", "VALUE", "value", encode(value)),
                Map.of("request_delete_range", Map.of("key", encode(key))));
    }

    /** Turns authentication on, after which nothing here works any more: it has no password. */
    void demandPassword(String user, String password) {
        for (String name : List.of("root", user)) {
            ask("/v3/auth/user/add", Map.of("name", name, "password", password));
            ask("/v3/auth/user/grant", Map.of("user", name, "role", "root"));
        }
        ask("/v3/auth/enable", Map.of());
    }

    /** What the server counts of gRPC, to which these requests here do not belong. */
    double requestsReceived() {
        URI metrics = URI.create(endpoints.getFirst() + "/metrics");
        try (var answer = metrics.toURL().openConnection(Proxy.NO_PROXY).getInputStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("grpc_server_msg_received_total{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(metrics.toString(), e);
        }
    }

    /** Whether a quorum answers. */
    boolean isHealthy() {
        try {
            return "true".equals(request("GET", endpoints.getFirst(), "/health", "").get("health"));
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private boolean transact(Map<String, Object> condition, Map<String, Object> operation) {
        Map<String, Object> answer =
                ask(
                        "/v3/kv/txn",
                        Map.of("compare", List.of(condition), "success", List.of(operation)));
        return Boolean.TRUE.equals(answer.get("succeeded"));
    }

    /** Asks one endpoint after the other; the last one's failure is the failure. */
    private Map<String, Object> ask(String path, Map<String, Object> question) {
        UncheckedIOException failure = new UncheckedIOException(new IOException("no endpoints"));
        for (String endpoint : endpoints) {
            try {
                return request("POST", endpoint, path, JSON.std.asString(question));
            } catch (UncheckedIOException e) {
                failure = e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw failure;
    }

    private Map<String, Object> request(
            String method, String endpoint, String path, String question) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create(endpoint + path).toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod(method);
            // The JDK's pool of open connections knows nothing of namespaces.
            connection.setRequestProperty("Connection", "close");
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            if (!question.isEmpty()) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
            }
            try (var answer = connection.getInputStream()) {
                return JSON.std.mapFrom(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(endpoint + path, e);
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
