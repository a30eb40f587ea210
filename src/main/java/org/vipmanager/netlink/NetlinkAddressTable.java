package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.AddressTable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Puts addresses on interfaces of this host's kernel.
 *
 * <p>The kernel works while the request is being sent, so every stage is complete when its method
 * returns. After each request the notifications are read as well: what is then known includes the
 * request's own effect and all that came before, so a change by somebody else is never taken for
 * ours, nor ours for somebody else's.
 */
public final class NetlinkAddressTable implements AddressTable {

    /**
     * IFA_PROTO of our addresses, by which {@code ip -d address} tells them apart; 1 to 3 are the
     * kernel's. Kernels before 5.18 do not know the attribute and pass over it.
     */
    public static final int ADDRESS_PROTOCOL = 86;

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    /** As often as it takes to have every class loaded and every call site linked. */
    private static final int REHEARSALS = 30;

    /** No interface has this index: the kernel counts up from 1. */
    private static final int NO_INTERFACE = Integer.MAX_VALUE;

    private final Loop loop;
    private final KernelRequests requests;
    private final KernelNotifications notifications;
    private final KernelView view = new KernelView();
    private final HostStations stations = new HostStations();
    private final PromoteSecondaries promoteSecondaries = new PromoteSecondaries(LOGGER);

    private final Map<VirtualIp, WatchedAddress> watched = new LinkedHashMap<>();
    private final Map<InetAddress, List<WatchedAddress>> byAddress = new HashMap<>();
    private final Map<String, List<WatchedAddress>> byInterface = new HashMap<>();

    /** What the messages that were read, and not yet delivered, were about. */
    private final Set<WatchedAddress> touched = new LinkedHashSet<>();

    private final Map<String, PendingLink> changedLinks = new LinkedHashMap<>();
    private final Set<String> changedSubnets = new LinkedHashSet<>();
    private final Set<String> warnedOf = new HashSet<>();
    private boolean deliveryIsDue;
    private boolean closed;

    /** An interface name whose bearer changed since the last delivery. */
    private static final class PendingLink {
        private final @Nullable LinkMessage before;
        private @Nullable String oldNameOfAfter;
        private @Nullable String newNameOfBefore;
        private boolean flapped;

        PendingLink(@Nullable LinkMessage before) {
            this.before = before;
        }
    }

    private NetlinkAddressTable(Loop loop, LibC libC) throws IOException {
        this.loop = loop;
        requests = KernelRequests.open(libC);
        notifications = KernelNotifications.open(loop, libC, this::onNotifications);
    }

    /** Opens the sockets and reads what the kernel has. Called on the loop, or before it runs. */
    public static NetlinkAddressTable open(Loop loop, LibC libC) throws IOException {
        NetlinkAddressTable table = new NetlinkAddressTable(loop, libC);
        table.readEverything();
        table.notifications.start();
        return table;
    }

    @Override
    public CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
        WatchedAddress address = watch(vip);
        address.lifetime = lifetime;
        return CompletableFuture.completedFuture(putNow(address, lifetime));
    }

    @Override
    public CompletionStage<Optional<String>> remove(VirtualIp vip) {
        WatchedAddress address = watch(vip);
        address.lifetime = null;
        return CompletableFuture.completedFuture(removeNow(address));
    }

    @Override
    public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
        WatchedAddress address = watch(vip);
        readNotifications();
        Optional<FoundAddress> found =
                Optional.ofNullable(findForm(address)).map(form -> form.asFoundAt(loop.now()));
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public void watch(VirtualIp vip, Listener listener) {
        WatchedAddress address = watch(vip);
        readNotifications();
        address.listener = listener;
        address.present = findForm(address) != null;
    }

    @Override
    public void unwatch(VirtualIp vip) {
        WatchedAddress address = watched.remove(vip);
        if (address == null) {
            return;
        }
        address.listener = null;
        address.lifetime = null;
        touched.remove(address);
        forget(byInterface, vip.interfaceName(), address);
        if (forget(byAddress, vip.address(), address)) {
            view.becomeTheirs(vip.address());
        }
    }

    /** Returns whether it was the last under that key. */
    private static <K> boolean forget(
            Map<K, List<WatchedAddress>> index, K key, WatchedAddress address) {
        List<WatchedAddress> left = new ArrayList<>(index.getOrDefault(key, List.of()));
        left.remove(address);
        if (left.isEmpty()) {
            index.remove(key);
        } else {
            index.put(key, left);
        }
        return left.isEmpty();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Puts the address on an interface that cannot exist, which the kernel refuses, and asks for
     * what does exist.
     */
    @Override
    public void rehearse(VirtualIp vip) {
        WatchedAddress address = watch(vip);
        LinkMessage link = view.link(vip.interfaceName());
        for (int i = 0; i < REHEARSALS; i++) {
            Moment soon = loop.now().plus(Duration.ofSeconds(5));
            KernelLifetime lifetime =
                    new KernelLifetime(soon, soon, Duration.ZERO, Duration.ofSeconds(1));
            send(address, NO_INTERFACE, formFor(address, 1), lifetime);
            delete(address, NO_INTERFACE, vip.prefixLength());
            try {
                requests.touchLink(link == null ? 1 : link.index());
            } catch (IOException e) {
                LOGGER.log(Level.DEBUG, "rehearsal: " + e.getMessage());
            }
            findForm(address);
            readNotifications();
        }
        promoteSecondaries.isOn(vip.interfaceName());
    }

    /**
     * Whether frames from this hardware address are this host's own: it has it, or had it within
     * five minutes. Called on the loop.
     *
     * @param station such as {@code 02:00:00:00:00:0a}
     */
    public boolean isOwnStation(String station) {
        return stations.contains(station, loop.now());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        notifications.close();
        requests.close();
    }

    // Putting and removing

    private PutResult putNow(WatchedAddress address, KernelLifetime lifetime) {
        readNotifications();
        LinkMessage link = view.link(address.vip.interfaceName());
        if (link == null) {
            return new PutResult.Failed(
                    "cannot put " + address.vip + ": there is no interface of that name");
        }
        AddressForm form = formFor(address, link.index());
        if (address.vip.isIpv6()) {
            clearTheWay(address, link.index());
        }
        PutResult result = send(address, link.index(), form, lifetime);
        if (result instanceof PutResult.Done) {
            address.present = true;
            address.index = link.index();
            readNotifications();
            awaitNoNotification(address, link.index());
            touched.add(address);
            removeOtherForms(address, link, form.prefixLength());
            warnOfDependents(address, link);
            deliverSoon();
        }
        return result;
    }

    /** Prepares everything, then computes the lifetime, then sends: nothing comes in between. */
    private PutResult send(
            WatchedAddress address, int index, AddressForm form, KernelLifetime lifetime) {
        int length = requests.preparePut(message(address.vip, index, form));
        long computedAt = loop.nowNanos();
        int seconds = lifetime.secondsAt(computedAt);
        if (seconds < 1) {
            return new PutResult.TooLate();
        }
        requests.setValidSeconds(seconds);
        Acknowledgement answer;
        try {
            answer = requests.exchange(length);
        } catch (IOException e) {
            return new PutResult.Failed("cannot put " + address.vip + ": " + e.getMessage());
        }
        Moment acknowledgedAt = loop.now();
        if (index != NO_INTERFACE && LOGGER.isLoggable(Level.DEBUG)) {
            String what = "put " + address.vip + " as /" + form.prefixLength();
            LOGGER.log(Level.DEBUG, what + " for " + seconds + " s: " + answer);
        }
        return answer.isSuccess()
                ? new PutResult.Done(new Moment(computedAt), seconds, acknowledgedAt)
                : new PutResult.Failed("cannot put " + address.vip + ": " + answer);
    }

    private static AddressMessage message(VirtualIp vip, int index, AddressForm form) {
        int flags = vip.isIpv6() ? AddressMessage.NO_DUPLICATE_DETECTION : 0;
        if (!form.bringsPrefixRoute()) {
            flags |= AddressMessage.NO_PREFIX_ROUTE;
        }
        return new AddressMessage(
                index,
                vip.address(),
                vip.address(),
                form.prefixLength(),
                flags,
                0,
                0,
                0,
                ADDRESS_PROTOCOL);
    }

    private AddressForm formFor(WatchedAddress address, int index) {
        VirtualIp vip = address.vip;
        Subnet subnet = Subnet.of(vip.address(), vip.prefixLength());
        SubnetMembers members = view.subnet(index, subnet);
        return AddressForm.of(
                vip,
                members.hasOthers(),
                view.othersWereThere(vip.interfaceName(), subnet),
                members.hasOnlyAnotherOfOurs(vip.address()));
    }

    /**
     * In IPv6 an address is on an interface only once, whatever its prefix length, and one that has
     * failed duplicate address detection stays unusable when it is renewed: such a one has to go
     * first.
     */
    private void clearTheWay(WatchedAddress address, int index) {
        ObservedAddress own =
                view.address(index, address.vip.address(), address.vip.prefixLength());
        if (own != null && !own.isUnusable()) {
            return;
        }
        for (ObservedAddress form : view.formsOf(index, address.vip.address())) {
            delete(address, index, form.message().prefixLength());
        }
    }

    /**
     * The kernel tells of a new IPv6 address only when its worker comes to it, after the
     * acknowledgement (addrconf_dad_work in net/ipv6/addrconf.c). Whether it is there can be asked
     * at once.
     */
    private void awaitNoNotification(WatchedAddress address, int index) {
        VirtualIp vip = address.vip;
        if (!vip.isIpv6() || view.address(index, vip.address(), vip.prefixLength()) != null) {
            return;
        }
        try {
            requests.findIpv6(index, vip.address())
                    .ifPresent(message -> view.putAddress(message, loop.now()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "cannot look for " + vip + ": " + e.getMessage());
        }
    }

    private void removeOtherForms(WatchedAddress address, LinkMessage link, int prefixLength) {
        for (int other : address.prefixLengths()) {
            boolean isThere = view.address(link.index(), address.vip.address(), other) != null;
            if (other != prefixLength && isThere) {
                keepDependents(address, link);
                Optional<String> trouble = delete(address, link.index(), other);
                trouble.ifPresent(sentence -> LOGGER.log(Level.WARNING, sentence));
                readNotifications();
            }
        }
    }

    private Optional<String> removeNow(WatchedAddress address) {
        readNotifications();
        LinkMessage link = view.link(address.vip.interfaceName());
        Optional<String> trouble = Optional.empty();
        if (link != null) {
            keepDependents(address, link);
            trouble = removeFrom(address, link.index());
            changedSubnets.add(link.name());
        }
        boolean isElsewhere = address.index != 0 && (link == null || link.index() != address.index);
        if (isElsewhere && view.link(address.index) != null) {
            trouble = trouble.or(() -> removeFrom(address, address.index));
        }
        readNotifications();
        address.present = false;
        touched.add(address);
        deliverSoon();
        return trouble;
    }

    private Optional<String> removeFrom(WatchedAddress address, int index) {
        Optional<String> trouble = Optional.empty();
        for (int prefixLength : address.prefixLengths()) {
            boolean isOwn = prefixLength == address.vip.prefixLength();
            if (isOwn || view.address(index, address.vip.address(), prefixLength) != null) {
                Optional<String> sentence = delete(address, index, prefixLength);
                trouble = trouble.or(() -> sentence);
            }
        }
        return trouble;
    }

    private Optional<String> delete(WatchedAddress address, int index, int prefixLength) {
        String sentence = "cannot remove " + address.vip + ": ";
        try {
            Acknowledgement answer = requests.delete(index, address.vip.address(), prefixLength);
            if (index != NO_INTERFACE && LOGGER.isLoggable(Level.DEBUG)) {
                String what = "remove " + address.vip + " as /" + prefixLength;
                LOGGER.log(Level.DEBUG, what + ": " + answer);
            }
            boolean isGone =
                    answer.isSuccess()
                            || answer.errno() == Errno.EADDRNOTAVAIL
                            || answer.errno() == Errno.ENODEV;
            return isGone ? Optional.empty() : Optional.of(sentence + answer);
        } catch (IOException e) {
            return Optional.of(sentence + e.getMessage());
        }
    }

    private @Nullable ObservedAddress findForm(WatchedAddress address) {
        LinkMessage link = view.link(address.vip.interfaceName());
        if (link == null) {
            return null;
        }
        ObservedAddress found = null;
        for (int prefixLength : address.prefixLengths()) {
            if (found == null) {
                found = view.address(link.index(), address.vip.address(), prefixLength);
            }
        }
        return found;
    }

    private WatchedAddress watch(VirtualIp vip) {
        return watched.computeIfAbsent(
                vip,
                any -> {
                    WatchedAddress address = new WatchedAddress(vip);
                    view.becomeOurs(vip.address());
                    byAddress.computeIfAbsent(vip.address(), a -> new ArrayList<>()).add(address);
                    byInterface
                            .computeIfAbsent(vip.interfaceName(), n -> new ArrayList<>())
                            .add(address);
                    return address;
                });
    }

    // Others that would go when ours goes

    private void warnOfDependents(WatchedAddress address, LinkMessage link) {
        if (address.vip.isIpv6() || !isPrimaryOfOthers(address, link)) {
            return;
        }
        if (warnedOf.add(link.name()) && !promoteSecondaries.isOn(link.name())) {
            LOGGER.log(
                    Level.WARNING,
                    "another address of its subnet has become secondary to "
                            + address.vip
                            + " and would be removed with it: setting promote_secondaries=1 for"
                            + " that interface; give the host its own address before vip-manager"
                            + " starts, or set net.ipv4.conf.all.promote_secondaries=1 yourself");
        }
        promoteSecondaries.turnOn(link.name());
    }

    private boolean isPrimaryOfOthers(WatchedAddress address, LinkMessage link) {
        SubnetMembers members = members(address, link);
        return members.hasOthers() && address.vip.address().equals(members.primary());
    }

    /** Before ours goes: whatever is secondary to it, another of ours too, shall stay. */
    private void keepDependents(WatchedAddress address, LinkMessage link) {
        SubnetMembers members = members(address, link);
        if (members.size() > 1 && address.vip.address().equals(members.primary())) {
            promoteSecondaries.turnOn(link.name());
        }
    }

    private SubnetMembers members(WatchedAddress address, LinkMessage link) {
        Subnet subnet = Subnet.of(address.vip.address(), address.vip.prefixLength());
        return view.subnet(link.index(), subnet);
    }

    // Reading what the kernel says

    private void readEverything() throws IOException {
        boolean complete = false;
        while (!complete) {
            view.reset();
            requests.dumpLinks(this::apply);
            requests.dumpAddresses(AddressMessage.AF_INET, this::apply);
            requests.dumpAddresses(AddressMessage.AF_INET6, this::apply);
            complete = notifications.drain(this::apply);
        }
    }

    private void onNotifications() {
        if (!closed) {
            readNotifications();
            deliver();
        }
    }

    private void readNotifications() {
        try {
            if (!notifications.drain(this::apply)) {
                readAnew();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "cannot read the kernel's notifications: " + e.getMessage());
        }
        deliverSoon();
    }

    /** Notifications were lost, so everything may have changed: asks, and compares. */
    private void readAnew() throws IOException {
        LOGGER.log(Level.DEBUG, "notifications were lost, reading all links and addresses");
        for (String name : byInterface.keySet()) {
            changedLinks.computeIfAbsent(name, any -> new PendingLink(view.link(name)));
            changedSubnets.add(name);
        }
        touched.addAll(watched.values());
        readEverything();
        for (LinkMessage link : view.links()) {
            stations.update(link.index(), link.stations(), loop.now());
        }
    }

    private void apply(NetlinkMessage message) {
        try {
            applyWellFormed(message);
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.DEBUG, "passed over a message of the kernel: " + e.getMessage());
        }
    }

    private void applyWellFormed(NetlinkMessage message) {
        switch (message.type()) {
            case NetlinkMessage.NEW_LINK, NetlinkMessage.DELETE_LINK -> {
                if (LinkMessage.isLink(message.payload())) {
                    applyLink(message.type(), LinkMessage.parse(message.payload()));
                }
            }
            case NetlinkMessage.NEW_ADDRESS, NetlinkMessage.DELETE_ADDRESS -> {
                if (AddressMessage.isInternet(message.payload())) {
                    applyAddress(message.type(), AddressMessage.parse(message.payload()));
                }
            }
            default -> {} // the groups bring nothing else
        }
    }

    private void applyLink(int type, LinkMessage link) {
        if (LOGGER.isLoggable(Level.DEBUG)) {
            String verb = type == NetlinkMessage.NEW_LINK ? "link " : "link gone: ";
            LOGGER.log(Level.DEBUG, verb + link);
        }
        LinkMessage before = view.link(link.index());
        String oldName = before == null ? link.name() : before.name();
        PendingLink old = pending(oldName);
        PendingLink now = pending(link.name());
        if (type == NetlinkMessage.DELETE_LINK) {
            stations.update(link.index(), Set.of(), loop.now());
            view.removeLink(link.index()).forEach(this::touch);
        } else {
            stations.update(link.index(), link.stations(), loop.now());
            view.putLink(link);
            if (!oldName.equals(link.name())) {
                old.newNameOfBefore = link.name();
                now.oldNameOfAfter = oldName;
            }
            now.flapped |= !link.isReady();
        }
        touched.addAll(byInterface.getOrDefault(oldName, List.of()));
    }

    /** Not kept for the names of interfaces that carry none of ours. */
    private PendingLink pending(String name) {
        PendingLink fresh = new PendingLink(view.link(name));
        if (!byInterface.containsKey(name)) {
            return fresh;
        }
        PendingLink already = changedLinks.putIfAbsent(name, fresh);
        return already == null ? fresh : already;
    }

    private void applyAddress(int type, AddressMessage address) {
        if (LOGGER.isLoggable(Level.DEBUG)) {
            String verb = type == NetlinkMessage.NEW_ADDRESS ? "address " : "address gone: ";
            LOGGER.log(Level.DEBUG, verb + address);
        }
        boolean othersChanged =
                type == NetlinkMessage.NEW_ADDRESS
                        ? view.putAddress(address, loop.now())
                        : view.removeAddress(address);
        touch(address.address());
        LinkMessage link = view.link(address.index());
        if (othersChanged && link != null && byInterface.containsKey(link.name())) {
            changedSubnets.add(link.name());
        }
    }

    private void touch(InetAddress address) {
        touched.addAll(byAddress.getOrDefault(address, List.of()));
    }

    // Telling what others did

    private void deliverSoon() {
        boolean isNews = !touched.isEmpty() || !changedLinks.isEmpty() || !changedSubnets.isEmpty();
        if (isNews && !deliveryIsDue) {
            deliveryIsDue = true;
            loop.execute(this::deliver);
        }
    }

    private void deliver() {
        deliveryIsDue = false;
        if (closed) {
            return;
        }
        Map<String, PendingLink> links = new LinkedHashMap<>(changedLinks);
        changedLinks.clear();
        links.forEach(this::deliverLink);
        List<WatchedAddress> addresses = List.copyOf(touched);
        touched.clear();
        addresses.forEach(this::deliverAddress);
        List<String> subnets = List.copyOf(changedSubnets);
        changedSubnets.clear();
        subnets.forEach(this::reshapeAll);
    }

    private void deliverLink(String name, PendingLink pending) {
        List<LinkChange> changes =
                LinkChange.between(
                        pending.before,
                        view.link(name),
                        pending.oldNameOfAfter,
                        pending.newNameOfBefore,
                        pending.flapped);
        for (WatchedAddress address : List.copyOf(byInterface.getOrDefault(name, List.of()))) {
            leaveRenamed(address);
            Listener listener = address.listener;
            for (LinkChange change : changes) {
                if (listener != null && change.ready()) {
                    listener.linkReady(change.phrase());
                } else if (listener != null) {
                    listener.linkLost(change.phrase());
                }
            }
        }
    }

    /** An interface that is called otherwise now is not ours to hold an address on. */
    private void leaveRenamed(WatchedAddress address) {
        LinkMessage bearer = view.link(address.index);
        if (address.lifetime != null
                && bearer != null
                && !bearer.name().equals(address.vip.interfaceName())) {
            removeFrom(address, bearer.index()).ifPresent(s -> LOGGER.log(Level.WARNING, s));
            address.index = 0;
        }
    }

    private void deliverAddress(WatchedAddress address) {
        ObservedAddress found = findForm(address);
        boolean wasPresent = address.present;
        address.present = found != null;
        Listener listener = address.listener;
        if (listener != null && found == null && wasPresent) {
            listener.addressGone();
        } else if (listener != null && found != null && !wasPresent) {
            listener.addressAppeared(found.asFoundAt(loop.now()));
        }
    }

    /**
     * The primary of a subnet last: to take it away before its secondaries costs the kernel the
     * routes of all of them, each time.
     */
    private void reshapeAll(String name) {
        LinkMessage link = view.link(name);
        List<WatchedAddress> addresses = byInterface.getOrDefault(name, List.of());
        if (link != null) {
            Map<Boolean, List<WatchedAddress>> byPrimary =
                    addresses.stream()
                            .collect(
                                    Collectors.partitioningBy(
                                            address ->
                                                    address.vip
                                                            .address()
                                                            .equals(
                                                                    members(address, link)
                                                                            .primary())));
            byPrimary.getOrDefault(false, List.of()).forEach(this::reshape);
            byPrimary.getOrDefault(true, List.of()).forEach(this::reshape);
        }
    }

    /** Puts an address that is there into the form that fits what others have of its subnet now. */
    private void reshape(WatchedAddress address) {
        LinkMessage link = view.link(address.vip.interfaceName());
        if (link == null || address.lifetime == null || findForm(address) == null) {
            return;
        }
        KernelLifetime lifetime = address.lifetime.decidedAt(loop.now());
        warnOfDependents(address, link);
        AddressForm form = formFor(address, link.index());
        ObservedAddress same =
                view.address(link.index(), address.vip.address(), form.prefixLength());
        boolean fits =
                same != null
                        && same.message().has(AddressMessage.NO_PREFIX_ROUTE)
                                != form.bringsPrefixRoute();
        if (!fits
                && putNow(address, lifetime) instanceof PutResult.Done done
                && lifetime.isStale(done.computedAt(), done.acknowledgedAt())) {
            removeNow(address);
            address.present = true; // so that the listener learns that it is gone
        }
    }
}
