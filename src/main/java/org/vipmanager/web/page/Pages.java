package org.vipmanager.web.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.web.cluster.Cluster;
import org.vipmanager.web.cluster.ClusterReader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Answers the paths of the page for people. It is written once for all who look at the same time,
 * so that many take no more memory than one.
 */
public final class Pages {

    /** Nothing but our own files: no script in the page, and no other site around it. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private static final String PAGE = "/";
    private static final String EVENTS = "/events";
    private static final Map<String, String> FILES =
            Map.of(
                    "/page.css", "text/css; charset=utf-8",
                    "/page.js", "text/javascript; charset=utf-8",
                    "/icon.svg", "image/svg+xml");

    private final StatusDocument.Daemon daemon;
    private final ClusterReader reader;
    private final EventStreams events;
    private @Nullable Cluster shown;
    private byte[] page = new byte[0];

    public Pages(StatusDocument.Daemon daemon, ClusterReader reader) {
        this.daemon = daemon;
        this.reader = reader;
        events = new EventStreams(reader);
    }

    /** Whether the path is one of these. */
    public static boolean has(String path) {
        return path.equals(PAGE) || path.equals(EVENTS) || FILES.containsKey(path);
    }

    /** Answers a GET or HEAD of one of these. */
    public void answer(HttpExchange exchange, String path) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
        if (path.equals(EVENTS)) {
            events(exchange);
        } else if (path.equals(PAGE)) {
            send(exchange, 200, "text/html; charset=utf-8", page());
        } else {
            send(exchange, 200, Objects.requireNonNull(FILES.get(path)), file(path));
        }
    }

    private void events(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, -1);
        } else if (!events.stream(exchange)) {
            exchange.getResponseHeaders().set("Retry-After", "10");
            byte[] text = "too many listen already\n".getBytes(StandardCharsets.UTF_8);
            send(exchange, 503, "text/plain; charset=utf-8", text);
        }
    }

    @SuppressWarnings(
            "ReferenceEquality") // the reader gives the same one for as long as it is fresh
    private synchronized byte[] page() {
        Cluster cluster = reader.read();
        if (cluster != shown) {
            page = ClusterPage.of(daemon, cluster, Instant.now()).getBytes(StandardCharsets.UTF_8);
            shown = cluster;
        }
        return page;
    }

    private static byte[] file(String path) throws IOException {
        String name = path.substring(1);
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static void send(HttpExchange exchange, int code, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }
}
