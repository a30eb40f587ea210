package org.vipmanager.core;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The address of a network card on an Ethernet, a MAC address.
 *
 * @param bits 48 of them, as a number
 */
public record HardwareAddress(long bits) {

    public static final int LENGTH = 6;

    public static final HardwareAddress NONE = new HardwareAddress(0);
    public static final HardwareAddress BROADCAST = new HardwareAddress(0xffff_ffff_ffffL);

    /** The multicast bit is the lowest of the first byte (IEEE 802.3, 3.2.3). */
    private static final long GROUP = 1L << 40;

    /** Whether it can be the address of one station. */
    public boolean isUnicast() {
        return bits != 0 && (bits & GROUP) == 0;
    }

    /** The address of an IPv6 multicast group: 33:33 and its last four bytes (RFC 2464, 7). */
    public static HardwareAddress ofMulticastGroup(byte[] group) {
        return new HardwareAddress(
                0x3333_0000_0000L | ByteBuffer.wrap(group).getInt(12) & 0xffff_ffffL);
    }

    /** Writes its six bytes at the position of a buffer in network byte order. */
    public void encode(ByteBuffer buffer) {
        buffer.putShort((short) (bits >>> Integer.SIZE)).putInt((int) bits);
    }

    /** Reads it at a place of the buffer, which is in network byte order. */
    public static HardwareAddress at(ByteBuffer buffer, int offset) {
        long high = Short.toUnsignedLong(buffer.getShort(offset));
        return new HardwareAddress(high << Integer.SIZE | buffer.getInt(offset + 2) & 0xffff_ffffL);
    }

    /** The form that {@code ip link} prints: {@code 02:00:00:00:00:0a}. */
    @Override
    public String toString() {
        byte[] bytes = new byte[LENGTH];
        encode(ByteBuffer.wrap(bytes));
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
