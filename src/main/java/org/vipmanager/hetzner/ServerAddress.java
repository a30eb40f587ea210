package org.vipmanager.hetzner;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * This server's main address, by which the Robot knows it: of IPv6 the net, as one server has a
 * whole /64.
 */
final class ServerAddress {

    /** Of networks for documentation (RFC 5737, RFC 3849): the way there is the default route. */
    private static final InetAddress FAR = InetAddress.ofLiteral("192.0.2.1");

    private static final InetAddress FAR6 = InetAddress.ofLiteral("2001:db8::1");

    private ServerAddress() {}

    /** From which address this host would send far away; sends nothing. */
    static Optional<InetAddress> byRoute(boolean ipv6) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(new InetSocketAddress(ipv6 ? FAR6 : FAR, 9));
            return Optional.of(((InetSocketAddress) channel.getLocalAddress()).getAddress())
                    .filter(address -> !address.isAnyLocalAddress());
        } catch (IOException | RuntimeException noRoute) {
            return Optional.empty();
        }
    }

    /**
     * Another address of an interface, where it has some of that family and none of them is this
     * server's.
     *
     * @param vip is on it besides, and is not this server's own
     */
    static Optional<InetAddress> otherOn(
            String interfaceName, InetAddress server, InetAddress vip) {
        NetworkInterface known;
        try {
            known = NetworkInterface.getByName(interfaceName);
        } catch (SocketException unseen) {
            return Optional.empty();
        }
        List<InetAddress> own =
                (known == null ? Stream.<InetAddress>empty() : known.inetAddresses())
                        .filter(one -> one.getClass().equals(server.getClass()))
                        .filter(one -> !one.isLinkLocalAddress() && !one.equals(vip))
                        .toList();
        boolean isThere = own.stream().anyMatch(one -> asNamed(one).equals(asNamed(server)));
        return isThere ? Optional.empty() : own.stream().findFirst();
    }

    /** The form in which the Robot names an address: as it is, of IPv6 the /64 that it is in. */
    static InetAddress asNamed(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, 8, 16, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
