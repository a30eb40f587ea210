package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.Moment;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.netlink.protocol.NetlinkMessage;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The interfaces of this host and their addresses, as far as the kernel's messages have been
 * applied.
 *
 * <p>Every message costs the same, however many addresses there are. No sockets; used on the loop.
 */
final class InterfaceTable {

    private final Map<Integer, LinkMessage> links = new HashMap<>();
    private final Map<String, LinkMessage> linksByName = new HashMap<>();

    /** Of altnames alone; read by other threads too. */
    private final Map<String, String> shortNames = new ConcurrentHashMap<>();

    /** By interface, address and prefix length. */
    private final Map<Integer, Map<InetAddress, NavigableMap<Integer, Entry>>> addresses =
            new HashMap<>();

    private final Subnets subnets = new Subnets();

    /**
     * One form of an address on an interface.
     *
     * @param at when it was read; its lifetime counts from then
     */
    record Entry(AddressMessage message, Moment at) {

        /** When the kernel removes it; {@link Moment#NEVER} for a permanent one. */
        Moment end() {
            return message.validSeconds() == AddressMessage.FOREVER
                    ? Moment.NEVER
                    : at.plus(Duration.ofSeconds(seconds()));
        }

        FoundAddress asFoundAt(Moment now) {
            Optional<Duration> left =
                    message.validSeconds() == AddressMessage.FOREVER
                            ? Optional.empty()
                            : Optional.of(now.until(end()));
            return new FoundAddress(
                    left.map(some -> some.isNegative() ? Duration.ZERO : some),
                    message.prefixLength());
        }

        /** The lifetime that was told; the greatest there is for a permanent one. */
        long seconds() {
            return Integer.toUnsignedLong(message.validSeconds());
        }

        /** Whether IPv6 refuses to use it: somebody else had it, or may have it. */
        boolean isUnusable() {
            return message.has(AddressMessage.DUPLICATE_FOUND | AddressMessage.TENTATIVE);
        }
    }

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

    @Nullable Entry address(int index, InetAddress address, int prefixLength) {
        return forms(index, address).get(prefixLength);
    }

    /** Every form of an address on an interface, the shortest prefix first. */
    List<Entry> formsOf(int index, InetAddress address) {
        return List.copyOf(forms(index, address).values());
    }

    Subnets subnets() {
        return subnets;
    }

    /**
     * Takes a message in.
     *
     * @param at when it was read
     * @return what it changed; empty when it is about something else
     */
    Optional<KernelChange> apply(NetlinkMessage message, Moment at) {
        return switch (message.type()) {
            case NetlinkMessage.NEW_LINK -> LinkMessage.of(message).map(this::put);
            case NetlinkMessage.DELETE_LINK -> LinkMessage.of(message).map(this::remove);
            case NetlinkMessage.NEW_ADDRESS ->
                    AddressMessage.of(message).map(address -> put(address, at));
            case NetlinkMessage.DELETE_ADDRESS -> AddressMessage.of(message).map(this::remove);
            default -> Optional.empty();
        };
    }

    KernelChange put(LinkMessage link) {
        LinkMessage before = links.put(link.index(), link);
        if (before != null) {
            unname(before);
        }
        link.names().forEach(name -> linksByName.put(name, link));
        link.alternativeNames().forEach(name -> shortNames.put(name, link.name()));
        return new KernelChange.Link(before, link, false, List.of());
    }

    KernelChange put(AddressMessage message, Moment at) {
        LinkMessage link = links.get(message.index());
        Entry before =
                addresses
                        .computeIfAbsent(message.index(), index -> new HashMap<>())
                        .computeIfAbsent(message.address(), address -> new TreeMap<>())
                        .put(message.prefixLength(), new Entry(message, at));
        boolean hasOtherCompany = subnets.add(message, link);
        return new KernelChange.Address(message, link, before != null, false, hasOtherCompany);
    }

    /** Forgets an address. */
    KernelChange remove(AddressMessage message) {
        Map<InetAddress, NavigableMap<Integer, Entry>> onLink =
                addresses.getOrDefault(message.index(), Map.of());
        NavigableMap<Integer, Entry> forms = onLink.get(message.address());
        if (forms != null) {
            forms.remove(message.prefixLength());
            if (forms.isEmpty()) {
                onLink.remove(message.address());
            }
        }
        boolean hasOtherCompany = subnets.remove(message);
        LinkMessage link = links.get(message.index());
        return new KernelChange.Address(message, link, true, true, hasOtherCompany);
    }

    /** Forgets what there is, to be told anew; not what there was. */
    void reset() {
        links.clear();
        linksByName.clear();
        shortNames.clear();
        addresses.clear();
        subnets.reset();
    }

    /** Forgets an interface and its addresses. */
    private KernelChange remove(LinkMessage link) {
        LinkMessage before = links.remove(link.index());
        if (before != null) {
            unname(before);
        }
        subnets.removeLink(link.index());
        Map<InetAddress, ?> lost = addresses.remove(link.index());
        return new KernelChange.Link(
                before, link, true, lost == null ? List.of() : List.copyOf(lost.keySet()));
    }

    private NavigableMap<Integer, Entry> forms(int index, InetAddress address) {
        return addresses
                .getOrDefault(index, Map.of())
                .getOrDefault(address, Collections.emptyNavigableMap());
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
