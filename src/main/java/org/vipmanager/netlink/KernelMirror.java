package org.vipmanager.netlink;

import org.vipmanager.control.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/**
 * Keeps the {@link KernelView} true: reads what the kernel says, and asks for everything when some
 * of that was lost. Used on the loop.
 */
final class KernelMirror {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    /** The first interface of every network namespace (LOOPBACK_IFINDEX in net/flow.h). */
    private static final int LOOPBACK_INDEX = 1;

    private static final int LARGEST_REHEARSED = 256;

    private final TimeSource time;
    private final KernelRequests requests;
    private final KernelNotifications notifications;
    private final KernelView view;
    private final PendingChanges changes;
    private final HostStations stations = new HostStations();

    KernelMirror(
            TimeSource time,
            KernelRequests requests,
            KernelNotifications notifications,
            KernelView view,
            PendingChanges changes) {
        this.time = time;
        this.requests = requests;
        this.notifications = notifications;
        this.view = view;
        this.changes = changes;
    }

    /** Takes in everything that the kernel has said until now. */
    void read() {
        try {
            if (!notifications.drain(this::apply)) {
                LOGGER.log(Level.DEBUG, "notifications were lost: reading everything");
                changes.everything();
                readEverything();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "cannot read the kernel's notifications: " + e.getMessage());
        }
    }

    /**
     * Waits for whatever change of interfaces is half done, and takes it in: the kernel answers a
     * question about an interface when nobody else changes one (rtnl_lock).
     */
    void awaitChangeUnderWay() {
        try {
            requests.touchLink(LOOPBACK_INDEX);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "the kernel did not answer: " + e.getMessage());
        }
        read();
    }

    /** Asks what the kernel has. Changes meanwhile are notifications, which are read last. */
    void readEverything() throws IOException {
        boolean complete = false;
        while (!complete) {
            view.reset();
            requests.dumpLinks(this::apply);
            requests.dumpAddresses(AddressMessage.AF_INET, this::apply);
            requests.dumpAddresses(AddressMessage.AF_INET6, this::apply);
            complete = notifications.drain(this::apply);
        }
    }

    boolean isOwnStation(String station) {
        return stations.contains(station, time.now());
    }

    /** Takes in that such an address is put and removed, on a host that there is not. */
    void rehearse(AddressMessage address) {
        KernelView nothing = new KernelView();
        PendingChanges untold = new PendingChanges(new WatchedAddresses(), nothing);
        KernelMirror mirror = new KernelMirror(time, requests, notifications, nothing, untold);
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST_REHEARSED).order(ByteOrder.nativeOrder());
        for (int type : List.of(NetlinkMessage.NEW_ADDRESS, NetlinkMessage.DELETE_ADDRESS)) {
            NetlinkMessage.begin(bytes.clear(), type, 0, 0);
            address.encode(bytes);
            NetlinkMessage.finish(bytes);
            NetlinkMessage.split(bytes.flip()).forEach(mirror::apply);
        }
    }

    private void apply(NetlinkMessage message) {
        try {
            switch (message.type()) {
                case NetlinkMessage.NEW_LINK, NetlinkMessage.DELETE_LINK -> {
                    if (LinkMessage.isLink(message.payload())) {
                        apply(message.type(), LinkMessage.parse(message.payload()));
                    }
                }
                case NetlinkMessage.NEW_ADDRESS, NetlinkMessage.DELETE_ADDRESS -> {
                    if (AddressMessage.isInternet(message.payload())) {
                        apply(message.type(), AddressMessage.parse(message.payload()));
                    }
                }
                default -> {} // the groups bring nothing else
            }
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.DEBUG, "passed over a message of the kernel: " + e.getMessage());
        }
    }

    private void apply(int type, LinkMessage link) {
        boolean isDeleted = type == NetlinkMessage.DELETE_LINK;
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, (isDeleted ? "link gone: " : "link: ") + link);
        }
        changes.link(link, isDeleted);
        if (isDeleted) {
            stations.update(link.index(), Set.of(), time.now());
            view.removeLink(link.index()).forEach(changes::address);
        } else {
            stations.update(link.index(), link.stations(), time.now());
            view.putLink(link);
        }
    }

    private void apply(int type, AddressMessage address) {
        boolean isDeleted = type == NetlinkMessage.DELETE_ADDRESS;
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, (isDeleted ? "address gone: " : "address: ") + address);
        }
        boolean isOtherCompany =
                isDeleted ? view.removeAddress(address) : view.putAddress(address, time.now());
        changes.address(address.address());
        LinkMessage link = view.link(address.index());
        if (isOtherCompany && link != null) {
            changes.subnet(link.name());
        }
    }
}
