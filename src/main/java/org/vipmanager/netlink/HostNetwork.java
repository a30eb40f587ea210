package org.vipmanager.netlink;

import org.vipmanager.core.HardwareAddress;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.netlink.protocol.RtnetlinkConnection;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The interfaces and addresses of this host at one moment, for whoever only looks.
 *
 * @param links in the order of their indexes
 * @param addresses of both families
 */
public record HostNetwork(List<Link> links, List<Address> addresses) {

    /**
     * An interface.
     *
     * @param names all by which it can be called, its name among them
     * @param hasCarrier whether the cable is in, as far as the driver knows
     * @param hardwareAddresses that its frames may bear
     */
    public record Link(
            int index,
            String name,
            Set<String> names,
            boolean isUp,
            boolean hasCarrier,
            Set<HardwareAddress> hardwareAddresses) {}

    /**
     * An address on an interface.
     *
     * @param index of the interface
     * @param validSeconds until the kernel removes it; empty for one without a lifetime
     * @param protocol who put it, IFA_PROTO; 0 where nobody said so, or before Linux 5.18
     * @param isDuplicate duplicate address detection has found another holder: it is not used
     */
    public record Address(
            int index,
            InetAddress address,
            int prefixLength,
            OptionalInt validSeconds,
            int protocol,
            boolean isDuplicate) {

        /** Whether this program has put it. */
        public boolean isMarkedAsOurs() {
            return protocol == AddressService.PROTOCOL;
        }

        /** Whether the other one belongs to the same network. */
        public boolean isInSubnetWith(InetAddress other) {
            return address.getAddress().length == other.getAddress().length
                    && Subnets.Subnet.of(address, prefixLength)
                            .equals(Subnets.Subnet.of(other, prefixLength));
        }
    }

    public HostNetwork {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
    }

    /** Asks the kernel; blocks for as long as that takes, a few seconds at most. */
    public static HostNetwork read(LibC libC) throws IOException {
        try (RtnetlinkConnection connection = connect(libC)) {
            List<Link> links =
                    new LinkService(connection).list().stream().map(HostNetwork::link).toList();
            List<Address> addresses =
                    new AddressService(connection)
                            .list().stream().map(HostNetwork::address).toList();
            return new HostNetwork(links, addresses);
        }
    }

    /**
     * Whether there is an interface of that name, or of that other name (altname), on this host
     * now; true where that cannot be found out.
     */
    public static boolean hasInterface(LibC libC, String name) {
        try (RtnetlinkConnection connection = connect(libC)) {
            return new LinkService(connection).find(name).isPresent();
        } catch (IOException e) {
            return true;
        }
    }

    private static RtnetlinkConnection connect(LibC libC) throws IOException {
        return new RtnetlinkConnection(libC, new BootClock(libC), _ -> {});
    }

    /** The interface that is called so. */
    public Optional<Link> link(String name) {
        return links.stream().filter(link -> link.names().contains(name)).findFirst();
    }

    /** The interface with that index. */
    public Optional<Link> link(int index) {
        return links.stream().filter(link -> link.index() == index).findFirst();
    }

    /** Its addresses of both families. */
    public List<Address> on(Link link) {
        return addresses.stream().filter(address -> address.index() == link.index()).toList();
    }

    private static Link link(LinkMessage message) {
        return new Link(
                message.index(),
                message.name(),
                message.names(),
                message.isUp(),
                message.hasCarrier(),
                message.hardwareAddresses());
    }

    private static Address address(AddressMessage message) {
        return new Address(
                message.index(),
                message.address(),
                message.prefixLength(),
                message.validSeconds() == AddressMessage.FOREVER
                        ? OptionalInt.empty()
                        : OptionalInt.of(message.validSeconds()),
                message.protocol(),
                message.has(AddressMessage.DUPLICATE_FOUND));
    }
}
