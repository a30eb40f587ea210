package org.vipmanager.dcs.etcd;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** Writes to an etcd as Patroni does, over its JSON gateway. */
final class EtcdGateway {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    private final URI etcd;

    EtcdGateway(URI etcd) {
        this.etcd = etcd;
    }

    static boolean isHealthy(URI etcd) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(etcd.resolve("/health"))
                            .timeout(Duration.ofSeconds(2))
                            .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains("\"true\"");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a key; the revision of the write. */
    long put(String key, String value) {
        return put(key, value, 0);
    }

    long put(String key, String value, long lease) {
        return revision(
                ask(
                        "/v3/kv/put",
                        Map.of("key", encode(key), "value", encode(value), "lease", lease)));
    }

    long delete(String key) {
        return revision(ask("/v3/kv/deleterange", Map.of("key", encode(key))));
    }

    long grant(Duration time) {
        Object id = ask("/v3/lease/grant", Map.of("TTL", time.toSeconds())).get("ID");
        return Long.parseLong(String.valueOf(id));
    }

    void keepAlive(long lease) {
        ask("/v3/lease/keepalive", Map.of("ID", lease));
    }

    void revoke(long lease) {
        ask("/v3/lease/revoke", Map.of("ID", lease));
    }

    void compact(long revision) {
        ask("/v3/kv/compaction", Map.of("revision", revision, "physical", true));
    }

    private Map<String, Object> ask(String path, Map<String, Object> question) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(etcd.resolve(path))
                            .timeout(Duration.ofSeconds(5))
                            .POST(HttpRequest.BodyPublishers.ofString(JSON.std.asString(question)))
                            .build();
            HttpResponse<String> response =
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + response.body());
            }
            return JSON.std.mapFrom(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long revision(Map<String, Object> answer) {
        Map<?, ?> header = (Map<?, ?>) answer.get("header");
        return Long.parseLong(String.valueOf(header.get("revision")));
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
