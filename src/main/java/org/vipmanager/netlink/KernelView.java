package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Moment;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the kernel has, as far as its messages have been read: interfaces, their addresses, and who
 * shares a subnet with whom.
 *
 * <p>Every message costs the same, however many addresses there are. No sockets; used on the loop.
 */
final class KernelView {

    /** Enough to know that there were others; an interface may see very many in its time. */
    private static final int REMEMBERED_PER_SUBNET = 1000;

    private final Map<Integer, LinkMessage> links = new HashMap<>();
    private final Map<String, LinkMessage> linksByName = new HashMap<>();

    /** Of altnames alone; read by other threads too. */
    private final Map<String, String> shortNames = new ConcurrentHashMap<>();

    /** By interface, address and prefix length. */
    private final Map<Integer, Map<InetAddress, NavigableMap<Integer, ObservedAddress>>> addresses =
            new HashMap<>();

    private final Map<Integer, Map<Subnet, SubnetMembers>> subnets = new HashMap<>();

    /**
     * IPv4 addresses of others since the start, by the name of the interface, which outlives it.
     */
    private final Map<String, Map<Subnet, Set<InetAddress>>> othersEver = new HashMap<>();

    private final Set<InetAddress> ours = new HashSet<>();

    @Nullable LinkMessage link(String name) {
        return linksByName.get(name);
    }

    /** What is called so is called this in 15 bytes; callable from any thread. */
    String shortName(String name) {
        return shortNames.getOrDefault(name, name);
    }

    @Nullable LinkMessage link(int index) {
        return links.get(index);
    }

    Collection<LinkMessage> links() {
        return List.copyOf(links.values());
    }

    @Nullable ObservedAddress address(int index, InetAddress address, int prefixLength) {
        return forms(index, address).get(prefixLength);
    }

    /** Every form of an address on an interface, the shortest prefix first. */
    List<ObservedAddress> formsOf(int index, InetAddress address) {
        return List.copyOf(forms(index, address).values());
    }

    SubnetMembers subnet(int index, Subnet subnet) {
        SubnetMembers members = subnets.getOrDefault(index, Map.of()).get(subnet);
        return members == null ? new SubnetMembers() : members;
    }

    boolean othersWereThere(String interfaceName, Subnet subnet) {
        Set<InetAddress> ever =
                othersEver.getOrDefault(interfaceName, Map.of()).getOrDefault(subnet, Set.of());
        return !ever.isEmpty();
    }

    boolean isOurs(InetAddress address) {
        return ours.contains(address);
    }

    /** From now on this address is one of ours, wherever it is. */
    void becomeOurs(InetAddress address) {
        if (!ours.add(address)) {
            return;
        }
        for (Map<Subnet, SubnetMembers> onLink : subnets.values()) {
            onLink.values().forEach(members -> members.becomeOurs(address));
        }
        for (Map<Subnet, Set<InetAddress>> onName : othersEver.values()) {
            onName.values().forEach(ever -> ever.remove(address));
        }
    }

    /** From now on this address is none of ours. */
    void becomeTheirs(InetAddress address) {
        ours.remove(address);
        for (Map<Subnet, SubnetMembers> onLink : subnets.values()) {
            onLink.values().forEach(members -> members.becomeTheirs(address));
        }
    }

    void putLink(LinkMessage link) {
        LinkMessage before = links.put(link.index(), link);
        if (before != null) {
            unname(before);
        }
        link.names().forEach(name -> linksByName.put(name, link));
        link.alternativeNames().forEach(name -> shortNames.put(name, link.name()));
    }

    /** Forgets an interface and its addresses, which are returned. */
    Collection<InetAddress> removeLink(int index) {
        LinkMessage before = links.remove(index);
        if (before != null) {
            unname(before);
        }
        subnets.remove(index);
        Map<InetAddress, ?> gone = addresses.remove(index);
        return gone == null ? List.of() : List.copyOf(gone.keySet());
    }

    /** Returns whether its subnet gained or lost its first of ours, or of others. */
    boolean putAddress(AddressMessage message, Moment at) {
        addresses
                .computeIfAbsent(message.index(), index -> new HashMap<>())
                .computeIfAbsent(message.address(), address -> new TreeMap<>())
                .put(message.prefixLength(), new ObservedAddress(message, at));
        boolean isOurs = ours.contains(message.address());
        Subnet subnet = Subnet.of(message.peer(), message.prefixLength());
        SubnetMembers members =
                subnets.computeIfAbsent(message.index(), index -> new HashMap<>())
                        .computeIfAbsent(subnet, any -> new SubnetMembers());
        boolean hadOthers = members.hasOthers();
        boolean hadOurs = members.hasOurs();
        boolean isPrimary = message.isIpv4() && !message.has(AddressMessage.SECONDARY);
        members.add(message.address(), isOurs, isPrimary);
        if (!isOurs && message.isIpv4()) {
            remember(message, subnet);
        }
        return hadOthers != members.hasOthers() || hadOurs != members.hasOurs();
    }

    /** Returns whether its subnet gained or lost its first of ours, or of others. */
    boolean removeAddress(AddressMessage message) {
        Map<InetAddress, NavigableMap<Integer, ObservedAddress>> onLink =
                addresses.getOrDefault(message.index(), Map.of());
        NavigableMap<Integer, ObservedAddress> forms = onLink.get(message.address());
        if (forms != null) {
            forms.remove(message.prefixLength());
            if (forms.isEmpty()) {
                onLink.remove(message.address());
            }
        }
        Subnet subnet = Subnet.of(message.peer(), message.prefixLength());
        Map<Subnet, SubnetMembers> onSubnets = subnets.get(message.index());
        SubnetMembers members = onSubnets == null ? null : onSubnets.get(subnet);
        if (onSubnets == null || members == null) {
            return false;
        }
        boolean hadOthers = members.hasOthers();
        boolean hadOurs = members.hasOurs();
        members.remove(message.address());
        if (members.size() == 0) {
            onSubnets.remove(subnet);
        }
        return hadOthers != members.hasOthers() || hadOurs != members.hasOurs();
    }

    /** Forgets what there is, to be told anew; not what there was. */
    void reset() {
        links.clear();
        linksByName.clear();
        shortNames.clear();
        addresses.clear();
        subnets.clear();
    }

    private NavigableMap<Integer, ObservedAddress> forms(int index, InetAddress address) {
        return addresses
                .getOrDefault(index, Map.of())
                .getOrDefault(address, Collections.emptyNavigableMap());
    }

    private void remember(AddressMessage message, Subnet subnet) {
        LinkMessage link = links.get(message.index());
        if (link == null) {
            return;
        }
        Set<InetAddress> ever =
                othersEver
                        .computeIfAbsent(link.name(), name -> new HashMap<>())
                        .computeIfAbsent(subnet, any -> new HashSet<>());
        if (ever.size() < REMEMBERED_PER_SUBNET) {
            ever.add(message.address());
        }
    }

    /** A name goes to its next bearer before or after the old one is told to have lost it. */
    private void unname(LinkMessage link) {
        for (String name : link.names()) {
            LinkMessage bearer = linksByName.get(name);
            if (bearer != null && bearer.index() == link.index()) {
                linksByName.remove(name);
                shortNames.remove(name);
            }
        }
    }
}
