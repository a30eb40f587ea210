package org.vipmanager.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;

import org.vipmanager.core.VirtualIp;
import org.vipmanager.status.Health;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusReader;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.web.page.Pages;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Answers each path. Nothing is read but the path and two headers. */
final class Routes implements HttpHandler {

    private static final Logger LOG = System.getLogger("org.vipmanager.web");

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String VIP = "/vip/";

    private static final String PATHS =
            """
            /              for people: who holds each address, and why
            /events        tells the page when something has changed (server-sent events)
            /livez         200 while the daemon runs and looks after its addresses
            /readyz        200 while it can do its work, else 503 and why; /health is the same
            /leader        200 while an address is here, else 503
            /vip/ADDRESS   200 while this address is here, else 503
            /metrics       for Prometheus
            /status        all that the daemon knows, as JSON
            """;

    private final StatusDocument.Daemon daemon;
    private final StatusReader reader;
    private final Guard guard;
    private final Pages pages;

    Routes(StatusDocument.Daemon daemon, StatusReader reader, Guard guard, Pages pages) {
        this.daemon = daemon;
        this.reader = reader;
        this.guard = guard;
        this.pages = pages;
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
        if (Pages.has(path)) {
            if (isAllowed(exchange)) {
                pages.answer(exchange, path);
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
        Health health = new Health(snapshot);
        switch (path) {
            case "/livez" -> text(exchange, 200, "ok\n");
            case "/readyz", "/health" -> ready(exchange, health.troubles());
            case "/leader" -> leader(exchange, health.held());
            case "/metrics" -> {
                if (isAllowed(exchange)) {
                    metrics(exchange, snapshot);
                }
            }
            case "/status" -> {
                if (isAllowed(exchange)) {
                    status(exchange, snapshot);
                }
            }
            default -> {
                if (path.startsWith(VIP)) {
                    vip(exchange, health, path.substring(VIP.length()));
                } else {
                    text(exchange, 404, PATHS);
                }
            }
        }
    }

    private static void ready(HttpExchange exchange, List<String> troubles) throws IOException {
        if (troubles.isEmpty()) {
            text(exchange, 200, "ok\n");
        } else {
            text(exchange, 503, String.join("\n", troubles) + "\n");
        }
    }

    private static void leader(HttpExchange exchange, List<VirtualIp> held) throws IOException {
        if (held.isEmpty()) {
            text(exchange, 503, "no address is here\n");
        } else {
            text(exchange, 200, held.size() + " addresses are here\n");
        }
    }

    private static void vip(HttpExchange exchange, Health health, String written)
            throws IOException {
        Optional<Boolean> holds;
        try {
            holds = health.holds(InetAddress.ofLiteral(written));
        } catch (IllegalArgumentException e) {
            holds = Optional.empty();
        }
        if (holds.isEmpty()) {
            text(exchange, 404, "this daemon has no such address\n");
        } else if (holds.get()) {
            text(exchange, 200, "it is here\n");
        } else {
            text(exchange, 503, "it is not here\n");
        }
    }

    private boolean isAllowed(HttpExchange exchange) throws IOException {
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
        ExpositionFormatWriter format =
                MetricsPage.writerFor(exchange.getRequestHeaders().getFirst("Accept"));
        head(exchange, format.getContentType());
        if (isHead(exchange)) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            MetricsPage.write(daemon, snapshot, format, body);
        }
    }

    private static void text(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(exchange, TEXT);
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
