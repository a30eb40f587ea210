package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The question of duplicate address detection: does anybody have the target?
 *
 * <pre>
 * RFC 4861, 4.3, network byte order, behind the IPv6 header:
 *  0  u8       type      135
 *  1  u8       code      0
 *  2  u16      checksum
 *  4  u32      reserved
 *  8  16 bytes target
 * </pre>
 *
 * Its source is the unspecified address (RFC 4862, 5.4.2), so it claims nothing, and its
 * destination the target's solicited-node group.
 */
record NeighborSolicitation(InetAddress target) {

    static final int LENGTH = 24;
    static final int TYPE = 135;

    private static final byte[] UNSPECIFIED = new byte[Ipv6Header.ADDRESS_LENGTH];

    /** ff02::1:ff00:0/104, to which the last three bytes of the target are added. */
    private static final byte[] SOLICITED_NODE = {
        (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xff, 0, 0, 0
    };

    private static final int GROUP_PREFIX = 13;

    HardwareAddress destination() {
        return HardwareAddress.ofMulticastGroup(group());
    }

    /** Writes it with its IPv6 header at the buffer's position. */
    void encode(ByteBuffer buffer) {
        int start = buffer.position();
        Ipv6Header.encode(buffer, LENGTH, UNSPECIFIED, group());
        buffer.put((byte) TYPE).put((byte) 0).putShort((short) 0).putInt(0);
        buffer.put(target.getAddress());
        Ipv6Header.setChecksum(buffer, start, LENGTH);
    }

    private byte[] group() {
        byte[] group = Arrays.copyOf(SOLICITED_NODE, SOLICITED_NODE.length);
        byte[] address = target.getAddress();
        System.arraycopy(address, GROUP_PREFIX, group, GROUP_PREFIX, address.length - GROUP_PREFIX);
        return group;
    }
}
