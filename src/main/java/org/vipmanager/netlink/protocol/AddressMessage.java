package org.vipmanager.netlink.protocol;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An address on an interface, as RTM_NEWADDR and RTM_DELADDR carry it.
 *
 * <pre>
 * struct ifaddrmsg (linux/if_addr.h), behind the message header:
 *  0  u8  ifa_family     AF_INET 2, AF_INET6 10
 *  1  u8  ifa_prefixlen
 *  2  u8  ifa_flags      the lower eight; IFA_FLAGS has all
 *  3  u8  ifa_scope
 *  4  u32 ifa_index      of the interface
 *  8  attributes: IFA_CACHEINFO, IFA_LOCAL, IFA_ADDRESS, IFA_FLAGS, IFA_PROTO
 *
 * struct ifa_cacheinfo: u32 ifa_prefered, u32 ifa_valid (seconds), u32 cstamp, u32 tstamp
 * </pre>
 *
 * @param index of the interface
 * @param address IFA_LOCAL where there is one, else IFA_ADDRESS
 * @param peer IFA_ADDRESS: the other end of a point-to-point link, else the same address
 * @param flags IFA_F_*
 * @param preferredSeconds {@link #FOREVER} for an address without a lifetime
 * @param validSeconds until the kernel removes it, as counted when the message was made
 * @param protocol who made it, IFA_PROTO; 0 where nobody said so, or before Linux 5.18
 */
public record AddressMessage(
        int index,
        InetAddress address,
        InetAddress peer,
        int prefixLength,
        int flags,
        int scope,
        int preferredSeconds,
        int validSeconds,
        int protocol) {

    /** INFINITY_LIFE_TIME, net/addrconf.h. */
    public static final int FOREVER = 0xffffffff;

    /** IFA_F_*, linux/if_addr.h. */
    public static final int SECONDARY = 0x01;

    public static final int NO_DUPLICATE_DETECTION = 0x02;
    public static final int DUPLICATE_FOUND = 0x08;
    public static final int TENTATIVE = 0x40;
    public static final int NO_PREFIX_ROUTE = 0x200;

    /** Where {@link #encode} puts ifa_valid, so that it can be set at the last moment. */
    public static final int VALID_SECONDS_OFFSET =
            NetlinkMessage.HEADER + 8 + Attributes.HEADER + 4;

    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    private static final int FIXED_PART = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_PROTO = 11;
    private static final int CACHEINFO = 16;

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Writes what follows the message header at the buffer's position. */
    public void encode(ByteBuffer buffer) {
        buffer.put((byte) (isIpv4() ? AF_INET : AF_INET6))
                .put((byte) prefixLength)
                .put((byte) flags)
                .put((byte) scope)
                .putInt(index);
        buffer.putShort((short) (Attributes.HEADER + CACHEINFO)).putShort((short) IFA_CACHEINFO);
        buffer.putInt(preferredSeconds).putInt(validSeconds).putInt(0).putInt(0);
        Attributes.put(buffer, IFA_LOCAL, address.getAddress());
        Attributes.put(buffer, IFA_ADDRESS, peer.getAddress());
        Attributes.putInt(buffer, IFA_FLAGS, flags);
        if (protocol != 0) {
            Attributes.putByte(buffer, IFA_PROTO, protocol);
        }
    }

    /** Writes a question for the addresses of one family, on one interface or (0) on all. */
    public static void encodeQuestion(ByteBuffer buffer, int family, int index) {
        buffer.put((byte) family).put((byte) 0).put((byte) 0).put((byte) 0).putInt(index);
    }

    /** Writes a question for one IPv6 address on one interface. */
    public static void encodeQuestion(ByteBuffer buffer, int index, InetAddress address) {
        encodeQuestion(buffer, AF_INET6, index);
        Attributes.put(buffer, IFA_ADDRESS, address.getAddress());
    }

    /** Empty for a message about something else. */
    public static Optional<AddressMessage> of(NetlinkMessage message) {
        boolean isAddress =
                (message.type() == NetlinkMessage.NEW_ADDRESS
                                || message.type() == NetlinkMessage.DELETE_ADDRESS)
                        && isInternet(message.payload());
        return isAddress ? message.parsed(AddressMessage::parse) : Optional.empty();
    }

    /** Whether the payload is about IPv4 or IPv6; the kernel has other families. */
    private static boolean isInternet(ByteBuffer payload) {
        return payload.limit() >= FIXED_PART
                && (payload.get(0) == AF_INET || payload.get(0) == AF_INET6);
    }

    /**
     * @param payload of a message, position 0 to limit
     * @throws IllegalArgumentException when it is too short or has no address
     */
    public static AddressMessage parse(ByteBuffer payload) {
        if (payload.limit() < FIXED_PART) {
            throw new IllegalArgumentException("an ifaddrmsg of " + payload.limit() + " bytes");
        }
        int flags = Byte.toUnsignedInt(payload.get(2));
        int preferred = FOREVER;
        int valid = FOREVER;
        int protocol = 0;
        byte[] local = {};
        byte[] address = {};
        Attributes attributes = new Attributes(payload, FIXED_PART);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_LOCAL -> local = attributes.bytes();
                case IFA_ADDRESS -> address = attributes.bytes();
                case IFA_FLAGS -> flags = attributes.intAt(0);
                case IFA_PROTO -> protocol = attributes.firstByte();
                case IFA_CACHEINFO -> {
                    preferred = attributes.intAt(0);
                    valid = attributes.intAt(4);
                }
                default -> {} // labels, broadcast and anycast addresses, metrics
            }
        }
        return new AddressMessage(
                payload.getInt(4),
                internetAddress(local.length > 0 ? local : address),
                internetAddress(address.length > 0 ? address : local),
                Byte.toUnsignedInt(payload.get(1)),
                flags,
                Byte.toUnsignedInt(payload.get(3)),
                preferred,
                valid,
                protocol);
    }

    private static InetAddress internetAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }
}
