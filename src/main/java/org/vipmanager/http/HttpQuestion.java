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
 * @param changesNothing so that it may be sent again when nobody knows whether it was heard
 * @param deadline for the whole exchange, from name resolution to the last byte of the answer
 */
public record HttpQuestion(
        String method,
        URI uri,
        Map<String, Supplier<String>> headers,
        Optional<String> body,
        boolean changesNothing,
        Duration deadline) {

    public HttpQuestion {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    public static HttpQuestion get(URI uri, Duration deadline) {
        return new HttpQuestion("GET", uri, Map.of(), Optional.empty(), true, deadline);
    }

    public HttpQuestion withHeader(String name, Supplier<String> value) {
        Map<String, Supplier<String>> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpQuestion(method, uri, more, body, changesNothing, deadline);
    }

    /** Scheme, host and port, for messages: neither user information nor path and query. */
    public String origin() {
        return origin(uri);
    }

    /** Scheme, host and port of a URI, for messages. */
    public static String origin(URI uri) {
        return Origin.of(uri).toString();
    }

    @Override
    public String toString() {
        return method + " " + origin() + uri.getRawPath();
    }
}
