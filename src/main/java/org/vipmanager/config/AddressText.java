package org.vipmanager.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Addresses as text, strictly: four decimal numbers without leading zeros, or the forms of RFC 4291
 * without a scope. Never asks for a name.
 */
final class AddressText {

    private static final int IPV4_BYTES = 4;

    private AddressText() {}

    /** The address that a URL names; a host with an underscore is none to java.net.URI. */
    static Optional<InetAddress> hostOf(URI url) {
        String host = url.getHost();
        return host == null ? Optional.empty() : parse(host.replaceAll("^\\[|]$", ""));
    }

    static Optional<InetAddress> parse(String text) {
        return text.contains(":") ? ipv6(text) : ipv4(text);
    }

    private static Optional<InetAddress> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != IPV4_BYTES) {
            return Optional.empty();
        }
        byte[] bytes = new byte[IPV4_BYTES];
        for (int i = 0; i < IPV4_BYTES; i++) {
            int value = octet(parts[i]);
            if (value < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) value;
        }
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** The number, or -1. */
    private static int octet(String digits) {
        boolean hasLeadingZero = digits.length() > 1 && digits.charAt(0) == '0';
        if (digits.isEmpty() || digits.length() > 3 || hasLeadingZero) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value <= 255 ? value : -1;
    }

    private static Optional<InetAddress> ipv6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
                return Optional.empty();
            }
        }
        try {
            // A mapped IPv4 address comes back as Inet4Address: it is none of IPv6 on the wire.
            InetAddress address = InetAddress.ofLiteral(text);
            return address instanceof Inet6Address ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
