package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All of our addresses, by what the kernel's messages are about. */
final class WatchedAddresses {

    private final Map<VirtualIp, WatchedAddress> all = new LinkedHashMap<>();
    private final Map<InetAddress, List<WatchedAddress>> byAddress = new HashMap<>();
    private final Map<String, List<WatchedAddress>> byInterface = new HashMap<>();

    /** Null for one that has not been added. */
    @Nullable WatchedAddress get(VirtualIp vip) {
        return all.get(vip);
    }

    WatchedAddress add(VirtualIp vip) {
        WatchedAddress address = new WatchedAddress(vip);
        all.put(vip, address);
        byAddress.computeIfAbsent(vip.address(), any -> new ArrayList<>()).add(address);
        byInterface.computeIfAbsent(vip.interfaceName(), any -> new ArrayList<>()).add(address);
        return address;
    }

    void remove(WatchedAddress address) {
        all.remove(address.vip);
        removeFrom(byAddress, address.vip.address(), address);
        removeFrom(byInterface, address.vip.interfaceName(), address);
    }

    Collection<WatchedAddress> all() {
        return List.copyOf(all.values());
    }

    Set<String> interfaceNames() {
        return Set.copyOf(byInterface.keySet());
    }

    boolean areOn(String interfaceName) {
        return byInterface.containsKey(interfaceName);
    }

    /** Those on an interface of that name. */
    List<WatchedAddress> on(String interfaceName) {
        return List.copyOf(byInterface.getOrDefault(interfaceName, List.of()));
    }

    /** Those with that address, on whatever interface. */
    List<WatchedAddress> with(InetAddress address) {
        return byAddress.getOrDefault(address, List.of());
    }

    private static <K> void removeFrom(
            Map<K, List<WatchedAddress>> index, K key, WatchedAddress address) {
        List<WatchedAddress> left = new ArrayList<>(index.getOrDefault(key, List.of()));
        left.remove(address);
        if (left.isEmpty()) {
            index.remove(key);
        } else {
            index.put(key, left);
        }
    }
}
