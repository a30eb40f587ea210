package org.vipmanager.netlink;

import org.vipmanager.control.AddressTable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Puts addresses on interfaces of this host's kernel.
 *
 * <p>The kernel works while the request is being sent, so every stage is complete when its method
 * returns. After each request the notifications are read as well: what is then known includes the
 * request's own effect and all that came before, so a change by somebody else is never taken for
 * ours, nor ours for somebody else's. Listeners are called by tasks of their own, never from inside
 * another call.
 */
public final class NetlinkAddressTable implements AddressTable {

    /**
     * IFA_PROTO of our addresses, by which {@code ip -d address} tells them apart; 1 to 3 are the
     * kernel's. Kernels before 5.18 do not know the attribute and pass over it.
     */
    public static final int ADDRESS_PROTOCOL = 86;

    private final Loop loop;
    private final RtnetlinkConnection connection;
    private final KernelNotifications notifications;
    private final KernelView view = new KernelView();
    private final WatchedAddresses watched = new WatchedAddresses();
    private final PendingChanges changes = new PendingChanges(watched, view);
    private final MessageIntake intake;
    private final KernelMirror mirror;
    private final AddressKeeper keeper;
    private final AddressRemoval removal;
    private boolean deliveryIsDue;
    private boolean closed;

    private NetlinkAddressTable(Loop loop, LibC libC) throws IOException {
        this.loop = loop;
        connection = new RtnetlinkConnection(libC, loop);
        LinkService links = new LinkService(connection);
        AddressService addresses = new AddressService(connection);
        notifications = new KernelNotifications(loop, libC, this::onNotifications);
        intake = new MessageIntake(loop, view, changes);
        mirror =
                new KernelMirror(
                        loop,
                        links,
                        addresses,
                        notifications,
                        view,
                        changes,
                        intake,
                        this::onNotifications);
        SubnetGuard guard = new SubnetGuard(view);
        removal =
                new AddressRemoval(
                        addresses,
                        links,
                        mirror,
                        view,
                        changes,
                        guard,
                        new SecondariesRescue(addresses, view));
        keeper = new AddressKeeper(connection, addresses, mirror, view, changes, guard, removal);
    }

    /** Opens the sockets and reads what the kernel has. Called on the loop, or before it runs. */
    public static NetlinkAddressTable open(Loop loop, LibC libC) throws IOException {
        NetlinkAddressTable table = new NetlinkAddressTable(loop, libC);
        table.mirror.readEverything();
        table.notifications.start();
        return table;
    }

    @Override
    public CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
        WatchedAddress address = known(vip);
        address.lifetime = lifetime;
        PutResult result = keeper.put(address, lifetime);
        deliverSoon();
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletionStage<Optional<String>> remove(VirtualIp vip) {
        WatchedAddress address = known(vip);
        address.lifetime = null;
        Optional<String> trouble = removal.remove(address);
        deliverSoon();
        return CompletableFuture.completedFuture(trouble);
    }

    @Override
    public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
        WatchedAddress address = known(vip);
        mirror.read();
        deliverSoon();
        ObservedAddress found = address.in(view);
        return CompletableFuture.completedFuture(
                Optional.ofNullable(found).map(there -> there.asFoundAt(loop.now())));
    }

    @Override
    public void watch(VirtualIp vip, Listener listener) {
        WatchedAddress address = known(vip);
        mirror.read();
        deliverSoon();
        address.listener = listener;
        ObservedAddress there = address.in(view);
        address.present = there != null;
        address.wasGone = false;
        address.knownSeconds = there == null ? 0 : there.seconds();
        FoundOtherwise.warn(address, view);
    }

    @Override
    public void unwatch(VirtualIp vip) {
        WatchedAddress address = watched.get(vip);
        if (address == null) {
            return;
        }
        address.listener = null;
        address.lifetime = null;
        watched.remove(address);
        changes.forget(address);
        if (watched.with(vip.address()).isEmpty()) {
            view.becomeTheirs(vip.address());
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Puts the address on an interface that cannot exist, which the kernel refuses, and asks for
     * what does exist.
     */
    @Override
    public void rehearse(VirtualIp vip) {
        keeper.rehearse(known(vip));
        deliverSoon();
    }

    /**
     * Whether frames from this hardware address are this host's own: it has it, or had it within
     * five minutes. Called on the loop.
     *
     * @param station such as {@code 02:00:00:00:00:0a}
     */
    public boolean isOwnStation(String station) {
        return intake.isOwnStation(station);
    }

    /**
     * What the interface that is called so is called by everybody: its altnames may be longer than
     * some calls take. The same name when nothing else is known. Callable from any thread.
     */
    public String shortName(String interfaceName) {
        return view.shortName(interfaceName);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        notifications.close();
        connection.close();
    }

    private WatchedAddress known(VirtualIp vip) {
        WatchedAddress address = watched.get(vip);
        if (address == null) {
            address = watched.add(vip);
            view.becomeOurs(vip.address());
        }
        return address;
    }

    // Telling what others did

    private void onNotifications() {
        if (!closed) {
            mirror.read();
            deliver();
        }
    }

    private void deliverSoon() {
        if (!changes.isEmpty() && !deliveryIsDue) {
            deliveryIsDue = true;
            loop.execute(this::deliver);
        }
    }

    private void deliver() {
        deliveryIsDue = false;
        if (closed) {
            return;
        }
        if (changes.anyAddress(this::isGone)) {
            // An interface that is set down loses its addresses before it tells that it is down.
            mirror.awaitChangeUnderWay();
        }
        changes.takeLinks().forEach(this::deliverLink);
        changes.takeAddresses().forEach(this::deliverAddress);
        for (String name : changes.takeSubnets()) {
            LinkMessage link = view.link(name);
            if (link != null) {
                keeper.reshape(watched.on(name), link);
            }
        }
        deliverSoon();
    }

    private void deliverLink(String name, PendingChanges.Link pending) {
        List<LinkChange> told =
                LinkChange.between(
                        pending.before,
                        view.link(name),
                        pending.oldNameOfAfter,
                        pending.newNameOfBefore,
                        pending.flapped);
        for (WatchedAddress address : watched.on(name)) {
            removal.leaveRenamed(address);
            Listener listener = address.listener;
            for (LinkChange change : told) {
                if (listener != null && change.ready()) {
                    listener.linkReady(change.phrase());
                } else if (listener != null) {
                    listener.linkLost(change.phrase());
                }
            }
        }
    }

    private boolean isGone(WatchedAddress address) {
        return address.present && address.in(view) == null;
    }

    private void deliverAddress(WatchedAddress address) {
        ObservedAddress found = address.in(view);
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
            LinkMessage link = view.link(address.vip.interfaceName());
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
            ObservedAddress found,
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
}
