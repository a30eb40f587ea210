package org.vipmanager.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A network as the kernel sees it when it looks for an address's primary: same mask, same bits.
 *
 * @param network with zeros behind the prefix
 */
record Subnet(InetAddress network, int prefixLength) {

    static Subnet of(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        for (int bit = prefixLength; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >>> (bit % Byte.SIZE));
        }
        try {
            return new Subnet(InetAddress.getByAddress(bytes), prefixLength);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }
}
