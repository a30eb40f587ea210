package org.vipmanager.config;

import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a virtual address: what it is, how long its prefix, on which interface. Whether that
 * interface exists is not asked: it is waited for.
 */
final class AddressReader {

    private static final int IPV4_BYTES = 4;
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    /** IFNAMSIZ of linux/if.h without the closing zero. */
    /** Of an altname: ALTIFNAMSIZ in linux/if.h, without the zero byte; other names have 15. */
    private static final int LONGEST_INTERFACE_NAME = 127;

    private final Values values;

    AddressReader(Values values) {
        this.values = values;
    }

    /** Empty when something is wrong with it; the mistakes have been told. */
    Optional<VirtualIp> read(ManagerType managerType) {
        Optional<InetAddress> address = address();
        boolean isRouted = managerType != ManagerType.BASIC;
        boolean isLocal = values.has(Settings.INTERFACE) && managerType.mayHaveInterface();
        if (isRouted && !isLocal) {
            return address.map(ip -> new VirtualIp(ip, bitsOf(ip), ""));
        }
        Optional<String> interfaceName = interfaceName();
        boolean isIpv6 = values.text(Settings.IP).filter(ip -> ip.contains(":")).isPresent();
        Optional<Integer> prefixLength =
                isRouted && !values.has(Settings.NETMASK)
                        ? address.map(AddressReader::bitsOf)
                        : prefixLength(address, isIpv6);
        if (address.isEmpty() || prefixLength.isEmpty() || interfaceName.isEmpty()) {
            return Optional.empty();
        }
        VirtualIp vip = new VirtualIp(address.get(), prefixLength.get(), interfaceName.get());
        return isHostOfItsSubnet(vip) ? Optional.of(vip) : Optional.empty();
    }

    private static int bitsOf(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private Optional<InetAddress> address() {
        Optional<Given> given = values.find(Settings.IP);
        if (given.isEmpty()) {
            values.missing(
                    Settings.IP,
                    "there is no address to manage",
                    "give ip in the file, VIP_IP or --ip");
            return Optional.empty();
        }
        String text = given.get().text().strip();
        Optional<InetAddress> address = AddressText.parse(text);
        if (address.isEmpty()) {
            malformed(given.get(), text);
            return Optional.empty();
        }
        Optional<String> problem = problemWith(address.get());
        problem.ifPresent(
                what ->
                        values.wrong(
                                Settings.IP,
                                given.get(),
                                what,
                                "write an address that one host of the network can have"));
        if (problem.isEmpty()) {
            warnWhenReserved(given.get(), address.get());
            return address;
        }
        return Optional.empty();
    }

    /** Linux lets hosts have them, 0.0.0.0/8 since 5.3; other systems and routers do not. */
    private void warnWhenReserved(Given given, InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = Byte.toUnsignedInt(bytes[0]);
        if (bytes.length == IPV4_BYTES && (first == 0 || first >= 240)) {
            values.findings()
                    .warn(
                            "%s (%s): %s is in the reserved network %s, which not every system and router accepts for a host"
                                    .formatted(
                                            values.nameOf(Settings.IP),
                                            given.source(),
                                            address.getHostAddress(),
                                            first == 0 ? "0.0.0.0/8" : "240.0.0.0/4"));
        }
    }

    private void malformed(Given given, String text) {
        int slash = text.indexOf('/');
        int percent = text.indexOf('%');
        if (slash >= 0) {
            String bits = text.substring(slash + 1);
            values.wrong(
                    Settings.IP,
                    given,
                    "has a prefix length",
                    "write ip: %s and netmask: %s"
                            .formatted(Mistake.shown(text.substring(0, slash)), shownBits(bits)));
        } else if (percent >= 0) {
            values.wrong(
                    Settings.IP,
                    given,
                    "has a scope",
                    "write ip: %s and interface: %s"
                            .formatted(
                                    Mistake.shown(text.substring(0, percent)),
                                    Mistake.shown(text.substring(percent + 1))));
        } else if (text.toLowerCase(Locale.ROOT).startsWith("::ffff:")) {
            values.wrong(
                    Settings.IP,
                    given,
                    "is an IPv4 address written as IPv6",
                    "write the IPv4 address alone");
        } else {
            values.wrong(
                    Settings.IP,
                    given,
                    "is not an IP address",
                    "write one such as 192.168.0.123 or 2001:db8::123");
        }
    }

    private static String shownBits(String bits) {
        return bits.isEmpty() ? "24" : Mistake.shown(bits);
    }

    private static Optional<String> problemWith(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return Optional.of("is the unspecified address");
        }
        if (address.isLoopbackAddress()) {
            return Optional.of("is a loopback address");
        }
        if (address.isMulticastAddress()) {
            return Optional.of("is a multicast address");
        }
        byte[] bytes = address.getAddress();
        return bytes.length == IPV4_BYTES && isAll(bytes, 0xff)
                ? Optional.of("is the broadcast address")
                : Optional.empty();
    }

    private static boolean isAll(byte[] bytes, int value) {
        for (byte b : bytes) {
            if (Byte.toUnsignedInt(b) != value) {
                return false;
            }
        }
        return true;
    }

    private Optional<Integer> prefixLength(Optional<InetAddress> address, boolean isIpv6) {
        Optional<Given> given = values.find(Settings.NETMASK);
        int most = isIpv6 ? IPV6_BITS : IPV4_BITS;
        if (given.isEmpty()) {
            values.missing(
                    Settings.NETMASK,
                    "manager-type basic needs it",
                    "give the prefix length of the network, such as netmask: "
                            + (isIpv6 ? "64" : "24"));
            return Optional.empty();
        }
        OptionalLong number = WrittenNumber.parse(given.get().text());
        if (number.isEmpty()) {
            values.wrong(
                    Settings.NETMASK,
                    given.get(),
                    "is not a valid prefix length",
                    "write " + meantBy(given.get().text().strip(), most));
            return Optional.empty();
        }
        if (number.getAsLong() == -1) {
            address.ifPresent(ip -> warnOfClassA(given.get(), ip));
            return address.map(AddressReader::classPrefixLength);
        }
        if (number.getAsLong() < 1 || number.getAsLong() > most) {
            values.wrong(
                    Settings.NETMASK,
                    given.get(),
                    "is not a valid prefix length for " + (isIpv6 ? "IPv6" : "IPv4"),
                    "write a number from 1 to " + most + ", or -1 for the default");
            return Optional.empty();
        }
        return Optional.of((int) number.getAsLong());
    }

    private void warnOfClassA(Given given, InetAddress address) {
        if (classPrefixLength(address) == 8) {
            values.findings()
                    .warn(
                            ("%s (%s): -1 means %s/8, the default of its class; write the"
                                            + " prefix length of the network, such as 24")
                                    .formatted(
                                            values.nameOf(Settings.NETMASK),
                                            given.source(),
                                            address.getHostAddress()));
        }
    }

    /** Of a mask with dots, or of one with a slash before it, the number that it stands for. */
    private static String meantBy(String text, int most) {
        if (text.startsWith("/") && WrittenNumber.parse(text.substring(1)).isPresent()) {
            return text.substring(1);
        }
        return AddressText.parse(text)
                .filter(mask -> mask.getAddress().length == 4)
                .map(mask -> Integer.toString(onesOf(mask)))
                .orElse("a number from 1 to " + most);
    }

    private static int onesOf(InetAddress mask) {
        int ones = 0;
        for (byte b : mask.getAddress()) {
            ones += Integer.bitCount(Byte.toUnsignedInt(b));
        }
        return ones;
    }

    /** The classes of RFC 791; IPv6 has none, and one address is then a network of its own. */
    private static int classPrefixLength(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != 4) {
            return IPV6_BITS;
        }
        int first = Byte.toUnsignedInt(bytes[0]);
        if (first < 128) {
            return 8;
        }
        return first < 192 ? 16 : 24;
    }

    private boolean isHostOfItsSubnet(VirtualIp vip) {
        byte[] bytes = vip.address().getAddress();
        boolean hasOnlyZeros = hasHostBits(bytes, vip.prefixLength(), 0);
        Given given = values.find(Settings.IP).orElseThrow();
        if (vip.isIpv6()) {
            if (hasOnlyZeros && vip.prefixLength() < IPV6_BITS - 1) {
                values.findings()
                        .warn(
                                "%s (%s): %s is the anycast address of its subnet's routers"
                                        .formatted(
                                                values.nameOf(Settings.IP),
                                                given.source(),
                                                vip.cidr()));
            }
            return true;
        }
        if (vip.prefixLength() >= IPV4_BITS - 1) {
            return true;
        }
        if (hasOnlyZeros || hasHostBits(bytes, vip.prefixLength(), 1)) {
            values.wrong(
                    Settings.IP,
                    given,
                    "is the %s address of its network with netmask %d"
                            .formatted(hasOnlyZeros ? "network" : "broadcast", vip.prefixLength()),
                    "write an address between them, or the right netmask");
            return false;
        }
        return true;
    }

    /** Whether all bits behind the prefix have the value. */
    private static boolean hasHostBits(byte[] bytes, int prefixLength, int value) {
        for (int bit = prefixLength; bit < bytes.length * Byte.SIZE; bit++) {
            int found = bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1;
            if (found != value) {
                return false;
            }
        }
        return true;
    }

    private Optional<String> interfaceName() {
        Optional<Given> given = values.find(Settings.INTERFACE);
        if (given.isEmpty()) {
            values.missing(
                    Settings.INTERFACE,
                    "manager-type basic needs it",
                    "give the interface that gets the address, such as interface: eth0");
            return Optional.empty();
        }
        String name = given.get().text().strip();
        Optional<String> problem = problemWithInterface(name);
        problem.ifPresent(
                what ->
                        values.wrong(
                                Settings.INTERFACE,
                                given.get(),
                                what,
                                "write a name that 'ip link' shows, such as eth0"));
        return problem.isEmpty() ? Optional.of(name) : Optional.empty();
    }

    /** The rules of dev_valid_name() in net/core/dev.c. */
    private static Optional<String> problemWithInterface(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_INTERFACE_NAME) {
            return Optional.of("is longer than the 127 bytes that an interface's name can have");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("is not a valid interface name");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == ':' || Character.isWhitespace(c) || Character.isISOControl(c)) {
                return Optional.of("has a character that no interface's name can have");
            }
        }
        return Optional.empty();
    }
}
