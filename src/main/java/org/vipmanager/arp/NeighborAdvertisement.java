package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An unsolicited neighbour advertisement: where the target lives now.
 *
 * <pre>
 * RFC 4861, 4.4, network byte order, behind the IPv6 header:
 *  0  u8       type           136
 *  1  u8       code           0
 *  2  u16      checksum
 *  4  u32      flags          Router, Solicited, Override in the upper three bits
 *  8  16 bytes target
 * 24  u8       option type    2, target link-layer address
 * 25  u8       option length  1, in units of eight bytes
 * 26  6 bytes  hardware address
 * </pre>
 *
 * @param target whose place is told; also the source of the packet
 * @param hardwareAddress the target's hardware address
 */
record NeighborAdvertisement(InetAddress target, HardwareAddress hardwareAddress) {

    static final int LENGTH = 32;
    static final int TYPE = 136;
    static final int TARGET = 8;

    /** Override: replaces what neighbours have cached (RFC 4861, 7.2.6). */
    private static final int OVERRIDE = 0x2000_0000;

    private static final int TARGET_LINK_LAYER_ADDRESS = 2;
    private static final int OPTIONS = 24;
    private static final int OPTION_UNIT = 8;

    /** ff02::1, all nodes on the link. */
    private static final byte[] ALL_NODES = {
        (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    };

    static HardwareAddress destination() {
        return HardwareAddress.ofMulticastGroup(ALL_NODES);
    }

    /** Writes it with its IPv6 header at the buffer's position. */
    void encode(ByteBuffer buffer) {
        int start = buffer.position();
        Ipv6Header.encode(buffer, LENGTH, target.getAddress(), ALL_NODES);
        buffer.put((byte) TYPE).put((byte) 0).putShort((short) 0).putInt(OVERRIDE);
        buffer.put(target.getAddress());
        buffer.put((byte) TARGET_LINK_LAYER_ADDRESS).put((byte) 1);
        hardwareAddress.encode(buffer);
        Ipv6Header.setChecksum(buffer, start, LENGTH);
    }

    /**
     * @param packet behind the Ethernet header, position 0 to limit
     * @throws IllegalArgumentException when it is no neighbour advertisement with a hop limit of
     *     255 that names the target's hardware address
     */
    static NeighborAdvertisement parse(ByteBuffer packet) {
        int length = Ipv6Header.payloadLength(packet);
        boolean isValid =
                length >= OPTIONS
                        && Ipv6Header.isFromNeighbour(packet)
                        && Byte.toUnsignedInt(packet.get(Ipv6Header.LENGTH)) == TYPE
                        && packet.get(Ipv6Header.LENGTH + 1) == 0
                        && Ipv6Header.isChecksumRight(packet, length);
        if (!isValid) {
            throw new IllegalArgumentException("no neighbour advertisement");
        }
        byte[] target = new byte[Ipv6Header.ADDRESS_LENGTH];
        packet.get(Ipv6Header.LENGTH + TARGET, target);
        try {
            return new NeighborAdvertisement(
                    InetAddress.getByAddress(target), hardwareAddress(packet));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address", e);
        }
    }

    private static HardwareAddress hardwareAddress(ByteBuffer packet) {
        int option = Ipv6Header.LENGTH + OPTIONS;
        while (packet.limit() - option >= OPTION_UNIT) {
            int units = Byte.toUnsignedInt(packet.get(option + 1));
            if (packet.get(option) == TARGET_LINK_LAYER_ADDRESS && units == 1) {
                return HardwareAddress.at(packet, option + 2);
            }
            if (units == 0) {
                break;
            }
            option += units * OPTION_UNIT;
        }
        return HardwareAddress.NONE;
    }
}
