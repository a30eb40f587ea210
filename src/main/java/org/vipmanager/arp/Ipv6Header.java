package org.vipmanager.arp;

import java.nio.ByteBuffer;

/**
 * The header in front of a message of neighbour discovery, and the checksum that covers part of it.
 *
 * <pre>
 * RFC 8200, 3, network byte order:
 *  0  u32      version 6, traffic class 0, flow label 0
 *  4  u16      payload length
 *  6  u8       next header    58, ICMPv6
 *  7  u8       hop limit      255: no router has passed it on (RFC 4861, 6.1.1)
 *  8  16 bytes source
 * 24  16 bytes destination
 * </pre>
 */
final class Ipv6Header {

    static final int LENGTH = 40;
    static final int SOURCE = 8;
    static final int DESTINATION = 24;
    static final int ADDRESS_LENGTH = 16;
    static final int HOP_LIMIT = 255;

    private static final int VERSION = 6 << 28;
    private static final int ICMPV6 = 58;
    private static final int CHECKSUM_OFFSET = 2;

    private Ipv6Header() {}

    static void encode(ByteBuffer buffer, int payloadLength, byte[] source, byte[] destination) {
        buffer.putInt(VERSION)
                .putShort((short) payloadLength)
                .put((byte) ICMPV6)
                .put((byte) HOP_LIMIT)
                .put(source)
                .put(destination);
    }

    /** Whether what follows is an ICMPv6 message of a neighbour. */
    static boolean isFromNeighbour(ByteBuffer packet) {
        return packet.limit() >= LENGTH
                && packet.get(0) >>> 4 == 6
                && packet.get(6) == ICMPV6
                && Byte.toUnsignedInt(packet.get(7)) == HOP_LIMIT;
    }

    /** Puts the checksum into the message that begins behind the header at {@code start}. */
    static void setChecksum(ByteBuffer buffer, int start, int payloadLength) {
        int message = start + LENGTH;
        buffer.putShort(message + CHECKSUM_OFFSET, (short) 0);
        buffer.putShort(message + CHECKSUM_OFFSET, (short) ~sum(buffer, start, payloadLength));
    }

    /** The length of the message as the header has it; 0 when the packet is cut off. */
    static int payloadLength(ByteBuffer packet) {
        if (packet.limit() < LENGTH) {
            return 0;
        }
        int length = Short.toUnsignedInt(packet.getShort(4));
        return length <= packet.limit() - LENGTH ? length : 0;
    }

    /** Whether the checksum in the message is right. */
    static boolean isChecksumRight(ByteBuffer packet, int payloadLength) {
        return payloadLength % 2 == 0 && (short) sum(packet, 0, payloadLength) == -1;
    }

    /**
     * The one's complement sum (RFC 1071) of the pseudo header (RFC 8200, 8.1: addresses, length,
     * next header) and the message, whose length is even.
     */
    private static int sum(ByteBuffer buffer, int start, int payloadLength) {
        int sum = payloadLength + ICMPV6;
        int end = start + LENGTH + payloadLength;
        for (int offset = start + SOURCE; offset < end; offset += Short.BYTES) {
            sum += Short.toUnsignedInt(buffer.getShort(offset));
        }
        while (sum >>> Short.SIZE != 0) {
            sum = (sum & 0xffff) + (sum >>> Short.SIZE);
        }
        return sum;
    }
}
