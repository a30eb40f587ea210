package org.vipmanager.netlink.protocol;

import org.vipmanager.core.HardwareAddress;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
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
 * 16  attributes: IFLA_IFNAME, IFLA_ADDRESS, IFLA_PERM_ADDRESS, IFLA_LINKINFO, IFLA_PROP_LIST, ...
 * </pre>
 *
 * @param alternativeNames by which it can be called as well, ip-link(8) {@code property add
 *     altname}
 * @param hardwareAddress as {@code ip link} prints it, of however many bytes; empty where there is
 *     none
 * @param hardwareAddresses every Ethernet address that frames of this interface may bear: current,
 *     permanent, and as the slave of a bond
 */
public record LinkMessage(
        int index,
        String name,
        Set<String> alternativeNames,
        int flags,
        String hardwareAddress,
        Set<HardwareAddress> hardwareAddresses) {

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
    private static final int IFLA_PROP_LIST = 52;
    private static final int IFLA_ALT_IFNAME = 53;
    private static final int IFLA_INFO_SLAVE_DATA = 5;
    private static final int IFLA_BOND_SLAVE_PERM_HWADDR = 4;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    /** IFNAMSIZ, linux/if.h, without the zero byte. */
    private static final int LONGEST_NAME = 15;

    /** An interface without other names. */
    public LinkMessage(
            int index,
            String name,
            int flags,
            String hardwareAddress,
            Set<HardwareAddress> hardwareAddresses) {
        this(index, name, Set.of(), flags, hardwareAddress, hardwareAddresses);
    }

    /** All by which it can be called. */
    public Set<String> names() {
        if (alternativeNames.isEmpty()) {
            return Set.of(name);
        }
        Set<String> all = new HashSet<>(alternativeNames);
        all.add(name);
        return all;
    }

    public boolean isCalled(String someName) {
        return name.equals(someName) || alternativeNames.contains(someName);
    }

    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Whether the cable is in, as far as the driver knows. */
    public boolean hasCarrier() {
        return (flags & IFF_LOWER_UP) != 0;
    }

    /** Whether frames can pass. */
    public boolean isReady() {
        return isUp() && hasCarrier();
    }

    /** Empty for a message about something else. */
    public static Optional<LinkMessage> of(NetlinkMessage message) {
        boolean isLink =
                (message.type() == NetlinkMessage.NEW_LINK
                                || message.type() == NetlinkMessage.DELETE_LINK)
                        && isLink(message.payload());
        return isLink ? message.parsed(LinkMessage::parse) : Optional.empty();
    }

    /** Whether the payload is about an interface as such, and not about a port of a bridge. */
    private static boolean isLink(ByteBuffer payload) {
        return payload.limit() >= FIXED_PART && payload.get(0) == 0;
    }

    /** Writes a question for one interface, or (0) for all, without their counters. */
    public static void encodeQuestion(ByteBuffer buffer, int index) {
        buffer.putInt(0).putInt(index).putInt(0).putInt(0);
        Attributes.putInt(buffer, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }

    /**
     * Writes a question for the interface of that name, without its counters. The kernel looks
     * among all names whichever attribute it gets, but only one of them carries long ones.
     */
    public static void encodeQuestion(ByteBuffer buffer, String name) {
        encodeQuestion(buffer, 0);
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        Attributes.put(buffer, text.length <= LONGEST_NAME ? IFLA_IFNAME : IFLA_ALT_IFNAME, text);
    }

    /**
     * @param payload of a message, position 0 to limit
     * @throws IllegalArgumentException when it is too short
     */
    public static LinkMessage parse(ByteBuffer payload) {
        if (payload.limit() < FIXED_PART) {
            throw new IllegalArgumentException("an ifinfomsg of " + payload.limit() + " bytes");
        }
        String name = "";
        String hardwareAddress = "";
        Set<HardwareAddress> hardwareAddresses = new HashSet<>(4);
        Set<String> alternativeNames = new HashSet<>(2);
        Attributes attributes = new Attributes(payload, FIXED_PART);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.text();
                case IFLA_ADDRESS -> {
                    hardwareAddress = colons(attributes.bytes());
                    addEthernet(hardwareAddresses, attributes);
                }
                case IFLA_PERM_ADDRESS -> addEthernet(hardwareAddresses, attributes);
                case IFLA_LINKINFO -> addBondSlave(hardwareAddresses, attributes.nested());
                case IFLA_PROP_LIST -> addNames(alternativeNames, attributes.nested());
                default -> {} // the many other properties of a link
            }
        }
        return new LinkMessage(
                payload.getInt(4),
                name,
                Set.copyOf(alternativeNames),
                payload.getInt(8),
                hardwareAddress,
                Set.copyOf(hardwareAddresses));
    }

    private static void addNames(Set<String> names, Attributes properties) {
        while (properties.next()) {
            if (properties.type() == IFLA_ALT_IFNAME) {
                names.add(properties.text());
            }
        }
    }

    private static void addBondSlave(Set<HardwareAddress> hardwareAddresses, Attributes info) {
        boolean bond = false;
        while (info.next()) {
            if (info.type() == IFLA_INFO_SLAVE_KIND) {
                bond = info.text().equals("bond");
            } else if (info.type() == IFLA_INFO_SLAVE_DATA && bond) {
                Attributes slave = info.nested();
                while (slave.next()) {
                    if (slave.type() == IFLA_BOND_SLAVE_PERM_HWADDR) {
                        addEthernet(hardwareAddresses, slave);
                    }
                }
            }
        }
    }

    private static void addEthernet(Set<HardwareAddress> hardwareAddresses, Attributes attribute) {
        if (attribute.length() == HardwareAddress.LENGTH) {
            hardwareAddresses.add(HardwareAddress.at(ByteBuffer.wrap(attribute.bytes()), 0));
        }
    }

    private static String colons(byte[] address) {
        return HexFormat.ofDelimiter(":").formatHex(address);
    }
}
