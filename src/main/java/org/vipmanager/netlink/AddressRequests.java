package org.vipmanager.netlink;

import org.vipmanager.control.TimeSource;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.Errno;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** Single requests about an address of ours, with results that a person understands. */
final class AddressRequests {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    /** No interface has this index: the kernel counts up from 1. */
    private static final int NO_INTERFACE = Integer.MAX_VALUE;

    private final KernelRequests requests;
    private final KernelWait wait;
    private final TimeSource time;

    AddressRequests(KernelRequests requests, KernelWait wait) {
        this.requests = requests;
        this.wait = wait;
        time = wait.time();
    }

    /**
     * Prepares everything, then computes the lifetime, then sends: nothing comes in between.
     * Whether it was created is not known here.
     */
    PutResult put(VirtualIp vip, int index, AddressForm form, KernelLifetime lifetime) {
        int length = requests.preparePut(message(vip, index, form));
        Duration waited = wait.total();
        long computedAt = time.nowNanos();
        int seconds = lifetime.secondsAt(computedAt);
        if (seconds < 1) {
            return new PutResult.TooLate(Duration.ZERO);
        }
        requests.setValidSeconds(seconds);
        Acknowledgement answer;
        try {
            answer = requests.exchange(length);
        } catch (IOException e) {
            return new PutResult.Failed("cannot put " + vip + ": " + e.getMessage());
        }
        Moment acknowledgedAt = time.now();
        if (index != NO_INTERFACE && LOGGER.isLoggable(Level.DEBUG)) {
            String what = "put " + vip + " as /" + form.prefixLength();
            LOGGER.log(Level.DEBUG, what + " for " + seconds + " s: " + answer);
        }
        return answer.isSuccess()
                ? new PutResult.Done(
                        new Moment(computedAt),
                        seconds,
                        acknowledgedAt,
                        false,
                        wait.total().minus(waited))
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
            Acknowledgement answer = requests.delete(index, vip.address(), peer, prefixLength);
            if (index != NO_INTERFACE && LOGGER.isLoggable(Level.DEBUG)) {
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

    /** The index of the interface of that name, asked from the kernel. */
    Optional<Integer> findLink(String name) throws IOException {
        return requests.findLink(name);
    }

    /** Whether an IPv6 address is there, in whatever form. */
    Optional<AddressMessage> findIpv6(VirtualIp vip, int index) {
        try {
            return requests.findIpv6(index, vip.address());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "cannot look for " + vip + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Goes the way of a put and of a removal, on an interface that cannot exist.
     *
     * @param existing the index of an interface that does, for a request that succeeds
     */
    void rehearse(VirtualIp vip, int existing) {
        AddressForm form = AddressForm.of(vip, true, true, true);
        Moment soon = time.now().plus(Duration.ofSeconds(5));
        put(vip, NO_INTERFACE, form, new KernelLifetime(soon, soon, Duration.ofSeconds(1), soon));
        remove(vip, NO_INTERFACE, vip.prefixLength());
        try {
            if (vip.isIpv6()) {
                requests.findIpv6(existing, vip.address());
            }
            requests.touchLink(existing);
        } catch (IOException _) {
            // only the way to the kernel counts, and it has been gone
        }
    }

    /** With all that an IPv6 address needs, and every put: the mark, and no preferred lifetime. */
    static AddressMessage message(VirtualIp vip, int index, AddressForm form) {
        int flags = vip.isIpv6() ? AddressMessage.NO_DUPLICATE_DETECTION : 0;
        if (!form.bringsPrefixRoute()) {
            flags |= AddressMessage.NO_PREFIX_ROUTE;
        }
        return new AddressMessage(
                index,
                vip.address(),
                vip.address(),
                form.prefixLength(),
                flags,
                0,
                0,
                0,
                NetlinkAddressTable.ADDRESS_PROTOCOL);
    }
}
