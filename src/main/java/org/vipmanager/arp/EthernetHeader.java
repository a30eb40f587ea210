package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;

import java.nio.ByteBuffer;

/**
 * What every frame begins with.
 *
 * <pre>
 * IEEE 802.3, network byte order:
 *  0  6 bytes destination
 *  6  6 bytes source
 * 12  u16     EtherType
 * </pre>
 */
record EthernetHeader(HardwareAddress destination, HardwareAddress source, int etherType) {

    static final int LENGTH = 14;

    /** linux/if_ether.h. */
    static final int ARP = 0x0806;

    static final int IPV6 = 0x86dd;

    void encode(ByteBuffer buffer) {
        destination.encode(buffer);
        source.encode(buffer);
        buffer.putShort((short) etherType);
    }

    /**
     * @throws IllegalArgumentException when the frame is too short
     */
    static EthernetHeader parse(ByteBuffer frame) {
        if (frame.limit() < LENGTH) {
            throw new IllegalArgumentException("a frame of " + frame.limit() + " bytes");
        }
        return new EthernetHeader(
                HardwareAddress.at(frame, 0),
                HardwareAddress.at(frame, HardwareAddress.LENGTH),
                Short.toUnsignedInt(frame.getShort(12)));
    }
}
