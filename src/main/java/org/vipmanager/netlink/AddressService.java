package org.vipmanager.netlink;

import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.netlink.protocol.RtnetlinkConnection;
import org.vipmanager.posix.Errno;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Single requests about addresses, with results that a person understands. */
final class AddressService {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    /**
     * IFA_PROTO of our addresses, by which {@code ip -d address} tells them apart; 1 to 3 are the
     * kernel's. Kernels before 5.18 do not know the attribute and pass over it.
     */
    static final int PROTOCOL = 86;

    private final RtnetlinkConnection connection;

    AddressService(RtnetlinkConnection connection) {
        this.connection = connection;
    }

    /**
     * Puts an address, or renews it when it is there. Prepares everything, then computes the
     * lifetime, then sends: nothing comes in between. Whether it was created is not known here.
     */
    PutResult put(VirtualIp vip, int index, AddressForm form, KernelLifetime lifetime) {
        ByteBuffer request =
                begin(NetlinkMessage.NEW_ADDRESS, NetlinkMessage.REPLACE | NetlinkMessage.CREATE);
        message(vip, index, form).encode(request);
        Duration waited = connection.waited();
        long computedAt = connection.time().nowNanos();
        int seconds = lifetime.secondsAt(computedAt);
        if (seconds < 1) {
            return new PutResult.TooLate(Duration.ZERO);
        }
        request.putInt(AddressMessage.VALID_SECONDS_OFFSET, seconds);
        NetlinkMessage.Acknowledgement answer;
        try {
            answer = connection.exchange();
        } catch (IOException e) {
            return new PutResult.Failed("cannot put " + vip + ": " + e.getMessage());
        }
        Moment acknowledgedAt = connection.time().now();
        if (LOGGER.isLoggable(Level.DEBUG)) {
            String what = "put " + vip + " as /" + form.prefixLength();
            LOGGER.log(Level.DEBUG, what + " for " + seconds + " s: " + answer);
        }
        return answer.isSuccess()
                ? new PutResult.Done(
                        new Moment(computedAt),
                        seconds,
                        acknowledgedAt,
                        false,
                        connection.waited().minus(waited))
                : new PutResult.Failed("cannot put " + vip + ": " + answer);
    }

    /** Takes one form of the address away; empty when it is gone, however that came about. */
    Optional<String> remove(VirtualIp vip, int index, int prefixLength) {
        return remove(vip, index, prefixLength, vip.address());
    }

    /** Takes the address away in the form that the kernel told of. */
    Optional<String> remove(VirtualIp vip, AddressMessage form) {
        return remove(vip, form.index(), form.prefixLength(), form.peer());
    }

    private Optional<String> remove(VirtualIp vip, int index, int prefixLength, InetAddress peer) {
        try {
            NetlinkMessage.Acknowledgement answer =
                    delete(index, vip.address(), peer, prefixLength);
            if (LOGGER.isLoggable(Level.DEBUG)) {
                LOGGER.log(Level.DEBUG, "remove " + vip + " as /" + prefixLength + ": " + answer);
            }
            boolean isGone =
                    answer.isSuccess()
                            || answer.errno() == Errno.EADDRNOTAVAIL
                            || answer.errno() == Errno.ENODEV;
            return isGone ? Optional.empty() : Optional.of("cannot remove " + vip + ": " + answer);
        } catch (IOException e) {
            return Optional.of("cannot remove " + vip + ": " + e.getMessage());
        }
    }

    /**
     * Puts an address that is not there; EEXIST when it is.
     *
     * @param payload of a message in which the kernel told of it, or such a one: all that is left
     *     in the buffer
     */
    NetlinkMessage.Acknowledgement add(ByteBuffer payload) throws IOException {
        begin(NetlinkMessage.NEW_ADDRESS, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE)
                .put(payload);
        return connection.exchange();
    }

    /**
     * Takes exactly this address with exactly this prefix length away.
     *
     * @param peer the same address, but for one with another end (see {@link AddressMessage#peer})
     */
    NetlinkMessage.Acknowledgement delete(
            int index, InetAddress address, InetAddress peer, int prefixLength) throws IOException {
        new AddressMessage(index, address, peer, prefixLength, 0, 0, 0, 0, 0)
                .encode(begin(NetlinkMessage.DELETE_ADDRESS, 0));
        return connection.exchange();
    }

    /** Looks for an IPv6 address, in whatever form; IPv4 can only be asked for all of them. */
    Optional<AddressMessage> findIpv6(VirtualIp vip, int index) {
        try {
            ByteBuffer request = connection.begin(NetlinkMessage.GET_ADDRESS, 0);
            AddressMessage.encodeQuestion(request, index, vip.address());
            NetlinkMessage answer = connection.ask(NetlinkMessage.NEW_ADDRESS);
            return answer.type() == NetlinkMessage.NEW_ADDRESS
                    ? Optional.of(AddressMessage.parse(answer.payload()))
                    : Optional.empty();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "cannot look for " + vip + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Every address of both families. */
    List<AddressMessage> list() throws IOException {
        List<AddressMessage> all = new ArrayList<>();
        for (int family : List.of(AddressMessage.AF_INET, AddressMessage.AF_INET6)) {
            dump(family, message -> AddressMessage.of(message).ifPresent(all::add));
        }
        return all;
    }

    /** Hands over every address of a family. */
    void dump(int family, Consumer<NetlinkMessage> each) throws IOException {
        connection.dump(
                NetlinkMessage.GET_ADDRESS,
                question -> AddressMessage.encodeQuestion(question, family, 0),
                each);
    }

    /** With all that an IPv6 address needs, and every put: the mark, and no preferred lifetime. */
    static AddressMessage message(VirtualIp vip, int index, AddressForm form) {
        int flags = vip.isIpv6() ? AddressMessage.NO_DUPLICATE_DETECTION : 0;
        if (!form.bringsPrefixRoute()) {
            flags |= AddressMessage.NO_PREFIX_ROUTE;
        }
        return new AddressMessage(
                index, vip.address(), vip.address(), form.prefixLength(), flags, 0, 0, 0, PROTOCOL);
    }

    private ByteBuffer begin(int type, int flags) {
        return connection.begin(type, flags | NetlinkMessage.ACKNOWLEDGE);
    }
}
