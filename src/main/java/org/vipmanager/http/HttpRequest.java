package org.vipmanager.http;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The bytes of a question.
 *
 * @param changesNothing it may be asked again when nobody knows whether it was heard
 */
record HttpRequest(byte[] bytes, boolean changesNothing) {

    /**
     * Asks for the headers' values, which may block.
     *
     * @throws IllegalArgumentException for a header that cannot be sent; does not tell its value
     */
    static HttpRequest of(HttpQuestion question, Origin origin) {
        byte[] body =
                question.body().map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
        StringBuilder head = new StringBuilder();
        head.append(question.method()).append(' ').append(target(question.uri()));
        head.append(" HTTP/1.1\r\n");
        append(head, "Host", origin.authority());
        append(head, "User-Agent", "vip-manager");
        for (Map.Entry<String, Supplier<String>> header : question.headers().entrySet()) {
            append(head, header.getKey(), header.getValue().get());
        }
        if (body != null) {
            append(head, "Content-Length", Integer.toString(body.length));
        }
        head.append("\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (body != null) {
            bytes.writeBytes(body);
        }
        return new HttpRequest(bytes.toByteArray(), question.changesNothing());
    }

    private static String target(URI uri) {
        URI plain = URI.create(uri.toASCIIString());
        String path = plain.getRawPath();
        String query = plain.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    /** No line may hold another one (RFC 9110 section 5.5). */
    private static void append(StringBuilder head, String name, String value) {
        boolean sendable =
                value.chars()
                        .allMatch(
                                c ->
                                        c == '\t'
                                                || (c >= ' ' && c < 0x7f)
                                                || (c > 0x7f && c <= 0xff));
        if (!sendable) {
            throw new IllegalArgumentException(name);
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
