package org.vipmanager.netlink;

import org.vipmanager.control.Loop;
import org.vipmanager.core.Backoff;
import org.vipmanager.core.Moment;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps the {@link KernelView} true: reads what the kernel says, and asks for everything when some
 * of that was lost. Used on the loop.
 */
final class KernelMirror {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    /** The first interface of every network namespace (LOOPBACK_IFINDEX in net/flow.h). */
    private static final int LOOPBACK_INDEX = 1;

    private static final int LARGEST_REHEARSED = 256;

    private final Loop loop;
    private final KernelRequests requests;
    private final KernelNotifications notifications;
    private final KernelView view;
    private final PendingChanges changes;
    private final Runnable readAgain;
    private final HostStations stations = new HostStations();

    private boolean stale = true;
    private Backoff pause = new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1));
    private Moment retryAt;

    /**
     * @param readAgain calls {@link #read} and tells what is new; called some time after reading
     *     everything has failed
     */
    KernelMirror(
            Loop loop,
            KernelRequests requests,
            KernelNotifications notifications,
            KernelView view,
            PendingChanges changes,
            Runnable readAgain) {
        this.loop = loop;
        this.requests = requests;
        this.notifications = notifications;
        this.view = view;
        this.changes = changes;
        this.readAgain = readAgain;
        retryAt = loop.now();
    }

    /**
     * Takes in everything that the kernel has said until now.
     *
     * <p>Where that cannot be had the view stays as it was: what is known of yesterday is a better
     * guess than that there is nothing.
     */
    void read() {
        try {
            if (!notifications.drain(this::apply)) {
                LOGGER.log(Level.DEBUG, "notifications were lost: reading everything");
                stale = true;
            }
        } catch (IOException e) {
            if (!stale) {
                LOGGER.log(
                        Level.WARNING,
                        "cannot read the kernel's notifications: {0}; reading everything",
                        e.getMessage());
            }
            stale = true;
        }
        if (stale && !loop.now().isBefore(retryAt)) {
            readAnew();
        }
    }

    /** Whether the view lacks something, so that an address may be there that it does not show. */
    boolean isStale() {
        return stale;
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

    /**
     * Asks what the kernel has, and takes it in when all of it has been answered. Changes meanwhile
     * are notifications, which are read last.
     */
    void readEverything() throws IOException {
        stale = true;
        while (stale) {
            List<LinkMessage> links = new ArrayList<>();
            List<AddressMessage> addresses = new ArrayList<>();
            requests.dumpLinks(message -> linkOf(message).ifPresent(links::add));
            for (int family : List.of(AddressMessage.AF_INET, AddressMessage.AF_INET6)) {
                requests.dumpAddresses(
                        family, message -> addressOf(message).ifPresent(addresses::add));
            }
            changes.everything();
            view.reset();
            links.forEach(link -> apply(NetlinkMessage.NEW_LINK, link));
            addresses.forEach(address -> apply(NetlinkMessage.NEW_ADDRESS, address));
            stale = !notifications.drain(this::apply);
        }
    }

    boolean isOwnStation(String station) {
        return stations.contains(station, loop.now());
    }

    /** Takes in that such an address is put and removed, on a host that there is not. */
    void rehearse(AddressMessage address) {
        KernelView nothing = new KernelView();
        PendingChanges untold = new PendingChanges(new WatchedAddresses(), nothing);
        KernelMirror mirror =
                new KernelMirror(loop, requests, notifications, nothing, untold, () -> {});
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST_REHEARSED).order(ByteOrder.nativeOrder());
        for (int type : List.of(NetlinkMessage.NEW_ADDRESS, NetlinkMessage.DELETE_ADDRESS)) {
            NetlinkMessage.begin(bytes.clear(), type, 0, 0);
            address.encode(bytes);
            NetlinkMessage.finish(bytes);
            NetlinkMessage.split(bytes.flip()).forEach(mirror::apply);
        }
    }

    private void readAnew() {
        try {
            readEverything();
            if (pause.failures() > 0) {
                LOGGER.log(Level.INFO, "what the kernel has could be read again");
            }
            pause = pause.afterSuccess();
        } catch (IOException e) {
            if (pause.failures() == 0) {
                LOGGER.log(
                        Level.WARNING,
                        "cannot read which interfaces and addresses the kernel has: {0}; trying"
                                + " again, and until then an address is removed in every form that"
                                + " it could have",
                        e.getMessage());
            }
            pause = pause.afterFailure();
            retryAt = loop.now().plus(pause.pause());
            loop.at(retryAt, readAgain);
        }
    }

    private void apply(NetlinkMessage message) {
        linkOf(message).ifPresent(link -> apply(message.type(), link));
        addressOf(message).ifPresent(address -> apply(message.type(), address));
    }

    private void apply(int type, LinkMessage link) {
        boolean isDeleted = type == NetlinkMessage.DELETE_LINK;
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, (isDeleted ? "link gone: " : "link: ") + link);
        }
        changes.link(link, isDeleted);
        if (isDeleted) {
            stations.update(link.index(), Set.of(), loop.now());
            view.removeLink(link.index()).forEach(changes::address);
        } else {
            stations.update(link.index(), link.stations(), loop.now());
            view.putLink(link);
        }
    }

    private void apply(int type, AddressMessage address) {
        boolean isDeleted = type == NetlinkMessage.DELETE_ADDRESS;
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, (isDeleted ? "address gone: " : "address: ") + address);
        }
        boolean isOtherCompany =
                isDeleted ? view.removeAddress(address) : view.putAddress(address, loop.now());
        changes.address(address.address());
        LinkMessage link = view.link(address.index());
        if (isOtherCompany && link != null) {
            changes.subnet(link.name());
        }
    }

    private static Optional<LinkMessage> linkOf(NetlinkMessage message) {
        boolean isLink =
                (message.type() == NetlinkMessage.NEW_LINK
                                || message.type() == NetlinkMessage.DELETE_LINK)
                        && LinkMessage.isLink(message.payload());
        return isLink ? parsed(LinkMessage::parse, message) : Optional.empty();
    }

    private static Optional<AddressMessage> addressOf(NetlinkMessage message) {
        boolean isAddress =
                (message.type() == NetlinkMessage.NEW_ADDRESS
                                || message.type() == NetlinkMessage.DELETE_ADDRESS)
                        && AddressMessage.isInternet(message.payload());
        return isAddress ? parsed(AddressMessage::parse, message) : Optional.empty();
    }

    private static <T> Optional<T> parsed(Function<ByteBuffer, T> parser, NetlinkMessage message) {
        try {
            return Optional.of(parser.apply(message.payload()));
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.DEBUG, "passed over a message of the kernel: " + e.getMessage());
            return Optional.empty();
        }
    }
}
