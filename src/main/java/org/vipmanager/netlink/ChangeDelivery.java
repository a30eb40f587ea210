package org.vipmanager.netlink;

import org.vipmanager.control.AddressTable.Listener;
import org.vipmanager.control.Loop;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What follows from what others did: listeners are told, and our addresses take the form that fits.
 *
 * <p>By tasks of their own, never from inside another call. Used on the loop.
 */
final class ChangeDelivery {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private final Loop loop;
    private final InterfaceMonitor monitor;
    private final InterfaceTable table;
    private final WatchedAddresses watched;
    private final SecondaryProtection secondaries;
    private final AddressRemoval removal;
    private final BiFunction<WatchedAddress, KernelLifetime, PutResult> put;
    private boolean isDue;
    private boolean closed;

    /**
     * @param put puts an address in the form that fits
     */
    ChangeDelivery(
            Loop loop,
            InterfaceMonitor monitor,
            InterfaceTable table,
            WatchedAddresses watched,
            SecondaryProtection secondaries,
            AddressRemoval removal,
            BiFunction<WatchedAddress, KernelLifetime, PutResult> put) {
        this.loop = loop;
        this.monitor = monitor;
        this.table = table;
        this.watched = watched;
        this.secondaries = secondaries;
        this.removal = removal;
        this.put = put;
    }

    /** Delivers what has been read, soon, if there is anything. */
    void deliverSoon() {
        if (watched.haveChanged() && !isDue) {
            isDue = true;
            loop.execute(this::deliver);
        }
    }

    void deliver() {
        isDue = false;
        if (closed) {
            return;
        }
        if (watched.anyIsGone()) {
            // An interface that is set down loses its addresses before it tells that it is down.
            monitor.awaitChangeUnderWay();
        }
        watched.takeChangedLinks().forEach(this::deliverLink);
        watched.takeChangedAddresses().forEach(this::deliverAddress);
        watched.takeChangedSubnets().forEach(this::reshape);
        deliverSoon();
    }

    /** Delivers nothing any more. */
    void close() {
        closed = true;
    }

    private void deliverLink(WatchedInterface changed) {
        List<LinkChange> changes = changed.changesTo(table.link(changed.name));
        for (WatchedAddress address : List.copyOf(changed.addresses)) {
            removal.leaveRenamed(address);
            Listener listener = address.listener;
            for (LinkChange change : changes) {
                if (listener != null) {
                    listener.linkChanged(change);
                }
            }
        }
    }

    private void deliverAddress(WatchedAddress address) {
        InterfaceTable.Entry found = address.in(table);
        boolean wasPresent = address.present;
        boolean wasGone = address.wasGone;
        address.present = found != null;
        address.wasGone = false;
        Listener listener = address.listener;
        if (listener == null) {
            return;
        }
        if (found != null) {
            deliverFound(address, found, wasPresent, wasGone, listener);
        } else if (wasPresent) {
            LinkMessage link = table.link(address.vip.interfaceName());
            if (link != null && link.isUp()) {
                listener.addressGone();
            } else {
                listener.addressGoneWithLink();
            }
        }
    }

    /** One that is there already, but ends later or not at all any more, was put by others too. */
    private void deliverFound(
            WatchedAddress address,
            InterfaceTable.Entry found,
            boolean wasPresent,
            boolean wasGone,
            Listener listener) {
        FoundAddress there = found.asFoundAt(loop.now());
        if (!wasPresent || there.isPermanent() || address.isProlonged(found)) {
            address.knownSeconds = found.seconds();
            listener.addressAppeared(there);
        } else if (wasGone) {
            listener.addressReturned();
        }
    }

    /**
     * Puts addresses that are there into the forms that fit what others have of their subnets now.
     *
     * <p>The primary of a subnet last: to take it away before its secondaries costs the kernel the
     * routes of all of them, each time.
     */
    private void reshape(WatchedInterface changed) {
        LinkMessage link = table.link(changed.name);
        if (link == null) {
            return;
        }
        List<WatchedAddress> primaries = new ArrayList<>();
        for (WatchedAddress address : List.copyOf(changed.addresses)) {
            boolean isPrimary =
                    table.subnets()
                            .members(link.index(), address.subnet)
                            .isPrimary(address.vip.address());
            if (address.lifetime != null && isPrimary) {
                primaries.add(address);
            } else if (address.lifetime != null) {
                reshape(address, link);
            }
        }
        primaries.forEach(address -> reshape(address, link));
    }

    private void reshape(WatchedAddress address, LinkMessage link) {
        monitor.read(); // somebody may be removing one after the other: nothing is put back here
        KernelLifetime rule = address.lifetime;
        InterfaceTable.Entry present = address.asPutIn(table);
        if (rule == null || present == null) {
            return;
        }
        KernelLifetime lifetime = unprolonged(rule, present);
        secondaries.warn(address, link);
        AddressForm wanted = AddressForm.fitting(address, link, table.subnets());
        InterfaceTable.Entry same =
                table.address(link.index(), address.vip.address(), wanted.prefixLength());
        boolean fits =
                same != null
                        && same.message().has(AddressMessage.NO_PREFIX_ROUTE)
                                != wanted.bringsPrefixRoute();
        if (fits || !(put.apply(address, lifetime) instanceof PutResult.Done done)) {
            return;
        }
        // so that the listener learns that it was gone, or is
        address.wasGone |= done.created();
        if (lifetime.isStale(done, done.computedAt().plus(KernelLifetime.LONGEST_PUT))) {
            removal.remove(address).ifPresent(sentence -> LOGGER.log(Level.WARNING, sentence));
            watched.note(address);
            address.present = true;
        }
    }

    /**
     * The rule of the last put, decided on anew: the address is there already, and may change its
     * form at any time. But it must not end later for it, because a process that stood still may
     * come here before it asks who leads.
     */
    private KernelLifetime unprolonged(KernelLifetime rule, InterfaceTable.Entry present) {
        Moment now = loop.now();
        KernelLifetime anew = rule.decidedAt(now);
        return present.asFoundAt(now).validFor().map(anew::atMost).orElse(anew);
    }
}
