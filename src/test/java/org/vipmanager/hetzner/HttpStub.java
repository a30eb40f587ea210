package org.vipmanager.hetzner;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that reads whole requests and answers with whatever bytes it is told, on the loopback
 * address.
 */
public final class HttpStub implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** A request. */
    public record Asked(String method, String path, String head, String body) {

        @Override
        public String toString() {
            return method + " " + path + (body.isEmpty() ? "" : " " + body);
        }
    }

    /** What it answers, on a thread of the connection; may wait. */
    public interface Script {
        void answer(Asked asked, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Script script;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    public HttpStub(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), script);
    }

    /** On a socket that may be of another network namespace. */
    public HttpStub(ServerSocket server, Script script) {
        this.script = script;
        this.server = server;
        Thread.ofPlatform().daemon().name("stub").start(this::accept);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Everything that was asked so far. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Begins an answer, and goes on with it for as long as the asker listens. */
    public static Script endless(Runnable begun, Runnable closed) {
        return (asked, out) -> {
            out.write(
                    "HTTP/1.1 200 x\r\nContent-Length: 1000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            begun.run();
            await("the asker closes").atMost(LONG).until(() -> isClosed(out));
            closed.run();
        };
    }

    private static boolean isClosed(OutputStream out) {
        try {
            out.write('x');
            return false;
        } catch (IOException gone) {
            return true;
        }
    }

    /** A whole answer. */
    public static void json(OutputStream out, int status, String body) throws IOException {
        answer(out, status, "Content-Type: application/json\r\n", body);
    }

    public static void answer(OutputStream out, int status, String headers, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 %d x\r\n%sContent-Length: %d\r\n\r\n"
                        .formatted(status, headers, bytes.length);
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = connection.getInputStream();
            while (true) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    int next = in.read();
                    if (next < 0) {
                        return;
                    }
                    head.append((char) next);
                }
                String text = head.toString();
                int length =
                        text.lines()
                                .filter(line -> line.startsWith("Content-Length: "))
                                .mapToInt(line -> Integer.parseInt(line.substring(16)))
                                .findFirst()
                                .orElse(0);
                String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                String[] words = text.split(" ", 3);
                Asked question = new Asked(words[0], words[1], text, body);
                asked.add(question);
                script.answer(question, connection.getOutputStream());
            }
        } catch (IOException | InterruptedException gone) {
            // The client has what it wanted, or does not want it any more.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
