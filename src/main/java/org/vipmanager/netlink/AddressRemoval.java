package org.vipmanager.netlink;

import org.vipmanager.core.VirtualIp;

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

    private final AddressRequests requests;
    private final KernelMirror mirror;
    private final KernelView view;
    private final PendingChanges changes;
    private final SubnetGuard guard;

    AddressRemoval(
            AddressRequests requests,
            KernelMirror mirror,
            KernelView view,
            PendingChanges changes,
            SubnetGuard guard) {
        this.requests = requests;
        this.mirror = mirror;
        this.view = view;
        this.changes = changes;
        this.guard = guard;
    }

    /** Returns empty only when it is certain that the address is gone from its interface. */
    Optional<String> remove(WatchedAddress address) {
        mirror.read();
        Optional<String> trouble = mirror.isStale() ? removeUnseen(address) : removeSeen(address);
        mirror.read();
        // After a refusal it is no news that it is there; after a success it would be.
        address.present = trouble.isPresent() && address.in(view) != null;
        changes.address(address);
        return trouble;
    }

    /** An interface that is called otherwise now is not ours to hold an address on. */
    void leaveRenamed(WatchedAddress address) {
        LinkMessage bearer = view.link(address.index);
        if (address.lifetime != null
                && bearer != null
                && !bearer.name().equals(address.vip.interfaceName())) {
            removeFrom(address, bearer.index()).ifPresent(s -> LOGGER.log(Level.WARNING, s));
            address.index = 0;
        }
    }

    /** Leaves the address in one form only. */
    void removeAllBut(AddressForm form, WatchedAddress address, LinkMessage link) {
        for (int other : address.prefixLengths) {
            if (other != form.prefixLength() && isThere(address.vip, link.index(), other)) {
                guard.prepareRemoval(address, link);
                requests.remove(address.vip, link.index(), other)
                        .ifPresent(sentence -> LOGGER.log(Level.WARNING, sentence));
                mirror.read();
            }
        }
    }

    private Optional<String> removeSeen(WatchedAddress address) {
        LinkMessage link = view.link(address.vip.interfaceName());
        Optional<String> trouble = Optional.empty();
        if (link != null) {
            guard.prepareRemoval(address, link);
            trouble = removeFrom(address, link.index());
        }
        boolean isElsewhere = link == null || link.index() != address.index;
        if (isElsewhere && view.link(address.index) != null) {
            Optional<String> sentence = removeFrom(address, address.index);
            trouble = trouble.or(() -> sentence);
        }
        return trouble;
    }

    /** Its own form is removed even where none is known: that costs little and leaves no doubt. */
    private Optional<String> removeFrom(WatchedAddress address, int index) {
        Optional<String> trouble = Optional.empty();
        for (int prefixLength : address.prefixLengths) {
            boolean isOwn = prefixLength == address.vip.prefixLength();
            if (isOwn || isThere(address.vip, index, prefixLength)) {
                Optional<String> sentence = requests.remove(address.vip, index, prefixLength);
                trouble = trouble.or(() -> sentence);
            }
        }
        return trouble;
    }

    private boolean isThere(VirtualIp vip, int index, int prefixLength) {
        return view.address(index, vip.address(), prefixLength) != null;
    }

    /**
     * Where the view is not true the interface is asked for by name, and every prefix length that
     * there can be is tried: 33 requests, or 129, of some microseconds.
     */
    private Optional<String> removeUnseen(WatchedAddress address) {
        VirtualIp vip = address.vip;
        LinkMessage seen = view.link(vip.interfaceName());
        if (seen != null) {
            guard.prepareRemoval(address, seen);
        }
        Set<Integer> indexes = new LinkedHashSet<>();
        try {
            requests.findLink(vip.interfaceName()).ifPresent(indexes::add);
        } catch (IOException e) {
            return Optional.of("cannot remove " + vip + ": " + e.getMessage());
        }
        if (address.index > 0) {
            indexes.add(address.index);
        }
        Optional<String> trouble = Optional.empty();
        for (int index : indexes) {
            Optional<String> sentence = removeEveryForm(vip, index);
            trouble = trouble.or(() -> sentence);
        }
        return trouble;
    }

    private Optional<String> removeEveryForm(VirtualIp vip, int index) {
        Optional<String> trouble = Optional.empty();
        for (int length = AddressForm.hostPrefixLength(vip); length >= 0; length--) {
            Optional<String> sentence = requests.remove(vip, index, length);
            trouble = trouble.or(() -> sentence);
        }
        if (trouble.isEmpty()) {
            view.formsOf(index, vip.address()).forEach(form -> view.removeAddress(form.message()));
        }
        return trouble;
    }
}
