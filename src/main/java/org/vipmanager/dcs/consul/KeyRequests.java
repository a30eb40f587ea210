package org.vipmanager.dcs.consul;

import org.vipmanager.http.HttpQuestion;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Makes the requests for keys: {@code GET /v1/kv/KEY}, always with {@code consistent}. */
final class KeyRequests {

    private final ConsulSettings settings;

    KeyRequests(ConsulSettings settings) {
        this.settings = settings;
    }

    /** Answers at once. */
    HttpQuestion read(URI endpoint, String key) {
        return question(endpoint, key, "?consistent", settings.timeout());
    }

    /**
     * Answers when the key changes from what it was at the index, or when the waiting time is over.
     */
    HttpQuestion waitForChange(URI endpoint, String key, long index) {
        String query =
                "?consistent&index=%d&wait=%dms".formatted(index, settings.longPoll().toMillis());
        return question(endpoint, key, query, settings.blockingDeadline());
    }

    /** The same for all keys that begin so; without an index it answers at once. */
    HttpQuestion waitForChangeBelow(URI endpoint, String prefix, long index) {
        String query =
                "?recurse&consistent&index=%d&wait=%dms"
                        .formatted(index, settings.longPoll().toMillis());
        return question(endpoint, prefix, query, settings.blockingDeadline());
    }

    /** The names of all keys that begin so. */
    HttpQuestion names(URI endpoint, String prefix) {
        return question(endpoint, prefix, "?keys&consistent", settings.timeout());
    }

    /** As Consul's store has it: Patroni's settings and etcd's habits have a leading slash. */
    static String stored(String key) {
        return key.replaceFirst("^/+", "");
    }

    private HttpQuestion question(URI endpoint, String key, String query, Duration deadline) {
        String base = endpoint.toString().replaceFirst("/+$", "");
        URI uri = URI.create(base + "/v1/kv/" + path(key) + query);
        return withToken(HttpQuestion.get(uri, deadline));
    }

    /** The same by right of the token, if there is one. */
    HttpQuestion withToken(HttpQuestion question) {
        return settings.token()
                .map(token -> question.withHeader("X-Consul-Token", token))
                .orElse(question);
    }

    private static String path(String key) {
        return Arrays.stream(stored(key).split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
