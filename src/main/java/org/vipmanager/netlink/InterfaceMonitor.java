package org.vipmanager.netlink;

import org.vipmanager.control.Loop;
import org.vipmanager.core.Backoff;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.netlink.KernelNotifications.Drained;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Keeps the {@link InterfaceTable} true: applies what the kernel says, and asks for everything when
 * some of that was lost. Used on the loop.
 */
final class InterfaceMonitor implements AutoCloseable {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    /** How often everything is read at once, while notifications are lost meanwhile. */
    private static final int MOST_ROUNDS = 3;

    /** Reading everything again takes at most one part in so many of this thread's time. */
    private static final int PART_OF_THE_TIME = 5;

    /** How long a kernel is waited for at the start that others keep busy. */
    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    /** After that another one is not begun at once. */
    private static final Duration LONGEST_ROUNDS = Duration.ofSeconds(1);

    private final Loop loop;
    private final LinkService links;
    private final AddressService addresses;
    private final InterfaceTable table;
    private final KernelNotifications notifications;
    private final Consumer<KernelChange> listener;
    private final Runnable onNotification;
    private final OwnHardwareAddresses own = new OwnHardwareAddresses();

    private boolean stale = true;
    private Backoff pause =
            new Backoff(RetryPolicy.doubling(Duration.ofMillis(10), Duration.ofSeconds(1)));
    private Moment retryAt;

    /**
     * Opens the socket.
     *
     * @param listener is told of each change as soon as the table has it
     * @param onNotification called when there is something to {@link #read}
     */
    InterfaceMonitor(
            Loop loop,
            LibC libC,
            LinkService links,
            AddressService addresses,
            InterfaceTable table,
            Consumer<KernelChange> listener,
            Runnable onNotification)
            throws IOException {
        this.loop = loop;
        this.links = links;
        this.addresses = addresses;
        this.table = table;
        this.listener = listener;
        this.onNotification = onNotification;
        notifications = new KernelNotifications(loop, libC, onNotification);
        retryAt = loop.now();
    }

    /**
     * Reads everything, and listens from then on. Nothing is held yet: a kernel that others keep
     * busy is waited for, and only what it refuses ends the start.
     */
    void start() throws IOException {
        Moment until = loop.now().plus(LONGEST_START);
        for (boolean isTold = false; !isEverythingRead(until); isTold = true) {
            if (!isTold) {
                LOGGER.log(
                        Level.WARNING,
                        "the kernel is too busy to say which interfaces and addresses it has (others keep"
                                + " it so, such as by removing many interfaces); waiting for it before"
                                + " anything is done");
            }
        }
        notifications.start();
    }

    private boolean isEverythingRead(Moment until) throws IOException {
        try {
            readEverything();
            return true;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ETIMEDOUT || !loop.now().isBefore(until)) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Takes in everything that the kernel has said until now.
     *
     * <p>Where that cannot be had the table stays as it was: what is known of yesterday is a better
     * guess than that there is nothing.
     *
     * @return false when the rest has to wait
     */
    boolean read() {
        Drained drained = Drained.ALL;
        try {
            drained = notifications.drain(this::apply);
            if (drained == Drained.LOST) {
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
        return drained == Drained.ALL;
    }

    /** Whether the table lacks something, so that an address may be there that it does not show. */
    boolean isStale() {
        return stale;
    }

    /** Waits for whatever change of interfaces is half done, and takes it in. */
    void awaitChangeUnderWay() {
        try {
            links.awaitChangeUnderWay();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "the kernel did not answer: " + e.getMessage());
        }
        read();
    }

    /** Whether this host has that hardware address, or had it within five minutes. */
    boolean isOwn(HardwareAddress address) {
        return own.contains(address, loop.now());
    }

    @Override
    public void close() {
        notifications.close();
    }

    private void apply(NetlinkMessage message) {
        table.apply(message, loop.now()).ifPresent(this::take);
    }

    private void take(KernelChange change) {
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, change.toString());
        }
        if (change instanceof KernelChange.Link(_, LinkMessage link, boolean isDeleted, _)) {
            own.update(link.index(), isDeleted ? Set.of() : link.hardwareAddresses(), loop.now());
        }
        listener.accept(change);
    }

    /**
     * Asks what the kernel has, and takes it in when all of it has been answered. Changes meanwhile
     * are notifications, which are read last. Where those are lost again and again, or each round
     * takes long, that is left for later: others wait for this thread.
     */
    private void readEverything() throws IOException {
        stale = true;
        Moment lastRoundBegins = loop.now().plus(LONGEST_ROUNDS);
        for (int round = 0;
                stale && round < MOST_ROUNDS && !loop.now().isAfter(lastRoundBegins);
                round++) {
            List<LinkMessage> allLinks = links.list();
            List<AddressMessage> allAddresses = addresses.list();
            listener.accept(new KernelChange.Everything());
            table.reset();
            own.retain(
                    allLinks.stream().map(LinkMessage::index).collect(Collectors.toSet()),
                    loop.now());
            allLinks.forEach(link -> take(table.put(link)));
            allAddresses.forEach(address -> take(table.put(address, loop.now())));
            stale = notifications.drain(this::apply) == Drained.LOST;
        }
        if (stale) {
            readAgainLater(loop.now());
        }
    }

    private void readAnew() {
        Moment begunAt = loop.now();
        try {
            readEverything();
            if (!stale && pause.failures() > 0) {
                LOGGER.log(Level.INFO, "what the kernel has could be read again");
            }
            pause = stale ? pause : pause.afterSuccess();
        } catch (IOException e) {
            if (pause.failures() == 0) {
                LOGGER.log(
                        Level.WARNING,
                        "cannot read which interfaces and addresses the kernel has: {0}; trying"
                                + " again, and until then an address is removed in every form that"
                                + " it could have",
                        e.getMessage());
            }
            readAgainLater(begunAt);
        }
    }

    /** What takes long must not be all that this thread does. */
    private void readAgainLater(Moment begunAt) {
        pause = pause.afterFailure();
        Moment now = loop.now();
        Duration took = begunAt.until(now);
        Moment rested = now.plus(took.multipliedBy(PART_OF_THE_TIME));
        retryAt = Moment.later(rested, now.plus(pause.pause()));
        loop.at(retryAt, onNotification);
    }
}
