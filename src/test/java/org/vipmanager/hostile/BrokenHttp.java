package org.vipmanager.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.vipmanager.hostile.FaultyPeer.Manners;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;

/** Makes servers whose HTTP, or the JSON in it, is wrong in some way. */
public final class BrokenHttp {

    /** What stands for a good answer, to be spoilt. */
    private final String good;

    /** The JSON of a good answer. */
    private final String json;

    /**
     * @param good a whole answer that the client understands
     */
    public BrokenHttp(String good) {
        this.good = good;
        this.json = good.substring(good.indexOf("\r\n\r\n") + 4);
    }

    public Manners manners(Random dice) {
        byte[] answer = answer(dice);
        boolean listens = dice.nextInt(8) != 0;
        boolean repeats = dice.nextInt(6) == 0;
        boolean resets = dice.nextInt(4) == 0;
        boolean stays = dice.nextInt(3) != 0;
        int piece = dice.nextInt(3) == 0 ? 1 + dice.nextInt(64) : Integer.MAX_VALUE;
        return connection -> {
            if (listens) {
                readRequest(connection.getInputStream());
            }
            OutputStream out = connection.getOutputStream();
            for (int at = 0, pieces = 0; at < answer.length; pieces++) {
                int count = pieces < 200 ? Math.min(piece, answer.length - at) : answer.length - at;
                out.write(answer, at, count);
                at += count;
            }
            if (repeats) {
                out.write(answer);
            }
            if (stays) {
                connection.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            if (resets) {
                connection.setSoLinger(true, 0);
            }
        };
    }

    /** Up to the empty line behind the headers. */
    public static String readRequest(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("the client has gone");
            }
            request.append((char) read);
        }
        return request.toString();
    }

    /** A whole answer with that body. */
    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nX-Consul-Index: 42\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    }

    private byte[] answer(Random dice) {
        return switch (dice.nextInt(9)) {
            case 0 -> new byte[0];
            case 1 -> text(statusLines(dice));
            case 2 -> text(heads(dice));
            case 3 -> text(lengths(dice));
            case 4 -> text(chunks(dice));
            case 5, 6 -> text(ok(wrongJson(dice)));
            case 7 -> randomBytes(dice);
            default -> spoilt(dice);
        };
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String one(Random dice, String... of) {
        return of[dice.nextInt(of.length)];
    }

    private String statusLines(Random dice) {
        return one(
                        dice,
                        "SSH-2.0-OpenSSH_9.2p1",
                        "HTTP/1.1 2x0 OK",
                        "HTTP/1.1 20000 OK",
                        "HTTP/1.1 000 OK",
                        "HTTP/1.1 -20 OK",
                        "HTTP/1.1  200 OK",
                        "HTTP/1.1",
                        "HTTP/9.9 200 OK",
                        "HTTP/2 200",
                        "PRI * HTTP/2.0",
                        "ICY 200 OK",
                        "\0\0\0",
                        "HTTP/1.1 101 Switching Protocols",
                        "HTTP/1.1 100 Continue\r\n\r\n".repeat(1 + dice.nextInt(5000)),
                        "HTTP/1.1 103 Early\r\nX: y\r\n\r\n".repeat(1 + dice.nextInt(3)),
                        "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/",
                        "HTTP/1.1 308 Moved\r\nLocation: file:///etc/passwd",
                        "HTTP/1.1 204 No Content\r\nContent-Length: 5",
                        "HTTP/1.1 304 Not Modified",
                        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0",
                        "HTTP/1.1 401 Who?\r\nWWW-Authenticate: Basic\r\nContent-Length: 0",
                        "HTTP/1.1 500 No cluster leader\r\nContent-Length: 0",
                        "HTTP/1.1 503 \u001b[31m\u202e\r\nContent-Length: 0",
                        "HTTP/1.1 429 Too many\r\nRetry-After: 999999999999\r\nContent-Length: 0")
                + "\r\n\r\n"
                + (dice.nextBoolean() ? json : "");
    }

    private String heads(Random dice) {
        return "HTTP/1.1 200 OK\r\n"
                + one(
                        dice,
                        "X: y\r\n".repeat(100_000),
                        "X".repeat(1_000_000),
                        "X: " + "y".repeat(1_000_000) + "\r\n",
                        ": no name\r\n",
                        "no colon\r\n",
                        "space : y\r\n",
                        " folded\r\n",
                        "X: a\0b\r\n",
                        "X: a\rb\r\n",
                        "X-Consul-Index: 99999999999999999999\r\n",
                        "X-Consul-Index: -1\r\n",
                        "X-Consul-Index: 42\r\nX-Consul-Index: 1\r\n",
                        "Content-Encoding: gzip\r\n",
                        "Connection: upgrade, close, keep-alive\r\n",
                        "Connection: close\r\n",
                        "\u00ff\u00fe: \u00fd\r\n")
                + one(dice, "", "\r\n", "\r\n" + json, "Content-Length: 3\r\n\r\nabc");
    }

    private String lengths(Random dice) {
        return "HTTP/1.1 200 OK\r\nX-Consul-Index: 42\r\nContent-Length: "
                + one(
                        dice,
                        "-1",
                        "+5",
                        "0x10",
                        "9223372036854775807",
                        "9223372036854775808",
                        "4294967296",
                        "1048577",
                        "1048576",
                        "",
                        "5, 6",
                        "5\r\nContent-Length: 6",
                        "5\r\nTransfer-Encoding: chunked",
                        Integer.toString(Math.max(0, json.length() - 1 - dice.nextInt(20))),
                        Integer.toString(json.length() + 1 + dice.nextInt(20)),
                        "0")
                + "\r\n\r\n"
                + (dice.nextInt(4) == 0 ? "x".repeat(2_000_000) : json);
    }

    private String chunks(Random dice) {
        String size = Integer.toHexString(json.length());
        return "HTTP/1.1 200 OK\r\nX-Consul-Index: 42\r\nTransfer-Encoding: "
                + one(dice, "chunked", "chunked", "chunked", "gzip, chunked", "identity", "\0")
                + "\r\n\r\n"
                + one(
                        dice,
                        "zz\r\n",
                        "-5\r\nhello\r\n",
                        "ffffffff\r\n",
                        "ffffffffffffffffffff\r\n",
                        "7fffffff\r\nx",
                        size + "\r\n" + json,
                        size + "\r\n" + json + "\r\n",
                        size + "\r\n" + json + "x\r\n0\r\n\r\n",
                        size + ";x=" + "y".repeat(100_000) + "\r\n" + json + "\r\n0\r\n\r\n",
                        size + "\r\n" + json + "\r\n0\r\n" + "X: y\r\n".repeat(20_000),
                        "0\r\n\r\n",
                        "1\r\n[\r\n".repeat(50_000) + "0\r\n\r\n",
                        "100\r\n" + ("x".repeat(256) + "\r\n100\r\n").repeat(10_000));
    }

    private String wrongJson(Random dice) {
        int depth = 1 << dice.nextInt(19);
        String value =
                one(
                        dice,
                        "[".repeat(depth),
                        "{\"a\":".repeat(depth),
                        "[".repeat(depth) + "]".repeat(depth),
                        "[" + "{},".repeat(depth) + "{}]",
                        "[" + "0,".repeat(depth) + "0]",
                        "9".repeat(depth),
                        "-1e" + "9".repeat(1 + dice.nextInt(12)),
                        "0." + "0".repeat(depth) + "1",
                        "\"" + "\\u0000".repeat(1 + depth / 8) + "\"",
                        "\"" + "x".repeat(depth) + "\"",
                        "\"\\ud800\"",
                        "\"\u00c3\u0028\u00ff\u00fe\"",
                        "\"\0\"",
                        "null",
                        "true",
                        "NaN",
                        "/* comment */ 1",
                        "");
        return one(
                dice,
                value,
                "[" + value + "]",
                "[{\"Value\":" + value + ",\"ModifyIndex\":42}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":" + value + "}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":42,\"Session\":" + value + "}]",
                "{\"Results\":" + value + ",\"Errors\":null}",
                "{\"Results\":[{\"KV\":" + value + "}]}",
                "{\"failsafe_mode_is_active\":" + value + "}",
                "{\"state\":\"running\",\"patroni\":" + value + "}",
                "{\"state\":" + value + ",\"pause\":" + value + "}");
    }

    private static byte[] randomBytes(Random dice) {
        byte[] bytes = new byte[dice.nextInt(5000)];
        dice.nextBytes(bytes);
        return bytes;
    }

    /** A good answer of which something is cut off, left out, doubled or changed. */
    private byte[] spoilt(Random dice) {
        byte[] bytes = text(good);
        int at = dice.nextInt(bytes.length);
        int length = Math.min(1 + dice.nextInt(20), bytes.length - at);
        ByteArrayOutputStream spoilt = new ByteArrayOutputStream();
        spoilt.write(bytes, 0, at);
        switch (dice.nextInt(4)) {
            case 0 -> {}
            case 1 -> spoilt.write(bytes, at + length, bytes.length - at - length);
            case 2 -> {
                spoilt.write(bytes, at, length);
                spoilt.write(bytes, at, bytes.length - at);
            }
            default -> {
                spoilt.write(dice.nextInt(256));
                spoilt.write(bytes, at + 1, bytes.length - at - 1);
            }
        }
        return spoilt.toByteArray();
    }

    /** Reads one request after the other, and answers each as it should be. */
    public static Manners healthy(Answering answering) {
        return connection -> {
            InputStream in = connection.getInputStream();
            while (true) {
                String request = readRequest(in);
                String answer = answering.answer(request);
                connection.getOutputStream().write(text(answer));
            }
        };
    }

    /** Says what a healthy server does. */
    public interface Answering {

        String answer(String request) throws InterruptedException;
    }
}
