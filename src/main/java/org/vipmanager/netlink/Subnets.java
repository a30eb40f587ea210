package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who shares a subnet with whom on each interface: addresses of ours, and of others. */
final class Subnets {

    /** Enough to know that there were others; an interface may see very many in its time. */
    private static final int REMEMBERED_PER_SUBNET = 1000;

    private final Map<Integer, Map<Subnet, Members>> byLink = new HashMap<>();

    /**
     * IPv4 addresses of others since the start, by the name of the interface, which outlives it.
     */
    private final Map<String, Map<Subnet, Set<InetAddress>>> othersEver = new HashMap<>();

    private final Set<InetAddress> ours = new HashSet<>();

    /**
     * A network as the kernel sees it when it looks for an address's primary: same mask, same bits.
     *
     * @param network with zeros behind the prefix
     */
    record Subnet(InetAddress network, int prefixLength) {

        /** The one that the kernel counts it to: that of the other end, where there is one. */
        static Subnet of(AddressMessage message) {
            return of(message.peer(), message.prefixLength());
        }

        static Subnet of(InetAddress address, int prefixLength) {
            byte[] bytes = address.getAddress();
            for (int bit = prefixLength; bit < bytes.length * Byte.SIZE; bit++) {
                bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >>> (bit % Byte.SIZE));
            }
            try {
                return new Subnet(InetAddress.getByAddress(bytes), prefixLength);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
            }
        }
    }

    /** The addresses of one subnet on one interface. */
    static final class Members {

        private final Set<InetAddress> ours = new HashSet<>();
        private final Set<InetAddress> others = new HashSet<>();
        private @Nullable InetAddress primary;

        /** Whether its end takes the others along: the one IPv4 address that is no secondary. */
        boolean isPrimary(InetAddress address) {
            return address.equals(primary);
        }

        boolean hasOurs() {
            return !ours.isEmpty();
        }

        boolean hasOthers() {
            return !others.isEmpty();
        }

        /** Whether this one is not there, but another of ours is. */
        boolean hasOnlyAnotherOfOurs(InetAddress address) {
            return hasOurs() && !ours.contains(address);
        }

        int size() {
            return ours.size() + others.size();
        }

        private void add(InetAddress address, boolean isOurs, boolean isPrimary) {
            (isOurs ? ours : others).add(address);
            if (isPrimary) {
                primary = address;
            } else if (isPrimary(address)) {
                primary = null;
            }
        }

        private void remove(InetAddress address) {
            ours.remove(address);
            others.remove(address);
            if (isPrimary(address)) {
                primary = null;
            }
        }

        private void move(InetAddress address, Set<InetAddress> from, Set<InetAddress> to) {
            if (from.remove(address)) {
                to.add(address);
            }
        }
    }

    /** Nobody where there is no such subnet. */
    Members members(int index, Subnet subnet) {
        Members members = byLink.getOrDefault(index, Map.of()).get(subnet);
        return members == null ? new Members() : members;
    }

    boolean othersWereThere(String interfaceName, Subnet subnet) {
        return !othersEver
                .getOrDefault(interfaceName, Map.of())
                .getOrDefault(subnet, Set.of())
                .isEmpty();
    }

    boolean isOurs(InetAddress address) {
        return ours.contains(address);
    }

    /** From now on this address is one of ours, wherever it is. */
    void becomeOurs(InetAddress address) {
        if (!ours.add(address)) {
            return;
        }
        for (Map<Subnet, Members> onLink : byLink.values()) {
            onLink.values().forEach(m -> m.move(address, m.others, m.ours));
        }
        for (Map<Subnet, Set<InetAddress>> onName : othersEver.values()) {
            onName.values().forEach(ever -> ever.remove(address));
        }
    }

    /** From now on this address is none of ours. */
    void becomeTheirs(InetAddress address) {
        ours.remove(address);
        for (Map<Subnet, Members> onLink : byLink.values()) {
            onLink.values().forEach(m -> m.move(address, m.ours, m.others));
        }
    }

    /**
     * Takes in an address.
     *
     * @param link that it is on; null when that is not known
     * @return whether its subnet gained its first of ours, or of others
     */
    boolean add(AddressMessage message, @Nullable LinkMessage link) {
        boolean isOurs = ours.contains(message.address());
        Members members =
                byLink.computeIfAbsent(message.index(), index -> new HashMap<>())
                        .computeIfAbsent(Subnet.of(message), any -> new Members());
        boolean isFirst = isOurs ? !members.hasOurs() : !members.hasOthers();
        boolean isPrimary = message.isIpv4() && !message.has(AddressMessage.SECONDARY);
        members.add(message.address(), isOurs, isPrimary);
        if (!isOurs && message.isIpv4() && link != null) {
            remember(message, link.name());
        }
        return isFirst;
    }

    /** Returns whether its subnet lost its last of ours, or of others. */
    boolean remove(AddressMessage message) {
        Map<Subnet, Members> onLink = byLink.getOrDefault(message.index(), Map.of());
        Members members = onLink.get(Subnet.of(message));
        if (members == null) {
            return false;
        }
        boolean hadOthers = members.hasOthers();
        boolean hadOurs = members.hasOurs();
        members.remove(message.address());
        if (members.size() == 0) {
            onLink.remove(Subnet.of(message));
        }
        return hadOthers != members.hasOthers() || hadOurs != members.hasOurs();
    }

    void removeLink(int index) {
        byLink.remove(index);
    }

    /** Forgets who is there, to be told anew; not who was there. */
    void reset() {
        byLink.clear();
    }

    private void remember(AddressMessage message, String interfaceName) {
        Set<InetAddress> ever =
                othersEver
                        .computeIfAbsent(interfaceName, name -> new HashMap<>())
                        .computeIfAbsent(Subnet.of(message), any -> new HashSet<>());
        if (ever.size() < REMEMBERED_PER_SUBNET) {
            ever.add(message.address());
        }
    }
}
