package org.vipmanager.arp;

import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;

import java.nio.ByteOrder;

/**
 * Where a packet socket sends to or listens.
 *
 * <pre>
 * struct sockaddr_ll (linux/if_packet.h):
 *  0  u16     family       AF_PACKET 17
 *  2  u16     EtherType    in network byte order
 *  4  s32     index of the interface
 *  8  u16 hardware type, u8 packet type, u8 address length, 8 bytes address: not used here
 * </pre>
 */
final class LinkLayerAddress {

    static final int AF_PACKET = 17;

    private static final int LENGTH = 20;

    private final NativeBuffer buffer;

    LinkLayerAddress(LibC libC) {
        buffer = libC.allocate(LENGTH);
        buffer.bytes().putShort(0, (short) AF_PACKET);
    }

    /** The same memory each time. */
    NativeBuffer of(int index, int etherType) {
        boolean swap = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        short number = (short) etherType;
        buffer.bytes().putShort(2, swap ? Short.reverseBytes(number) : number).putInt(4, index);
        return buffer;
    }
}
