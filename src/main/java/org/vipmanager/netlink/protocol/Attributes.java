package org.vipmanager.netlink.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the attributes at the end of a netlink message, one after another.
 *
 * <pre>
 * struct rtattr (linux/rtnetlink.h):
 *  0  u16 rta_len    with this header, without the padding to 4 bytes behind it
 *  2  u16 rta_type   the upper two bits are flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER
 *  4  value
 * </pre>
 */
public final class Attributes {

    public static final int HEADER = 4;

    private static final int TYPE_MASK = 0x3fff;

    private final ByteBuffer buffer;
    private int next;
    private int type;
    private int valueStart;
    private int valueLength;

    /**
     * @param start where the first one begins; they go on to the buffer's limit
     */
    Attributes(ByteBuffer buffer, int start) {
        this.buffer = buffer;
        this.next = start;
    }

    /** Goes to the next one; false when there is none, or when a length is impossible. */
    boolean next() {
        int left = buffer.limit() - next;
        if (left < HEADER) {
            return false;
        }
        int length = Short.toUnsignedInt(buffer.getShort(next));
        if (length < HEADER || length > left) {
            return false;
        }
        type = Short.toUnsignedInt(buffer.getShort(next + 2)) & TYPE_MASK;
        valueStart = next + HEADER;
        valueLength = length - HEADER;
        next += aligned(length);
        return true;
    }

    public int type() {
        return type;
    }

    public int length() {
        return valueLength;
    }

    public byte[] bytes() {
        byte[] value = new byte[valueLength];
        buffer.get(valueStart, value);
        return value;
    }

    /** The u32 at that place of the value. */
    int intAt(int offset) {
        require(offset + Integer.BYTES);
        return buffer.getInt(valueStart + offset);
    }

    int firstByte() {
        require(1);
        return Byte.toUnsignedInt(buffer.get(valueStart));
    }

    /** The value as text, without the zero byte that ends it. */
    String text() {
        byte[] value = bytes();
        int length = 0;
        while (length < value.length && value[length] != 0) {
            length++;
        }
        return new String(value, 0, length, StandardCharsets.UTF_8);
    }

    /** The attributes inside this one. */
    Attributes nested() {
        ByteBuffer value = buffer.slice(valueStart, valueLength).order(buffer.order());
        return new Attributes(value, 0);
    }

    public static void put(ByteBuffer buffer, int type, byte[] value) {
        buffer.putShort((short) (HEADER + value.length)).putShort((short) type).put(value);
        pad(buffer);
    }

    public static void putInt(ByteBuffer buffer, int type, int value) {
        buffer.putShort((short) (HEADER + Integer.BYTES)).putShort((short) type).putInt(value);
    }

    static void putByte(ByteBuffer buffer, int type, int value) {
        buffer.putShort((short) (HEADER + 1)).putShort((short) type).put((byte) value);
        pad(buffer);
    }

    /** NLMSG_ALIGN and RTA_ALIGN: up to the next multiple of four. */
    static int aligned(int length) {
        return (length + 3) & ~3;
    }

    private void require(int length) {
        if (length > valueLength) {
            throw new IllegalArgumentException(
                    "attribute " + type + " has " + valueLength + " bytes, not " + length);
        }
    }

    private static void pad(ByteBuffer buffer) {
        while (buffer.position() != aligned(buffer.position())) {
            buffer.put((byte) 0);
        }
    }
}
