package org.vipmanager.netlink;

import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Takes our addresses away, in every form that they have.
 *
 * <p>Each request names one form exactly, and one that is not there is no error. Used on the loop.
 */
final class AddressRemoval {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private final AddressService addresses;
    private final LinkService links;
    private final InterfaceMonitor monitor;
    private final InterfaceTable table;
    private final SecondaryProtection secondaries;

    AddressRemoval(
            AddressService addresses,
            LinkService links,
            InterfaceMonitor monitor,
            InterfaceTable table,
            SecondaryProtection secondaries) {
        this.addresses = addresses;
        this.links = links;
        this.monitor = monitor;
        this.table = table;
        this.secondaries = secondaries;
    }

    /** Returns empty only when it is certain that the address is gone from its interface. */
    Optional<String> remove(WatchedAddress address) {
        boolean allIsSeen = monitor.read() && !monitor.isStale();
        Optional<String> trouble = allIsSeen ? removeSeen(address) : removeUnseen(address);
        monitor.read();
        // After a refusal it is no news that it is there; after a success it would be.
        address.present = trouble.isPresent() && address.in(table) != null;
        address.wasGone = false;
        address.knownSeconds = trouble.isPresent() ? address.knownSeconds : 0;
        return trouble;
    }

    /** An interface that is called otherwise now is not ours to hold an address on. */
    void leaveRenamed(WatchedAddress address) {
        LinkMessage bearer = table.link(address.index);
        if (address.lifetime != null
                && bearer != null
                && !bearer.isCalled(address.vip.interfaceName())) {
            removeFrom(address, bearer).ifPresent(s -> LOGGER.log(Level.WARNING, s));
            address.index = 0;
        }
    }

    /** Leaves the address in one form only. */
    void removeAllBut(AddressForm form, WatchedAddress address, LinkMessage link) {
        for (InterfaceTable.Entry other : table.formsOf(link.index(), address.vip.address())) {
            if (other.message().prefixLength() != form.prefixLength()) {
                remove(address.vip, other.message(), link)
                        .ifPresent(sentence -> LOGGER.log(Level.WARNING, sentence));
                monitor.read();
            }
        }
    }

    private Optional<String> removeSeen(WatchedAddress address) {
        LinkMessage link = table.link(address.vip.interfaceName());
        LinkMessage before = table.link(address.index);
        Optional<String> trouble = Optional.empty();
        if (link != null) {
            trouble = removeFrom(address, link);
        }
        if (before != null && (link == null || link.index() != before.index())) {
            trouble = firstOf(trouble, removeFrom(address, before));
        }
        return trouble;
    }

    /**
     * Whatever prefix length it has there: another program, or an earlier configuration, may have
     * put it with another one. Its own form is removed even where none is known, which costs little
     * and leaves no doubt.
     */
    private Optional<String> removeFrom(WatchedAddress address, LinkMessage link) {
        VirtualIp vip = address.vip;
        Optional<String> trouble = Optional.empty();
        for (InterfaceTable.Entry form : table.formsOf(link.index(), vip.address())) {
            trouble = firstOf(trouble, remove(vip, form.message(), link));
        }
        if (table.address(link.index(), vip.address(), vip.prefixLength()) == null) {
            trouble = firstOf(trouble, addresses.remove(vip, link.index(), vip.prefixLength()));
        }
        return trouble;
    }

    private Optional<String> remove(VirtualIp vip, AddressMessage form, LinkMessage link) {
        return secondaries.during(form, link, () -> addresses.remove(vip, form));
    }

    /**
     * Where the table is not true the interface is asked for by name, and every prefix length that
     * there can be is tried: 33 requests, or 129, of some microseconds.
     */
    private Optional<String> removeUnseen(WatchedAddress address) {
        VirtualIp vip = address.vip;
        LinkMessage seen = table.link(vip.interfaceName());
        if (seen != null) {
            table.formsOf(seen.index(), vip.address())
                    .forEach(form -> secondaries.prepareRemoval(form.message(), seen));
        }
        Set<Integer> indexes = new LinkedHashSet<>();
        try {
            links.find(vip.interfaceName()).ifPresent(indexes::add);
        } catch (IOException e) {
            return Optional.of("cannot remove " + vip + ": " + e.getMessage());
        }
        if (address.index > 0) {
            indexes.add(address.index);
        }
        Optional<String> trouble = Optional.empty();
        for (int index : indexes) {
            trouble = firstOf(trouble, removeEveryForm(vip, index));
        }
        return trouble;
    }

    private Optional<String> removeEveryForm(VirtualIp vip, int index) {
        Optional<String> trouble = Optional.empty();
        for (int length = AddressForm.hostPrefixLength(vip); length >= 0; length--) {
            trouble = firstOf(trouble, addresses.remove(vip, index, length));
        }
        if (trouble.isEmpty()) {
            table.formsOf(index, vip.address()).forEach(form -> table.remove(form.message()));
        }
        return trouble;
    }

    /** The rest is removed all the same; what people are told is what went wrong first. */
    private static Optional<String> firstOf(Optional<String> trouble, Optional<String> another) {
        return trouble.isPresent() ? trouble : another;
    }
}
