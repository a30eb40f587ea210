package org.vipmanager.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Has a proxy connect to a secured server: CONNECT of RFC 9110, section 9.3.6. */
final class ProxyTunnel {

    private static final int LONGEST_HEAD = 16 * 1024;

    private ProxyTunnel() {}

    /** What is sent on the connection from now on reaches the server. */
    static void open(SocketChannel proxy, Origin server, Optional<String> authorization)
            throws IOException {
        String head =
                "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n%2$s\r\n"
                        .formatted(
                                server.hostAndPort(),
                                authorization
                                        .map(value -> "Proxy-Authorization: " + value + "\r\n")
                                        .orElse(""));
        proxy.socket().getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        String status = answer(proxy.socket().getInputStream());
        if (!status.matches("HTTP/1\\.[01] 2\\d\\d.*")) {
            throw new IOException(
                    "the proxy does not connect to it: "
                            + status.substring(0, Math.min(80, status.length()))
                            + (status.matches("HTTP/1\\.[01] 407.*")
                                    ? " (https_proxy=http://USER:PASSWORD@HOST:PORT)"
                                    : ""));
        }
    }

    /** The first line; the bytes behind the head are the server's, and are not taken. */
    private static String answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > LONGEST_HEAD) {
                throw new IOException("the proxy does not answer as one");
            }
            head.append((char) next);
        }
        return head.substring(0, head.indexOf("\r\n")).replaceAll("[^ -~]", "?");
    }
}
