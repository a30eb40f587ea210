package org.vipmanager.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that connects to secured servers, on the loopback address. */
final class ConnectProxy implements AutoCloseable {

    /** Says what becomes of a request. */
    interface Rule {
        /**
         * What is answered; empty to hang.
         *
         * @param head of the request
         */
        String answer(String head);
    }

    static final String CONNECTED = "HTTP/1.1 200 Connection established\r\n\r\n";

    private final ServerSocket server;
    private final Rule rule;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    ConnectProxy(Rule rule) throws IOException {
        this.rule = rule;
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** What it was asked, each a head. */
    List<String> heads() {
        return List.copyOf(heads);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            heads.add(head);
            String answer = rule.answer(head);
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            if (answer.equals(CONNECTED)) {
                String target = head.split(" ")[1];
                int colon = target.lastIndexOf(':');
                try (Socket behind =
                        new Socket(
                                target.substring(0, colon),
                                Integer.parseInt(target.substring(colon + 1)))) {
                    Thread.ofPlatform().daemon().start(() -> copy(behind, client));
                    copy(client, behind);
                }
            } else if (answer.isEmpty()) {
                client.getInputStream().read(); // until the client gives up
            }
        } catch (IOException gone) {
            // Either side has what it wanted.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no whole head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException gone) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
