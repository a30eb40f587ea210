package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An ARP packet for IPv4 over Ethernet.
 *
 * <pre>
 * RFC 826, network byte order, behind the Ethernet header:
 *  0  u16     hardware type        1, Ethernet
 *  2  u16     protocol type        0x0800, IPv4
 *  4  u8      hardware length      6
 *  5  u8      protocol length      4
 *  6  u16     operation            1 request, 2 reply
 *  8  6 bytes sender hardware address
 * 14  4 bytes sender protocol address
 * 18  6 bytes target hardware address
 * 24  4 bytes target protocol address
 * </pre>
 */
record ArpPacket(
        int operation,
        HardwareAddress senderHardware,
        InetAddress senderAddress,
        HardwareAddress targetHardware,
        InetAddress targetAddress) {

    static final int LENGTH = 28;
    static final int REQUEST = 1;
    static final int REPLY = 2;

    private static final int ETHERNET = 1;
    private static final int IPV4 = 0x0800;
    private static final int IPV4_LENGTH = 4;
    private static final int SENDER_HARDWARE = 8;
    private static final int SENDER_ADDRESS = 14;
    private static final int TARGET_HARDWARE = 18;
    private static final int TARGET_ADDRESS = 24;

    /** RFC 5227, 1.1: a request for the address that one has. */
    static ArpPacket announcementRequest(HardwareAddress hardwareAddress, InetAddress address) {
        return new ArpPacket(REQUEST, hardwareAddress, address, HardwareAddress.NONE, address);
    }

    /** Some gear learns from replies only: one to oneself. */
    static ArpPacket announcementReply(HardwareAddress hardwareAddress, InetAddress address) {
        return new ArpPacket(REPLY, hardwareAddress, address, hardwareAddress, address);
    }

    /** RFC 5227, 1.1: asks who has the address without claiming anything. */
    static ArpPacket probe(HardwareAddress hardwareAddress, InetAddress address) {
        return new ArpPacket(
                REQUEST,
                hardwareAddress,
                addressOf(new byte[IPV4_LENGTH]),
                HardwareAddress.NONE,
                address);
    }

    /** RFC 826: asks who has the address, and lets whoever has it know the one who asks. */
    static ArpPacket question(HardwareAddress station, InetAddress sender, InetAddress target) {
        return new ArpPacket(REQUEST, station, sender, HardwareAddress.NONE, target);
    }

    void encode(ByteBuffer buffer) {
        buffer.putShort((short) ETHERNET)
                .putShort((short) IPV4)
                .put((byte) HardwareAddress.LENGTH)
                .put((byte) IPV4_LENGTH)
                .putShort((short) operation);
        senderHardware.encode(buffer);
        buffer.put(senderAddress.getAddress());
        targetHardware.encode(buffer);
        buffer.put(targetAddress.getAddress());
    }

    /**
     * @param packet behind the Ethernet header, position 0 to limit; padding may follow
     * @throws IllegalArgumentException when it is too short, or not IPv4 over Ethernet
     */
    static ArpPacket parse(ByteBuffer packet) {
        if (packet.limit() < LENGTH) {
            throw new IllegalArgumentException("an ARP packet of " + packet.limit() + " bytes");
        }
        boolean isKnown =
                packet.getShort(0) == ETHERNET
                        && packet.getShort(2) == IPV4
                        && packet.get(4) == HardwareAddress.LENGTH
                        && packet.get(5) == IPV4_LENGTH;
        if (!isKnown) {
            throw new IllegalArgumentException("an ARP packet that is not for IPv4 over Ethernet");
        }
        return new ArpPacket(
                Short.toUnsignedInt(packet.getShort(6)),
                HardwareAddress.at(packet, SENDER_HARDWARE),
                addressAt(packet, SENDER_ADDRESS),
                HardwareAddress.at(packet, TARGET_HARDWARE),
                addressAt(packet, TARGET_ADDRESS));
    }

    private static InetAddress addressAt(ByteBuffer packet, int offset) {
        byte[] bytes = new byte[IPV4_LENGTH];
        packet.get(offset, bytes);
        return addressOf(bytes);
    }

    private static InetAddress addressOf(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }
}
