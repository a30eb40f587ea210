package org.vipmanager.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one answer of HTTP/1.0 or 1.1 (RFC 9112), which may be anything: each part of it is
 * bounded, and what is not plainly an answer is none.
 */
final class ReplyReader {

    /** For the status line, all headers and what surrounds the chunks; Consul sends 300 bytes. */
    private static final int LONGEST_HEAD = 16 << 10;

    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.(\\d) ([1-9]\\d\\d)(?: [^\\x00]*)?");
    private static final Pattern HEADER =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\\x00]*)");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Pattern CHUNK =
            Pattern.compile("([0-9A-Fa-f]{1,8})[ \\t]*(?:;[^\\x00]*)?");

    private static final int SWITCHED = 101;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final InputStream in;
    private final BodyMemory.Share memory;
    private final Map<String, String> headers = new HashMap<>();
    private int headBytes;
    private boolean anything;

    ReplyReader(InputStream in, BodyMemory.Share memory) {
        this.in = in;
        this.memory = memory;
    }

    /** Whether a single byte of an answer has come. */
    boolean hasReceivedAnything() {
        return anything;
    }

    /**
     * The answer.
     *
     * @throws EOFException when the server ends it too early
     * @throws ProtocolException with what is wrong with it
     */
    HttpReply read() throws IOException {
        Matcher statusLine = status();
        int status = Integer.parseInt(statusLine.group(2));
        while (status < OK) {
            if (status == SWITCHED) {
                throw nonsense("it switched to another protocol");
            }
            headers.clear(); // those of a mere information (RFC 9110 section 15.2)
            statusLine = status();
            status = Integer.parseInt(statusLine.group(2));
        }
        boolean last = statusLine.group(1).equals("0") || hasToken("connection", "close");
        String coding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        byte[] body;
        if (status == NO_CONTENT || status == NOT_MODIFIED) {
            body = new byte[0];
        } else if (coding != null) {
            if (!coding.strip().equalsIgnoreCase("chunked") || length != null) {
                throw nonsense("Transfer-Encoding: " + shown(coding));
            }
            body = chunks();
        } else if (length != null) {
            if (!LENGTH.matcher(length).matches()) {
                throw nonsense("Content-Length: " + shown(length));
            }
            body = exactly(Long.parseLong(length));
        } else {
            last = true;
            body = untilTheEnd();
        }
        String text = new String(body, StandardCharsets.UTF_8);
        return new HttpReply(status, Map.copyOf(headers), text, last);
    }

    /** A status line with the headers that follow it. */
    private Matcher status() throws IOException {
        String line = line();
        Matcher statusLine = STATUS_LINE.matcher(line);
        if (!statusLine.matches()) {
            throw nonsense("Invalid status line: \"" + shown(line) + "\"");
        }
        headers();
        return statusLine;
    }

    private void headers() throws IOException {
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher header = HEADER.matcher(line);
            if (!header.matches()) {
                throw nonsense("Invalid header: \"" + shown(line) + "\"");
            }
            String name = header.group(1).toLowerCase(Locale.ROOT);
            String value = header.group(2).strip();
            String before = headers.putIfAbsent(name, value);
            boolean frames = name.equals("content-length") || name.equals("transfer-encoding");
            if (frames && before != null && !before.equals(value)) {
                throw nonsense(name + " twice");
            }
        }
    }

    private boolean hasToken(String name, String token) {
        for (String one : headers.getOrDefault(name, "").split(",", -1)) {
            if (one.strip().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = line();
            Matcher size = CHUNK.matcher(line);
            if (!size.matches()) {
                throw nonsense("Invalid chunk: \"" + shown(line) + "\"");
            }
            long length = Long.parseLong(size.group(1), 16);
            if (length == 0) {
                break;
            }
            body.write(exactly(length));
            if (!line().isEmpty()) {
                throw nonsense("a chunk is longer than it says");
            }
        }
        for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
            // Of no interest, but bounded.
        }
        return body.toByteArray();
    }

    private byte[] exactly(long length) throws IOException {
        memory.take((int) Math.min(length, Integer.MAX_VALUE));
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private byte[] untilTheEnd() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] some = new byte[4096];
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            memory.take(count);
            body.write(some, 0, count);
        }
        return body.toByteArray();
    }

    /** Without its end, which is LF as well as CR LF (RFC 9112 section 2.2). */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int read = in.read();
            if (read < 0) {
                throw new EOFException();
            }
            anything = true;
            if (++headBytes > LONGEST_HEAD) {
                throw nonsense("more than " + LONGEST_HEAD + " bytes beside the body");
            }
            if (read == '\n') {
                break;
            }
            line.append((char) read);
        }
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        return line.toString();
    }

    private static ProtocolException nonsense(String what) {
        return new ProtocolException("sent what is no HTTP answer (" + what + ")");
    }

    private static String shown(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]+", " ");
        return line.length() <= 60 ? line : line.substring(0, 60) + "...";
    }
}
