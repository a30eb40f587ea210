package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts our addresses, each in the form that harms nobody's.
 *
 * <p>What the kernel has is read before and after each request. Used on the loop.
 */
final class AddressKeeper {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private final RtnetlinkConnection connection;
    private final TimeSource time;
    private final AddressService addresses;
    private final KernelMirror mirror;
    private final KernelView view;
    private final PendingChanges changes;
    private final SubnetGuard guard;
    private final AddressRemoval removal;

    AddressKeeper(
            RtnetlinkConnection connection,
            AddressService addresses,
            KernelMirror mirror,
            KernelView view,
            PendingChanges changes,
            SubnetGuard guard,
            AddressRemoval removal) {
        this.connection = connection;
        time = connection.time();
        this.addresses = addresses;
        this.mirror = mirror;
        this.view = view;
        this.changes = changes;
        this.guard = guard;
        this.removal = removal;
    }

    PutResult put(WatchedAddress address, KernelLifetime lifetime) {
        Duration waited = connection.waited();
        mirror.read();
        LinkMessage link = view.link(address.vip.interfaceName());
        if (link == null) {
            String why =
                    mirror.isStale()
                            ? "which interfaces there are could not be read"
                            : "there is no interface of that name";
            return new PutResult.Failed("cannot put " + address.vip + ": " + why);
        }
        if (address.vip.isIpv6()) {
            clearTheWay(address.vip, link.index());
        }
        AddressForm form = formFor(address, link);
        boolean wasThere = address.in(view) != null;
        return switch (addresses.put(address.vip, link.index(), form, lifetime)) {
            case PutResult.Done done -> {
                boolean saidAll = isThere(address, link);
                boolean created = !wasThere || !saidAll || address.wasGone;
                address.wasGone = false;
                address.knownSeconds = done.seconds();
                removal.removeAllBut(form, address, link);
                guard.warn(address, link);
                yield new PutResult.Done(
                        done.computedAt(),
                        done.seconds(),
                        done.acknowledgedAt(),
                        created,
                        done.kernelTook());
            }
            case PutResult.TooLate _ -> new PutResult.TooLate(connection.waited().minus(waited));
            case PutResult.Failed failed -> failed;
        };
    }

    /**
     * The kernel has it now. Had it gone just before, the kernel has told that before it took the
     * put in.
     *
     * @return whether all has been read that the kernel has said
     */
    private boolean isThere(WatchedAddress address, LinkMessage link) {
        address.present = true;
        address.index = link.index();
        boolean saidAll = mirror.read();
        lookForUntold(address.vip, link.index());
        changes.address(address);
        return saidAll;
    }

    /**
     * Puts addresses that are there into the forms that fit what others have of their subnets now.
     *
     * <p>The primary of a subnet last: to take it away before its secondaries costs the kernel the
     * routes of all of them, each time.
     */
    void reshape(List<WatchedAddress> addresses, LinkMessage link) {
        List<WatchedAddress> primaries = new ArrayList<>();
        for (WatchedAddress address : addresses) {
            if (address.lifetime != null && guard.isPrimary(address, link)) {
                primaries.add(address);
            } else if (address.lifetime != null) {
                reshape(address, link);
            }
        }
        primaries.forEach(address -> reshape(address, link));
    }

    void rehearse(WatchedAddress address) {
        LinkMessage link = view.link(address.vip.interfaceName());
        addresses.rehearse(address.vip, link == null ? 1 : link.index());
        if (link != null) {
            guard.rehearse(link.name());
            AddressForm form = formFor(address, link);
            guard.isPrimary(address, link);
            AddressMessage message = AddressService.message(address.vip, link.index(), form);
            MessageIntake.rehearse(time, message);
        }
        address.in(view);
        mirror.awaitChangeUnderWay();
    }

    private void reshape(WatchedAddress address, LinkMessage link) {
        mirror.read(); // somebody may be removing one after the other: nothing is put back here
        KernelLifetime rule = address.lifetime;
        ObservedAddress present = address.asPutIn(view);
        if (rule == null || present == null) {
            return;
        }
        KernelLifetime lifetime = unprolonged(rule, present);
        guard.warn(address, link);
        AddressForm wanted = formFor(address, link);
        ObservedAddress same = form(address.vip, link.index(), wanted.prefixLength());
        boolean fits =
                same != null
                        && same.message().has(AddressMessage.NO_PREFIX_ROUTE)
                                != wanted.bringsPrefixRoute();
        if (fits || !(put(address, lifetime) instanceof PutResult.Done done)) {
            return;
        }
        // so that the listener learns that it was gone, or is
        address.wasGone |= done.created();
        if (lifetime.isStale(done, done.computedAt().plus(KernelLifetime.LONGEST_PUT))) {
            removal.remove(address).ifPresent(sentence -> LOGGER.log(Level.WARNING, sentence));
            address.present = true;
        }
    }

    /**
     * The rule of the last put, decided on anew: the address is there already, and may change its
     * form at any time. But it must not end later for it, because a process that stood still may
     * come here before it asks who leads.
     */
    private KernelLifetime unprolonged(KernelLifetime rule, ObservedAddress present) {
        Moment now = time.now();
        KernelLifetime anew = rule.decidedAt(now);
        return present.asFoundAt(now).validFor().map(anew::atMost).orElse(anew);
    }

    private AddressForm formFor(WatchedAddress address, LinkMessage link) {
        SubnetMembers members = view.subnet(link.index(), address.subnet);
        return AddressForm.of(
                address.vip,
                members.hasOthers(),
                view.othersWereThere(link.name(), address.subnet),
                members.hasOnlyAnotherOfOurs(address.vip.address()));
    }

    /**
     * In IPv6 an address is on an interface only once, whatever its prefix length, and one that has
     * failed duplicate address detection stays unusable when it is renewed: such a one has to go
     * first.
     */
    private void clearTheWay(VirtualIp vip, int index) {
        ObservedAddress own = form(vip, index, vip.prefixLength());
        if (own == null || own.isUnusable()) {
            for (ObservedAddress there : view.formsOf(index, vip.address())) {
                addresses.remove(vip, there.message());
            }
        }
    }

    /**
     * The kernel tells of a new IPv6 address only when its worker comes to it, after the
     * acknowledgement (addrconf_dad_work in net/ipv6/addrconf.c). Whether it is there can be asked
     * at once.
     */
    private void lookForUntold(VirtualIp vip, int index) {
        if (vip.isIpv6() && form(vip, index, vip.prefixLength()) == null) {
            addresses.findIpv6(vip, index)
                    .ifPresent(message -> view.putAddress(message, time.now()));
        }
    }

    private @Nullable ObservedAddress form(VirtualIp vip, int index, int prefixLength) {
        return view.address(index, vip.address(), prefixLength);
    }
}
