package org.vipmanager.web.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each connection with the same bytes, whatever is asked, or with none. */
public final class RawPeer implements AutoCloseable {

    private final ServerSocket server;
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String answer;

    private RawPeer(String answer) {
        this.answer = answer;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    /** These bytes, or never any where there are none. */
    static RawPeer answering(String bytes) {
        return new RawPeer(bytes);
    }

    public static RawPeer withBody(int status, String body) {
        return new RawPeer(reply(status, body));
    }

    /** From the next question on. */
    public void body(String body) {
        answer = reply(200, body);
    }

    private static String reply(int status, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "HTTP/1.1 %d X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                        .formatted(status, length)
                + body;
    }

    /**
     * A status document.
     *
     * @param state of the address on this host, such as {@code standby}
     * @param leader what the key says
     */
    public static String status(
            String host, String address, String state, boolean present, String leader) {
        return """
        {"schema":1,"time":"2026-11-29T09:00:00Z",
         "daemon":{"version":"1.0.0","host":"%1$s","pid":7,"started":"2026-11-29T08:00:00Z"},
         "dcs":{"type":"etcd","endpoints":["http://192.0.2.1:2379"],"latency_seconds":0.002,
                "answered_seconds_ago":0.4},
         "addresses":[{"address":"%2$s/24","interface":"eth0","state":"%3$s","present":%4$s,
            "since_seconds_ago":12.5,"trigger_key":"/service/db/leader","holder":"%5$s",
            "leads":%6$s,"why":["%2$s/24 on eth0 is %3$s on %1$s"]}],
         "events":[{"address":"%2$s/24","interface":"eth0","time":"2026-11-29T08:59:00Z",
            "level":"info","reason":"StandingBy","text":"standing by on %1$s"}],
         "counters":{}}
        """
                .formatted(host, address, state, present, leader, leader.equals(host));
    }

    URI uri() {
        return URI.create(url());
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** The beginning of each request. */
    List<String> asked() {
        return asked;
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.add(socket);
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            byte[] request = new byte[4096];
            int read = in.read(request);
            asked.add(new String(request, 0, Math.max(0, read), StandardCharsets.ISO_8859_1));
            String bytes = answer;
            if (!bytes.isEmpty()) {
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
                socket.close();
            }
        } catch (IOException hungUp) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
