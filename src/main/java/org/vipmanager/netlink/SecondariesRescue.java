package org.vipmanager.netlink;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.posix.Errno;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the IPv4 addresses of others that the kernel removes together with one of ours, where
 * {@link PromoteSecondaries} cannot be set.
 *
 * <p>Each gets a stand-in, the same address as a single one (/32), so that it never leaves the host
 * and no route is lost that has it as source, or needs the interface to have an address
 * (fib_del_ifaddr in net/ipv4/fib_frontend.c). Then ours goes and takes them along; then each is
 * put again with the very bytes in which the kernel told of it: label, broadcast address, scope,
 * flags, metric, lifetime. The stand-ins end by themselves should this process end in between.
 *
 * <p>Our other addresses are left out: after a standstill they might be put past their time.
 * Whoever holds one is told that it is gone, and puts it again if it still may.
 */
final class SecondariesRescue {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private static final int STAND_IN_SECONDS = 5;
    private static final int LARGEST_ADDRESS = 256;

    private final AddressService addresses;
    private final KernelView view;

    /** As the kernel told of it; {@code payload} is the whole of it. */
    private record Secondary(AddressMessage message, ByteBuffer payload) {

        String cidr() {
            return PrintedAddress.of(message.address()) + "/" + message.prefixLength();
        }
    }

    SecondariesRescue(AddressService addresses, KernelView view) {
        this.addresses = addresses;
        this.view = view;
    }

    /** Does the removal of this primary address, and returns its outcome. */
    Optional<String> during(AddressMessage primary, Supplier<Optional<String>> removal) {
        List<Secondary> secondaries = secondariesTo(primary);
        List<Secondary> withStandIn = secondaries.stream().filter(this::addStandIn).toList();
        Optional<String> trouble = removal.get();
        secondaries.forEach(this::putBack);
        withStandIn.forEach(this::removeStandIn);
        return trouble;
    }

    /** In the order in which the kernel has them: the next one becomes the primary. */
    private List<Secondary> secondariesTo(AddressMessage primary) {
        Subnet subnet = Subnet.of(primary.peer(), primary.prefixLength());
        List<Secondary> found = new ArrayList<>();
        try {
            addresses.dump(
                    AddressMessage.AF_INET,
                    told ->
                            AddressMessage.of(told)
                                    .filter(other -> other.index() == primary.index())
                                    .filter(other -> other.has(AddressMessage.SECONDARY))
                                    .filter(other -> isIn(subnet, other))
                                    .filter(other -> !view.isOurs(other.address()))
                                    .map(other -> new Secondary(other, bytesOf(told)))
                                    .ifPresent(found::add));
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "cannot tell which addresses go together with {0}: {1}",
                    PrintedAddress.of(primary.address()),
                    e.getMessage());
        }
        return found;
    }

    private static boolean isIn(Subnet subnet, AddressMessage address) {
        return Subnet.of(address.peer(), address.prefixLength()).equals(subnet);
    }

    /** A copy: the message's own bytes are overwritten by the next answer. */
    private static ByteBuffer bytesOf(NetlinkMessage message) {
        ByteBuffer payload = message.payload();
        return ByteBuffer.allocate(payload.limit()).put(0, payload, 0, payload.limit());
    }

    /** Returns false when there was such a one already, which is not ours to remove. */
    private boolean addStandIn(Secondary secondary) {
        AddressMessage message = secondary.message();
        AddressMessage standIn =
                new AddressMessage(
                        message.index(),
                        message.address(),
                        message.address(),
                        AddressForm.IPV4_BITS,
                        0,
                        message.scope(),
                        STAND_IN_SECONDS,
                        STAND_IN_SECONDS,
                        NetlinkAddressTable.ADDRESS_PROTOCOL);
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST_ADDRESS).order(ByteOrder.nativeOrder());
        standIn.encode(bytes);
        try {
            return addresses.add(bytes.flip()).isSuccess();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "no stand-in for {0}: {1}", secondary.cidr(), e.getMessage());
            return false;
        }
    }

    private void putBack(Secondary secondary) {
        String outcome;
        try {
            Acknowledgement answer = addresses.add(secondary.payload());
            if (answer.isSuccess() || answer.errno() == Errno.EEXIST) {
                return;
            }
            outcome = answer.toString();
        } catch (IOException e) {
            outcome = e.getMessage();
        }
        LOGGER.log(
                Level.WARNING,
                "{0} of this host was removed by the kernel together with a virtual address and"
                        + " could not be put back: {1}; put it back by hand",
                secondary.cidr(),
                outcome);
    }

    private void removeStandIn(Secondary secondary) {
        AddressMessage message = secondary.message();
        try {
            addresses.delete(
                    message.index(), message.address(), message.address(), AddressForm.IPV4_BITS);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "a stand-in of {0}: {1}", secondary.cidr(), e.getMessage());
        }
    }
}
