package org.vipmanager.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The text of an address as {@code ip address} prints it, and so as people search for it.
 *
 * <p>For IPv6 that is RFC 5952 section 4: no leading zeros, lower case, and {@code ::} in place of
 * the first of the longest runs of two zero groups or more. {@link InetAddress#getHostAddress}
 * writes all eight groups.
 */
public final class PrintedAddress {

    private static final int GROUPS = 8;

    private PrintedAddress() {}

    /** The text, without a prefix length. */
    public static String of(InetAddress address) {
        return address instanceof Inet6Address
                ? ofIpv6(address.getAddress())
                : address.getHostAddress();
    }

    /**
     * The address that a text is, IPv6 in brackets too; empty for a name, for which nobody is
     * asked. The JDK reads shorter forms of IPv4, such as 10.1, and so does this.
     */
    public static Optional<InetAddress> read(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String ofIpv6(byte[] bytes) {
        int longest = 1;
        int start = GROUPS;
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosFrom(bytes, i);
            if (length > longest) {
                longest = length;
                start = i;
            }
        }
        return start == GROUPS
                ? groups(bytes, 0, GROUPS)
                : groups(bytes, 0, start) + "::" + groups(bytes, start + longest, GROUPS);
    }

    private static int zerosFrom(byte[] bytes, int first) {
        int end = first;
        while (end < GROUPS && group(bytes, end) == 0) {
            end++;
        }
        return end - first;
    }

    private static String groups(byte[] bytes, int from, int to) {
        StringJoiner text = new StringJoiner(":");
        for (int i = from; i < to; i++) {
            text.add(Integer.toHexString(group(bytes, i)));
        }
        return text.toString();
    }

    private static int group(byte[] bytes, int index) {
        return Byte.toUnsignedInt(bytes[2 * index]) << 8 | Byte.toUnsignedInt(bytes[2 * index + 1]);
    }
}
