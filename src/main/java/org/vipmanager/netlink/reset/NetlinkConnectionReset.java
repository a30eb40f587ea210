package org.vipmanager.netlink.reset;

import org.vipmanager.control.ConnectionReset;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends connections by this host's kernel, on a thread of its own: the kernel waits for a process
 * that is within a call on one of them, and whoever removes the address must not.
 */
public final class NetlinkConnectionReset implements ConnectionReset {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    /** Goes on for so long after the address is gone, for the programs on this host. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** What is let go within this time shares one wait. */
    private static final Duration AT_THE_SAME_TIME = Duration.ofSeconds(1);

    private static final int MOST_WAITING = 4096;

    private final TimeSource time;
    private final ConnectedSockets sockets;

    /** Stays: whoever starts a thread waits until it runs, on a busy machine longer than he may. */
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MOST_WAITING),
                    Thread.ofPlatform().daemon().name("connections").factory());

    private final Map<VirtualIp, Ending> underWay = new ConcurrentHashMap<>();
    private volatile boolean isImpossible;
    private Moment firstBegan = Moment.LONG_AGO;
    private long waitedNanos;

    /** Ends nothing yet. */
    private NetlinkConnectionReset(TimeSource time, LibC libC) {
        this.time = time;
        sockets = new ConnectedSockets(libC);
    }

    /**
     * Finds out in the background whether the kernel can do it, so that the first time, which
     * counts, is as fast as the others.
     */
    public static NetlinkConnectionReset prepare(TimeSource time, LibC libC) {
        NetlinkConnectionReset prepared = new NetlinkConnectionReset(time, libC);
        prepared.aside(prepared::practise);
        return prepared;
    }

    @Override
    public void begin(VirtualIp vip, Moment until) {
        if (isImpossible || vip.address().isLinkLocalAddress()) {
            return; // the same link-local address may be another's on another interface
        }
        Ending ending = new Ending(vip, time.now().plus(LONGEST));
        underWay.put(vip, ending);
        if (!aside(ending)) {
            underWay.remove(vip, ending);
            return;
        }
        await(ending, until);
    }

    @Override
    public void spare(VirtualIp vip) {
        Ending ending = underWay.remove(vip);
        if (ending != null) {
            ending.spared = true;
        }
    }

    private void await(Ending ending, Moment until) {
        Moment now = time.now();
        if (firstBegan.until(now).compareTo(AT_THE_SAME_TIME) > 0) {
            firstBegan = now;
            waitedNanos = 0;
        }
        long nanos = now.until(until).toNanos() - waitedNanos;
        if (nanos <= 0) {
            return;
        }
        try {
            if (!ending.over.await(nanos, TimeUnit.NANOSECONDS)) {
                LOGGER.log(
                        Level.WARNING,
                        "{0} is removed before all its connections are reset: some of its clients"
                                + " will not learn of it until they send something",
                        ending.vip);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waitedNanos += now.until(time.now()).toNanos();
    }

    private boolean aside(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (OutOfMemoryError | RejectedExecutionException noThread) {
            LOGGER.log(
                    Level.WARNING,
                    "connections are not reset, as no thread can be had: clients of a removed address will"
                            + " not learn of it until they send something; look at the limits of"
                            + " threads and memory");
            return false;
        }
    }

    private void practise() {
        try {
            sockets.practise();
        } catch (IOException | RuntimeException | Error e) {
            giveUp(e);
        }
    }

    /** Once and for all: what was asked for meanwhile finds out the same. */
    private void giveUp(Throwable why) {
        if (isImpossible) {
            return;
        }
        isImpossible = true;
        LOGGER.log(
                Level.WARNING,
                "reset-connections has no effect: {0} (needs CAP_NET_ADMIN, and a kernel with"
                        + " CONFIG_INET_DIAG_DESTROY); clients of a removed address will not learn of"
                        + " it until they send something",
                why.getMessage());
    }

    /** The connections of one address, until there are none. */
    private final class Ending implements Runnable {

        private final VirtualIp vip;
        private final Moment until;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile boolean spared;

        Ending(VirtualIp vip, Moment until) {
            this.vip = vip;
            this.until = until;
        }

        @Override
        public void run() {
            int ended = 0;
            try {
                ended = sockets.end(vip.address(), this::goesOn);
            } catch (IOException | RuntimeException | Error e) {
                giveUp(e);
            } finally {
                over.countDown(); // before the log, for which nobody need wait
                underWay.remove(vip, this);
            }
            if (ended > 0) {
                LOGGER.log(Level.INFO, "{0}: connections reset: {1}", vip, ended);
            }
        }

        private boolean goesOn() {
            return !spared && time.now().isBefore(until);
        }
    }
}
