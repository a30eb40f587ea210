package org.vipmanager.netlink;

import org.vipmanager.control.AddressTable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.netlink.protocol.RtnetlinkConnection;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Puts addresses on interfaces of this host's kernel, each in the form that harms nobody's.
 *
 * <p>The kernel works while the request is being sent, so every stage is complete when its method
 * returns. Before and after each request the notifications are read as well: what is then known
 * includes the request's own effect and all that came before, so a change by somebody else is never
 * taken for ours, nor ours for somebody else's. Listeners are called by tasks of their own, never
 * from inside another call.
 */
public final class NetlinkAddressTable implements AddressTable {

    private final Loop loop;
    private final RtnetlinkConnection connection;
    private final AddressService addresses;
    private final InterfaceTable table = new InterfaceTable();
    private final WatchedAddresses watched = new WatchedAddresses(table);
    private final InterfaceMonitor monitor;
    private final SecondaryProtection secondaries;
    private final AddressRemoval removal;
    private final ChangeDelivery delivery;
    private boolean closed;

    private NetlinkAddressTable(Loop loop, LibC libC) throws IOException {
        this.loop = loop;
        connection = new RtnetlinkConnection(libC, loop);
        addresses = new AddressService(connection);
        LinkService links = new LinkService(connection);
        monitor =
                new InterfaceMonitor(
                        loop, libC, links, addresses, table, watched::note, this::readAndDeliver);
        secondaries = new SecondaryProtection(addresses, table.subnets());
        removal = new AddressRemoval(addresses, links, monitor, table, secondaries);
        delivery =
                new ChangeDelivery(loop, monitor, table, watched, secondaries, removal, this::put);
    }

    /** Opens the sockets and reads what the kernel has. Called on the loop, or before it runs. */
    public static NetlinkAddressTable open(Loop loop, LibC libC) throws IOException {
        NetlinkAddressTable opened = new NetlinkAddressTable(loop, libC);
        opened.monitor.start();
        return opened;
    }

    @Override
    public CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
        WatchedAddress address = watched.add(vip);
        address.lifetime = lifetime;
        PutResult result = put(address, lifetime);
        delivery.deliverSoon();
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletionStage<Optional<String>> remove(VirtualIp vip) {
        WatchedAddress address = watched.add(vip);
        address.lifetime = null;
        Optional<String> trouble = removal.remove(address);
        watched.note(address);
        delivery.deliverSoon();
        return CompletableFuture.completedFuture(trouble);
    }

    @Override
    public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
        WatchedAddress address = watched.add(vip);
        read();
        return CompletableFuture.completedFuture(
                Optional.ofNullable(address.in(table)).map(there -> there.asFoundAt(loop.now())));
    }

    @Override
    public void watch(VirtualIp vip, Listener listener) {
        WatchedAddress address = watched.add(vip);
        read();
        address.tellTo(listener, table);
    }

    @Override
    public void unwatch(VirtualIp vip) {
        watched.remove(vip);
    }

    /**
     * Whether frames from this hardware address are this host's own: it has it, or had it within
     * five minutes. Called on the loop.
     */
    public boolean isOwn(HardwareAddress address) {
        return monitor.isOwn(address);
    }

    /**
     * What the interface that is called so is called by everybody: its altnames may be longer than
     * some calls take. The same name when nothing else is known. Callable from any thread.
     */
    public String shortName(String interfaceName) {
        return table.shortName(interfaceName);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        delivery.close();
        monitor.close();
        connection.close();
    }

    private void read() {
        monitor.read();
        delivery.deliverSoon();
    }

    private void readAndDeliver() {
        if (!closed) {
            monitor.read();
            delivery.deliver();
        }
    }

    private PutResult put(WatchedAddress address, KernelLifetime lifetime) {
        Duration waited = connection.waited();
        monitor.read();
        LinkMessage link = table.link(address.vip.interfaceName());
        if (link == null) {
            String why =
                    monitor.isStale()
                            ? "which interfaces there are could not be read"
                            : "there is no interface of that name";
            return new PutResult.Failed("cannot put " + address.vip + ": " + why);
        }
        if (address.vip.isIpv6()) {
            clearTheWay(address.vip, link.index());
        }
        AddressForm form = AddressForm.fitting(address, link, table.subnets());
        boolean wasThere = address.in(table) != null;
        return switch (addresses.put(address.vip, link.index(), form, lifetime)) {
            case PutResult.Done done -> {
                boolean saidAll = isThere(address, link);
                boolean created = !wasThere || !saidAll || address.wasGone;
                address.wasGone = false;
                address.knownSeconds = done.seconds();
                removal.removeAllBut(form, address, link);
                secondaries.warn(address, link);
                yield new PutResult.Done(
                        done.computedAt(),
                        done.seconds(),
                        done.acknowledgedAt(),
                        created,
                        done.kernelTook());
            }
            case PutResult.TooLate _ -> new PutResult.TooLate(connection.waited().minus(waited));
            case PutResult.Failed failed -> failed;
        };
    }

    /**
     * The kernel has it now. Had it gone just before, the kernel has told that before it took the
     * put in.
     *
     * @return whether all has been read that the kernel has said
     */
    private boolean isThere(WatchedAddress address, LinkMessage link) {
        address.present = true;
        address.index = link.index();
        boolean saidAll = monitor.read();
        lookForUntold(address.vip, link.index());
        watched.note(address);
        return saidAll;
    }

    /**
     * In IPv6 an address is on an interface only once, whatever its prefix length, and one that has
     * failed duplicate address detection stays unusable when it is renewed: such a one has to go
     * first.
     */
    private void clearTheWay(VirtualIp vip, int index) {
        InterfaceTable.Entry own = table.address(index, vip.address(), vip.prefixLength());
        if (own == null || own.isUnusable()) {
            for (InterfaceTable.Entry there : table.formsOf(index, vip.address())) {
                addresses.remove(vip, there.message());
            }
        }
    }

    /**
     * The kernel tells of a new IPv6 address only when its worker comes to it, after the
     * acknowledgement (addrconf_dad_work in net/ipv6/addrconf.c). Whether it is there can be asked
     * at once.
     */
    private void lookForUntold(VirtualIp vip, int index) {
        if (vip.isIpv6() && table.address(index, vip.address(), vip.prefixLength()) == null) {
            addresses.findIpv6(vip, index).ifPresent(message -> table.put(message, loop.now()));
        }
    }
}
