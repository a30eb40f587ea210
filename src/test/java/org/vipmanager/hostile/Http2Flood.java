package org.vipmanager.hostile;

import org.vipmanager.hostile.FaultyPeer.Manners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;

/**
 * A server of HTTP/2 that begins as it should, and then sends one thing for ever. The client's
 * first stream is 3, as gRPC counts.
 */
enum Http2Flood {
    PING(Http2Frame.of(Http2Frame.PING, 0, 0, new byte[8])),
    SETTINGS(Http2Frame.of(Http2Frame.SETTINGS, 0, 0, new byte[0])),
    EMPTY_DATA(Http2Frame.of(Http2Frame.DATA, 0, 3, new byte[0])),
    DATA(Http2Frame.of(Http2Frame.DATA, 0, 3, new byte[16000])),
    INFORMATIONAL_HEADERS(
            Http2Frame.of(
                    Http2Frame.HEADERS,
                    Http2Frame.END_HEADERS,
                    3,
                    Http2Frame.header(":status", "100"))),
    WINDOW_UPDATE(Http2Frame.of(Http2Frame.WINDOW_UPDATE, 0, 0, Http2Frame.number(1))),
    RST_STREAM(Http2Frame.of(Http2Frame.RST_STREAM, 0, 3, Http2Frame.number(8))),
    PRIORITY(Http2Frame.of(Http2Frame.PRIORITY, 0, 9, new byte[] {0, 0, 0, 3, 1})),
    GOAWAY(
            Http2Frame.of(
                    Http2Frame.GOAWAY,
                    0,
                    0,
                    Http2Frame.concat(Http2Frame.number(0x7fffffff), new byte[4], new byte[1000]))),
    UNKNOWN_TYPE(Http2Frame.of(77, 0, 0, new byte[0])),
    EMPTY_CONTINUATION(
            Http2Frame.of(Http2Frame.HEADERS, 0, 3, Http2Frame.answerHeaders()),
            Http2Frame.of(Http2Frame.CONTINUATION, 0, 3, new byte[0])),
    CONTINUATION(
            Http2Frame.of(Http2Frame.HEADERS, 0, 3, Http2Frame.answerHeaders()),
            Http2Frame.of(Http2Frame.CONTINUATION, 0, 3, Http2Frame.header("a", "b".repeat(1000)))),
    MESSAGE(
            Http2Frame.of(
                    Http2Frame.HEADERS, Http2Frame.END_HEADERS, 3, Http2Frame.answerHeaders()),
            Http2Frame.of(Http2Frame.DATA, 0, 3, Http2Frame.message(0, 1 << 30, new byte[0])),
            Http2Frame.of(Http2Frame.DATA, 0, 3, new byte[16000]));

    private static final int CHUNK = 1 << 16;
    private static final int PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length();

    /** The settings of the client, and the beginning of its call. */
    private static final int FIRST_FRAMES = 200;

    private final byte[] before;
    private final byte[] chunk;

    Http2Flood(byte[]... frames) {
        before = Http2Frame.concat(Arrays.copyOf(frames, frames.length - 1));
        chunk = Http2Frame.repeated(frames[frames.length - 1], CHUNK);
    }

    /**
     * @param reads whether it reads what it is sent
     */
    Manners manners(boolean reads) {
        return connection -> flood(connection, reads);
    }

    private void flood(Socket connection, boolean reads) throws IOException {
        InputStream in = connection.getInputStream();
        OutputStream out = connection.getOutputStream();
        in.readNBytes(PREFACE);
        out.write(Http2Frame.of(Http2Frame.SETTINGS, 0, 0, new byte[0]));
        in.readNBytes(FIRST_FRAMES);
        if (reads) {
            Thread.ofVirtual().start(() -> drain(in));
        }
        out.write(before);
        while (true) {
            out.write(chunk);
        }
    }

    private static void drain(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return; // the other side has had enough
        }
    }
}
