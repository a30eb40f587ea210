package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All of our addresses, by what the kernel's messages are about, and what is to be told of them.
 *
 * <p>It notes what changed, not what it changed to: that is compared when it is told, so that a
 * change that was undone meanwhile is none. Used on the loop.
 */
final class WatchedAddresses {

    private final InterfaceTable table;
    private final Map<VirtualIp, WatchedAddress> all = new LinkedHashMap<>();
    private final Map<InetAddress, List<WatchedAddress>> byAddress = new HashMap<>();
    private final Map<String, WatchedInterface> interfaces = new HashMap<>();

    private final Set<WatchedInterface> changedLinks = new LinkedHashSet<>();
    private final Set<WatchedAddress> changedAddresses = new LinkedHashSet<>();
    private final Set<WatchedInterface> changedSubnets = new LinkedHashSet<>();

    WatchedAddresses(InterfaceTable table) {
        this.table = table;
    }

    /** From now on it is one of ours, if it was not. */
    WatchedAddress add(VirtualIp vip) {
        WatchedAddress known = all.get(vip);
        if (known != null) {
            return known;
        }
        WatchedAddress address = new WatchedAddress(vip);
        all.put(vip, address);
        byAddress.computeIfAbsent(vip.address(), any -> new ArrayList<>(1)).add(address);
        interfaces
                .computeIfAbsent(
                        vip.interfaceName(), name -> new WatchedInterface(name, table.link(name)))
                .addresses
                .add(address);
        table.subnets().becomeOurs(vip.address());
        return address;
    }

    void remove(VirtualIp vip) {
        WatchedAddress address = all.remove(vip);
        if (address == null) {
            return;
        }
        address.listener = null;
        address.lifetime = null;
        changedAddresses.remove(address);
        byAddress.computeIfPresent(vip.address(), (any, some) -> without(address, some));
        interfaces.computeIfPresent(
                vip.interfaceName(),
                (any, link) -> without(address, link.addresses) == null ? null : link);
        if (!byAddress.containsKey(vip.address())) {
            table.subnets().becomeTheirs(vip.address());
        }
    }

    /** The table has taken this in. */
    void note(KernelChange change) {
        switch (change) {
            case KernelChange.Everything _ -> {
                changedLinks.addAll(interfaces.values());
                changedSubnets.addAll(interfaces.values());
                changedAddresses.addAll(all.values());
                all.values().forEach(address -> address.wasGone = true);
            }
            case KernelChange.Link link -> noteLink(link);
            case KernelChange.Address address -> {
                noteAddress(address.address().address());
                LinkMessage link = address.link();
                if (address.hasOtherCompany() && link != null) {
                    link.names().forEach(this::noteSubnet);
                }
            }
        }
    }

    /** One of ours may have come or gone. */
    void note(WatchedAddress address) {
        changedAddresses.add(address);
    }

    boolean haveChanged() {
        return !(changedLinks.isEmpty() && changedAddresses.isEmpty() && changedSubnets.isEmpty());
    }

    /** Whether one that was there is not any more. */
    boolean anyIsGone() {
        return changedAddresses.stream()
                .anyMatch(address -> address.present && address.in(table) == null);
    }

    List<WatchedInterface> takeChangedLinks() {
        return take(changedLinks);
    }

    List<WatchedAddress> takeChangedAddresses() {
        return take(changedAddresses);
    }

    /** Those with a subnet that gained or lost its first of ours, or of others. */
    List<WatchedInterface> takeChangedSubnets() {
        return take(changedSubnets);
    }

    private static <T> List<T> take(Set<T> changed) {
        List<T> taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    private static @Nullable List<WatchedAddress> without(
            WatchedAddress address, List<WatchedAddress> some) {
        some.remove(address);
        return some.isEmpty() ? null : some;
    }

    private void noteAddress(InetAddress address) {
        for (WatchedAddress ours : byAddress.getOrDefault(address, List.of())) {
            changedAddresses.add(ours);
            ours.wasGone |= ours.in(table) == null;
        }
    }

    private void noteSubnet(String interfaceName) {
        WatchedInterface watched = interfaces.get(interfaceName);
        if (watched != null) {
            changedSubnets.add(watched);
        }
    }

    private void noteLink(KernelChange.Link change) {
        LinkMessage before = change.before();
        for (String name : change.namesBefore()) {
            WatchedInterface watched = noteLink(name);
            if (watched != null && !change.isDeleted() && !change.names().contains(name)) {
                watched.newNameOfFormer = change.link().name();
            }
        }
        for (String name : change.names()) {
            WatchedInterface watched = noteLink(name);
            if (watched != null && before != null && !before.isCalled(name)) {
                watched.oldNameOfBearer = before.name();
            }
            if (watched != null) {
                watched.flapped |= !change.link().isReady();
            }
        }
        change.lost().forEach(this::noteAddress);
    }

    private @Nullable WatchedInterface noteLink(String name) {
        WatchedInterface watched = interfaces.get(name);
        if (watched != null) {
            changedLinks.add(watched);
            changedAddresses.addAll(watched.addresses);
        }
        return watched;
    }
}
