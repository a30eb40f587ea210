package org.vipmanager.config;

import org.vipmanager.core.PrintedAddress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses as text, strictly: four decimal numbers without leading zeros, or the forms of RFC 4291
 * without a scope. Never asks for a name.
 */
final class AddressText {

    private static final String OCTET = "(0|[1-9][0-9]{0,2})";

    /** The JDK reads shorter forms too, and zeros before a number. */
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);

    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private AddressText() {}

    /** The address that a URL names; a host with an underscore is none to java.net.URI. */
    static Optional<InetAddress> hostOf(URI url) {
        String host = url.getHost();
        return host == null ? Optional.empty() : parse(host.replaceAll("^\\[|]$", ""));
    }

    static Optional<InetAddress> parse(String text) {
        boolean ipv6 = IPV6.matcher(text).matches();
        if (!ipv6 && !IPV4.matcher(text).matches()) {
            return Optional.empty();
        }
        // A mapped IPv4 address comes back as Inet4Address: it is none of IPv6 on the wire.
        return PrintedAddress.read(text)
                .filter(address -> !(ipv6 && address instanceof Inet4Address));
    }
}
