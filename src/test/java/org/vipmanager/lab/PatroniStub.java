package org.vipmanager.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers in a host as Patroni's REST API does, with a status that the test sets. */
final class PatroniStub implements AutoCloseable {

    private final CompletableFuture<ServerSocket> server = new CompletableFuture<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 503;

    PatroniStub(Host host) {
        host.namespace().start("Patroni", this::serve);
        server.join();
    }

    void answer(int status) {
        this.status = status;
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
                try (Socket connection = open.accept()) {
                    readHead(connection.getInputStream());
                    requests.incrementAndGet();
                    // As Patroni: HTTP/1.0, and the connection is closed.
                    String answer = "HTTP/1.0 " + status + " x\r\nContent-Length: 2\r\n\r\n{}";
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException end) {
            server.completeExceptionally(end);
        }
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
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
