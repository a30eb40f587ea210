package org.vipmanager.netlink;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.posix.Errno;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps the IPv4 addresses that the kernel would remove together with one of ours: its secondaries.
 *
 * <p>The kernel keeps them itself where {@code promote_secondaries} is set for the interface
 * (Documentation/networking/ip-sysctl.rst). Where that cannot be, each one of others gets a
 * stand-in, the same address as a single one (/32), so that it never leaves the host and no route
 * is lost that has it as source, or needs the interface to have an address (fib_del_ifaddr in
 * net/ipv4/fib_frontend.c). Then ours goes and takes them along; then each is put again with the
 * very bytes in which the kernel told of it: label, broadcast address, scope, flags, metric,
 * lifetime. The stand-ins end by themselves should this process end in between.
 *
 * <p>Our other addresses get none: after a standstill they might be put past their time. Whoever
 * holds one is told that it is gone, and puts it again if it still may.
 */
final class SecondaryProtection {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");
    private static final int STAND_IN_SECONDS = 5;
    private static final int LARGEST_ADDRESS = 256;

    private final AddressService addresses;
    private final Subnets subnets;
    private final Set<String> warnedOf = new HashSet<>();

    /** As the kernel told of it; {@code payload} is the whole of it. */
    private record Secondary(AddressMessage message, ByteBuffer payload) {

        String cidr() {
            return PrintedAddress.of(message.address()) + "/" + message.prefixLength();
        }
    }

    SecondaryProtection(AddressService addresses, Subnets subnets) {
        this.addresses = addresses;
        this.subnets = subnets;
    }

    /** One warning for an interface on which somebody else's address is secondary to ours. */
    void warn(WatchedAddress address, LinkMessage link) {
        Subnets.Members members = subnets.members(link.index(), address.subnet);
        boolean harms = members.isPrimary(address.vip.address()) && members.hasOthers();
        if (!harms || isKept(link.name())) {
            return;
        }
        Optional<String> trouble = keep(link.name());
        if (trouble.isPresent()) {
            tellThatItCannotBeSet(link, trouble.get());
        } else if (warnedOf.add(link.name())) {
            LOGGER.log(
                    Level.WARNING,
                    "another address of its subnet has become secondary to "
                            + address.vip
                            + " and would be removed with it: promote_secondaries=1 has been set"
                            + " for that interface; give the host its own address before"
                            + " vip-manager starts, or set net.ipv4.conf.all.promote_secondaries=1"
                            + " yourself");
        }
    }

    /**
     * Before one of ours goes: whatever is secondary to it, another of ours too, shall stay.
     *
     * @return whether the kernel will keep it
     */
    boolean prepareRemoval(AddressMessage form, LinkMessage link) {
        Subnets.Members members = subnets.members(link.index(), Subnets.Subnet.of(form));
        if (!members.isPrimary(form.address()) || members.size() < 2) {
            return true;
        }
        Optional<String> trouble = keep(link.name());
        trouble.ifPresent(why -> tellThatItCannotBeSet(link, why));
        return trouble.isEmpty();
    }

    /** Does the removal of one of ours, and returns its outcome. */
    Optional<String> during(
            AddressMessage form, LinkMessage link, Supplier<Optional<String>> removal) {
        if (prepareRemoval(form, link)) {
            return removal.get();
        }
        List<Secondary> secondaries = secondariesTo(form);
        List<Secondary> withStandIn = secondaries.stream().filter(this::addStandIn).toList();
        Optional<String> trouble = removal.get();
        secondaries.forEach(this::putBack);
        withStandIn.forEach(this::removeStandIn);
        return trouble;
    }

    /** Whether the kernel keeps the secondaries of what it removes from this interface. */
    boolean isKept(String interfaceName) {
        return isOne(setting(interfaceName)) || isOne(setting("all"));
    }

    /**
     * Sees to that where it is allowed.
     *
     * @return empty when it is so now, or why it could not be set
     */
    private Optional<String> keep(String interfaceName) {
        if (isKept(interfaceName)) {
            return Optional.empty();
        }
        try {
            Files.writeString(setting(interfaceName), "1\n");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("could not write 1 to " + e.getMessage());
        }
    }

    private static boolean isOne(Path file) {
        try {
            return Files.readString(file).startsWith("1");
        } catch (IOException _) {
            return false; // gone with its interface, or not shown to us
        }
    }

    private static Path setting(String interfaceName) {
        return SETTINGS.resolve(interfaceName).resolve("promote_secondaries");
    }

    private void tellThatItCannotBeSet(LinkMessage link, String why) {
        if (warnedOf.add(link.name())) {
            LOGGER.log(
                    Level.WARNING,
                    "on "
                            + link.name()
                            + " other addresses are secondary to a virtual one, and the kernel"
                            + " removes them with it because promote_secondaries=1 cannot be set: "
                            + why
                            + "; when the address is released the others are put back, but not"
                            + " when it expires because this daemon was killed: set"
                            + " net.ipv4.conf.all.promote_secondaries=1 from outside of the"
                            + " container, or give the host its own address before vip-manager"
                            + " starts");
        }
    }

    /** In the order in which the kernel has them: the next one becomes the primary. */
    private List<Secondary> secondariesTo(AddressMessage primary) {
        List<Secondary> found = new ArrayList<>();
        try {
            addresses.dump(
                    AddressMessage.AF_INET,
                    told ->
                            AddressMessage.of(told)
                                    .filter(other -> other.index() == primary.index())
                                    .filter(other -> other.has(AddressMessage.SECONDARY))
                                    .filter(
                                            other ->
                                                    Subnets.Subnet.of(other)
                                                            .equals(Subnets.Subnet.of(primary)))
                                    .filter(other -> !subnets.isOurs(other.address()))
                                    .map(other -> new Secondary(other, bytesOf(told)))
                                    .ifPresent(found::add));
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "cannot tell which addresses the kernel removes together with {0}, so that none"
                            + " of them is put back: {1}",
                    PrintedAddress.of(primary.address()),
                    e.getMessage());
        }
        return found;
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
                        AddressService.PROTOCOL);
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
            NetlinkMessage.Acknowledgement answer = addresses.add(secondary.payload());
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
