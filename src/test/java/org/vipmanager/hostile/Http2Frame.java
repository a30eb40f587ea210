package org.vipmanager.hostile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Frames of HTTP/2 as bytes, right ones and wrong ones (RFC 9113, section 4.1 and 6). */
final class Http2Frame {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private Http2Frame() {}

    static byte[] of(int type, int flags, int stream, byte[] payload) {
        return claiming(payload.length, type, flags, stream, payload);
    }

    /** A frame whose header names a length that need not be that of its payload. */
    static byte[] claiming(int length, int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** The headers with which an answer of gRPC begins, as HPACK writes them without a table. */
    static byte[] answerHeaders() {
        return concat(new byte[] {(byte) 0x88}, header("content-type", "application/grpc"));
    }

    /** One header, literally and not indexed. */
    static byte[] header(String name, String value) {
        return concat(new byte[] {0}, string(name), string(value));
    }

    /** A message of gRPC: whether it is compressed, its length, itself. */
    static byte[] message(int compressed, int length, byte[] bytes) {
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) compressed)
                .putInt(length)
                .put(bytes)
                .array();
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** As often as it fits into the length, and once at least. */
    static byte[] repeated(byte[] part, int length) {
        byte[][] parts = new byte[Math.max(1, length / part.length)][];
        Arrays.fill(parts, part);
        return concat(parts);
    }

    private static byte[] string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < 127) {
            return concat(new byte[] {(byte) bytes.length}, bytes);
        }
        int rest = bytes.length - 127;
        ByteBuffer length = ByteBuffer.allocate(6).put((byte) 127);
        while (rest >= 128) {
            length.put((byte) (rest % 128 + 128));
            rest /= 128;
        }
        length.put((byte) rest);
        return concat(Arrays.copyOf(length.array(), length.position()), bytes);
    }
}
