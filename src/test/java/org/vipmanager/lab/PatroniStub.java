package org.vipmanager.lab;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers in a host as Patroni's REST API does: {@code /config} with a body that the test sets,
 * everything else with a status and a member that it sets.
 */
final class PatroniStub implements AutoCloseable {

    private final CompletableFuture<ServerSocket> server = new CompletableFuture<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final String identity;
    private volatile int status = 503;
    private volatile String member = "{}";
    private volatile String configuration = "{}";

    /** Of the cluster whose leader key the lab's daemons follow. */
    PatroniStub(Host host) {
        this(host, "db");
    }

    PatroniStub(Host host, String scope) {
        identity =
                "\"patroni\": {\"version\": \"4.0.7\", \"scope\": \"%s\", \"name\": \"%s\"}}"
                        .formatted(scope, host.name());
        host.namespace().start("Patroni", this::serve);
        server.join();
    }

    void answer(int status) {
        this.status = status;
    }

    /** What {@code /patroni} says of this member, as JSON. */
    void member(String json) {
        member = json;
    }

    /** What {@code /config} says of the cluster, as JSON. */
    void configuration(String json) {
        configuration = json;
    }

    int requests() {
        return requests.get();
    }

    /** Waits for the next question. */
    void awaitRequest() throws InterruptedException {
        int before = requests();
        while (requests() == before) {
            Thread.sleep(1);
        }
    }

    private void serve() {
        try (ServerSocket open = new ServerSocket(8008, 50, InetAddress.getByName("127.0.0.1"))) {
            server.complete(open);
            while (true) {
                answer(open.accept());
            }
        } catch (IOException end) {
            server.completeExceptionally(end);
        }
    }

    /** Who leaves before the answer ends no more than this one connection. */
    private void answer(Socket accepted) {
        try (Socket connection = accepted) {
            String question = readHead(connection.getInputStream());
            requests.incrementAndGet();
            connection.getOutputStream().write(answer(question).getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // Asked too late: the next question gets its answer.
        }
    }

    /** As Patroni: HTTP/1.0, and the connection is closed. */
    private String answer(String question) {
        return switch (question.split(" ", 3)[1]) {
            case "/patroni" -> answer(200, status());
            case "/config" -> answer(200, configuration);
            default -> answer(status, status());
        };
    }

    /** As Patroni: with whatever it is asked it tells which member it is. */
    private String status() {
        String told = member.substring(0, member.lastIndexOf('}'));
        return told + (told.equals("{") ? "" : ", ") + identity;
    }

    private static String answer(int status, String body) {
        return "HTTP/1.0 %d x\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.length(), body);
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("a question that ends in its head: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            server.join().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
