package org.vipmanager.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusReader;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.web.page.Pages;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Answers each path. Nothing is read but the path and two headers. */
final class Routes implements HttpHandler {

    private static final Logger LOG = System.getLogger("org.vipmanager.web");

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private static final String PATHS =
            """
            /              for people: who holds each address, and why
            /events        tells the page when something has changed (server-sent events)
            """
                    + Probes.PATHS
                    + """
                    /metrics       for Prometheus
                    /status        all that the daemon knows, as JSON
                    """;

    private final StatusDocument.Daemon daemon;
    private final StatusReader reader;
    private final Optional<Site> site;
    private final Metrics metrics;

    /** What is answered beside probes, and to whom. */
    record Site(Guard guard, Pages pages) {}

    /**
     * @param site without one only probes are answered
     */
    Routes(StatusDocument.Daemon daemon, StatusReader reader, Optional<Site> site) {
        this.daemon = daemon;
        this.reader = reader;
        this.site = site;
        metrics = new Metrics(daemon);
    }

    /** Whatever goes wrong ends the request that it goes wrong for. */
    @Override
    public void handle(HttpExchange exchange) {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (method.equals("GET") || method.equals("HEAD")) {
                answer(exchange);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                text(exchange, 405, "only GET and HEAD\n");
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a request was not answered: {0}", e.getMessage());
        } catch (RuntimeException | Error fault) {
            LOG.log(
                    Level.WARNING,
                    "a request over HTTP was not answered because of a defect in this program, please"
                            + " report this; the addresses are not affected",
                    fault);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = String.valueOf(exchange.getRequestURI().getPath());
        if (site.isPresent() && Pages.has(path)) {
            if (isAllowed(exchange, site.get().guard())) {
                site.get().pages().answer(exchange, path);
            }
            return;
        }
        StatusSnapshot snapshot;
        try {
            snapshot = reader.read();
        } catch (IOException e) {
            text(exchange, 503, e.getMessage() + "\n");
            return;
        }
        Optional<Probes.Answer> probe = Probes.answer(path, snapshot);
        if (probe.isPresent()) {
            text(exchange, probe.get().code(), probe.get().text());
        } else if (site.isEmpty()) {
            text(exchange, 404, Probes.PATHS);
        } else {
            answer(exchange, path, snapshot, site.get().guard());
        }
    }

    private void answer(HttpExchange exchange, String path, StatusSnapshot snapshot, Guard guard)
            throws IOException {
        switch (path) {
            case "/metrics" -> {
                if (isAllowed(exchange, guard)) {
                    metrics(exchange, snapshot);
                }
            }
            case "/status" -> {
                if (isAllowed(exchange, guard)) {
                    status(exchange, snapshot);
                }
            }
            default -> text(exchange, 404, PATHS);
        }
    }

    private static boolean isAllowed(HttpExchange exchange, Guard guard) throws IOException {
        Optional<Guard.Refusal> refusal = guard.judge(exchange.getRequestHeaders());
        if (refusal.isEmpty()) {
            return true;
        }
        switch (refusal.get()) {
            case NO_TOKEN -> {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer");
                // What browsers ask their users for.
                exchange.getResponseHeaders()
                        .add("WWW-Authenticate", "Basic realm=\"vip-manager\", charset=\"UTF-8\"");
                text(exchange, 401, "the token of http-token-file is needed\n");
            }
            case FOREIGN_NAME ->
                    text(
                            exchange,
                            403,
                            "this is not the name of this host: ask by its address or host name,"
                                    + " or set http-token-file\n");
        }
        return false;
    }

    private void status(HttpExchange exchange, StatusSnapshot snapshot) throws IOException {
        head(exchange, JSON);
        if (isHead(exchange)) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            StatusDocument.write(daemon, snapshot, body);
        }
    }

    private void metrics(HttpExchange exchange, StatusSnapshot snapshot) throws IOException {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        Metrics.Text text = metrics.of(snapshot, accept);
        whole(exchange, 200, text.type(), text.bytes());
    }

    private static void text(HttpExchange exchange, int code, String text) throws IOException {
        whole(exchange, code, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void whole(HttpExchange exchange, int code, String type, byte[] bytes)
            throws IOException {
        head(exchange, type);
        if (isHead(exchange)) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void head(HttpExchange exchange, String type) {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }
}
