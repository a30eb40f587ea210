package org.vipmanager.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * A network interface, as RTM_NEWLINK and RTM_DELLINK carry it.
 *
 * <pre>
 * struct ifinfomsg (linux/rtnetlink.h), behind the message header:
 *  0  u8  ifi_family   AF_UNSPEC 0; a bridge speaks of its ports with AF_BRIDGE 7
 *  1  u8  padding
 *  2  u16 ifi_type     ARPHRD_*
 *  4  s32 ifi_index
 *  8  u32 ifi_flags    IFF_*
 * 12  u32 ifi_change
 * 16  attributes: IFLA_IFNAME, IFLA_ADDRESS, IFLA_PERM_ADDRESS, IFLA_LINKINFO, ...
 * </pre>
 *
 * @param hardwareAddress such as {@code 02:00:00:00:00:0a}; empty where there is none
 * @param stations every hardware address of six bytes that frames of this interface may bear:
 *     current, permanent, and as the slave of a bond
 */
record LinkMessage(
        int index, String name, int flags, String hardwareAddress, Set<String> stations) {

    private static final int FIXED_PART = 16;

    /** IFF_*, linux/if.h. */
    private static final int IFF_UP = 0x1;

    private static final int IFF_LOWER_UP = 0x10000;

    /** IFLA_*, linux/if_link.h. */
    private static final int IFLA_ADDRESS = 1;

    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_EXT_MASK = 29;
    private static final int IFLA_PERM_ADDRESS = 54;
    private static final int IFLA_INFO_SLAVE_DATA = 5;
    private static final int IFLA_BOND_SLAVE_PERM_HWADDR = 4;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;
    private static final int HARDWARE_ADDRESS = 6;

    boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Whether the cable is in, as far as the driver knows. */
    boolean hasCarrier() {
        return (flags & IFF_LOWER_UP) != 0;
    }

    /** Whether frames can pass. */
    boolean isReady() {
        return isUp() && hasCarrier();
    }

    /** Whether the payload is about an interface as such, and not about a port of a bridge. */
    static boolean isLink(ByteBuffer payload) {
        return payload.limit() >= FIXED_PART && payload.get(0) == 0;
    }

    /** Writes a question for one interface, or (0) for all, without their counters. */
    static void encodeQuestion(ByteBuffer buffer, int index) {
        buffer.putInt(0).putInt(index).putInt(0).putInt(0);
        Attributes.putInt(buffer, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }

    /** Writes a question for the interface of that name, without its counters. */
    static void encodeQuestion(ByteBuffer buffer, String name) {
        encodeQuestion(buffer, 0);
        Attributes.put(buffer, IFLA_IFNAME, name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param payload of a message, position 0 to limit
     * @throws IllegalArgumentException when it is too short
     */
    static LinkMessage parse(ByteBuffer payload) {
        if (payload.limit() < FIXED_PART) {
            throw new IllegalArgumentException("an ifinfomsg of " + payload.limit() + " bytes");
        }
        String name = "";
        String hardwareAddress = "";
        Set<String> stations = new HashSet<>(4);
        Attributes attributes = new Attributes(payload, FIXED_PART);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.text();
                case IFLA_ADDRESS -> {
                    hardwareAddress = colons(attributes.bytes());
                    addStation(stations, attributes);
                }
                case IFLA_PERM_ADDRESS -> addStation(stations, attributes);
                case IFLA_LINKINFO -> addBondSlave(stations, attributes.nested());
                default -> {} // the many other properties of a link
            }
        }
        return new LinkMessage(
                payload.getInt(4), name, payload.getInt(8), hardwareAddress, Set.copyOf(stations));
    }

    private static void addBondSlave(Set<String> stations, Attributes info) {
        boolean bond = false;
        while (info.next()) {
            if (info.type() == IFLA_INFO_SLAVE_KIND) {
                bond = info.text().equals("bond");
            } else if (info.type() == IFLA_INFO_SLAVE_DATA && bond) {
                Attributes slave = info.nested();
                while (slave.next()) {
                    if (slave.type() == IFLA_BOND_SLAVE_PERM_HWADDR) {
                        addStation(stations, slave);
                    }
                }
            }
        }
    }

    private static void addStation(Set<String> stations, Attributes attribute) {
        if (attribute.length() == HARDWARE_ADDRESS) {
            stations.add(colons(attribute.bytes()));
        }
    }

    private static String colons(byte[] address) {
        return HexFormat.ofDelimiter(":").formatHex(address);
    }
}
