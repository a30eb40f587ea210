package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What was read from the kernel about our addresses and their interfaces, and has not been told
 * yet.
 *
 * <p>It names what changed, not what it changed to: that is compared when it is told, so that a
 * change that was undone meanwhile is none.
 */
final class PendingChanges {

    private final WatchedAddresses watched;
    private final KernelView view;
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Set<WatchedAddress> addresses = new LinkedHashSet<>();
    private final Set<String> subnets = new LinkedHashSet<>();

    /** An interface name whose bearer changed. */
    static final class Link {
        final @Nullable LinkMessage before;
        @Nullable String oldNameOfAfter;
        @Nullable String newNameOfBefore;
        boolean flapped;

        private Link(@Nullable LinkMessage before) {
            this.before = before;
        }
    }

    PendingChanges(WatchedAddresses watched, KernelView view) {
        this.watched = watched;
        this.view = view;
    }

    boolean isEmpty() {
        return links.isEmpty() && addresses.isEmpty() && subnets.isEmpty();
    }

    void address(WatchedAddress address) {
        addresses.add(address);
    }

    /** The view has taken in something about this address. */
    void address(InetAddress address) {
        for (WatchedAddress ours : watched.with(address)) {
            addresses.add(ours);
            ours.wasGone |= ours.in(view) == null;
        }
    }

    void forget(WatchedAddress address) {
        addresses.remove(address);
    }

    /** Who is in a subnet on that interface. */
    void subnet(LinkMessage link) {
        for (String name : link.names()) {
            if (watched.areOn(name)) {
                subnets.add(name);
            }
        }
    }

    /** The view is going to take this in. */
    void link(LinkMessage link, boolean isDeleted) {
        LinkMessage before = view.link(link.index());
        Set<String> oldNames = before == null ? Set.of() : before.names();
        Set<String> newNames = isDeleted ? Set.of() : link.names();
        for (String name : oldNames) {
            Link pending = pending(name);
            if (!isDeleted && !newNames.contains(name)) {
                pending.newNameOfBefore = link.name();
            }
            addresses.addAll(watched.on(name));
        }
        for (String name : newNames) {
            Link pending = pending(name);
            if (before != null && !oldNames.contains(name)) {
                pending.oldNameOfAfter = before.name();
            }
            pending.flapped |= !link.isReady();
            addresses.addAll(watched.on(name));
        }
    }

    /** The view is going to be read anew: what came and went meanwhile, nobody knows. */
    void everything() {
        watched.interfaceNames().forEach(this::pending);
        subnets.addAll(watched.interfaceNames());
        for (WatchedAddress address : watched.all()) {
            addresses.add(address);
            address.wasGone = true;
        }
    }

    Map<String, Link> takeLinks() {
        Map<String, Link> taken = new LinkedHashMap<>(links);
        links.clear();
        return taken;
    }

    boolean anyAddress(Predicate<WatchedAddress> condition) {
        return addresses.stream().anyMatch(condition);
    }

    List<WatchedAddress> takeAddresses() {
        List<WatchedAddress> taken = List.copyOf(addresses);
        addresses.clear();
        return taken;
    }

    List<String> takeSubnets() {
        List<String> taken = List.copyOf(subnets);
        subnets.clear();
        return taken;
    }

    /** Not kept for the names of interfaces that carry none of ours. */
    private Link pending(String name) {
        Link fresh = new Link(view.link(name));
        if (!watched.areOn(name)) {
            return fresh;
        }
        Link already = links.putIfAbsent(name, fresh);
        return already == null ? fresh : already;
    }
}
