package org.vipmanager.core;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * The address that follows the leader, and where it is put.
 *
 * @param address the address itself, IPv4 or IPv6, without a scope
 * @param prefixLength bits of the network part, 1 to 32 or 128
 * @param interfaceName the network interface, such as {@code eth0}; empty where a provider routes
 *     the address
 */
public record VirtualIp(InetAddress address, int prefixLength, String interfaceName) {

    public boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    /** The form that {@code ip address} prints: {@code 10.0.0.9/24}. */
    public String cidr() {
        return PrintedAddress.of(address) + "/" + prefixLength;
    }

    /** The same address in another form. */
    public VirtualIp as(int otherPrefixLength) {
        return new VirtualIp(address, otherPrefixLength, interfaceName);
    }

    /** For log lines: {@code 10.0.0.9/24 on eth0}. */
    @Override
    public String toString() {
        return interfaceName.isEmpty()
                ? PrintedAddress.of(address)
                : cidr() + " on " + interfaceName;
    }
}
