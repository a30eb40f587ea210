package org.vipmanager.http;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A request to send.
 *
 * @param method such as {@code GET}
 * @param headers their values are asked for when the request is sent, on a thread that may block;
 *     they may be secrets, so they never appear in {@link #toString}
 * @param body may hold secrets too
 * @param deadline for the whole exchange, from name resolution to the last byte of the answer
 */
public record HttpQuestion(
        String method,
        URI uri,
        Map<String, Supplier<String>> headers,
        Optional<String> body,
        Duration deadline) {

    public HttpQuestion {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    public static HttpQuestion get(URI uri, Duration deadline) {
        return new HttpQuestion("GET", uri, Map.of(), Optional.empty(), deadline);
    }

    public HttpQuestion withHeader(String name, Supplier<String> value) {
        Map<String, Supplier<String>> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpQuestion(method, uri, more, body, deadline);
    }

    /** Scheme, host and port, for messages: neither user information nor path and query. */
    public String origin() {
        return origin(uri);
    }

    /** Scheme, host and port of a URI, for messages. */
    public static String origin(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port;
    }

    @Override
    public String toString() {
        return method + " " + origin() + uri.getRawPath();
    }
}
