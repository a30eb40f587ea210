package org.vipmanager.netlink;

import org.vipmanager.control.Loop;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.netlink.protocol.NetlinkSocket;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;
import org.vipmanager.posix.WaitingThread;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The kernel's messages about links and addresses.
 *
 * <p>A thread waits for them, but only the loop reads them: the kernel queues the message about a
 * change before it acknowledges the request that made it, so who reads the queue after a request
 * has seen its effect and everything before it.
 */
final class KernelNotifications implements AutoCloseable {

    private static final int LARGEST_DATAGRAM = 64 << 10;

    /** The buffer's content is read within that, unless it is filled again meanwhile. */
    private static final Duration LONGEST_DRAIN = Duration.ofMillis(200);

    /** After how many datagrams the clock is looked at. */
    private static final int BETWEEN_LOOKS = 64;

    private final TimeSource time;
    private final NativeSocket socket;
    private final NativeBuffer buffer;
    private final Semaphore wasRead = new Semaphore(0);
    private final WaitingThread thread;

    /**
     * @param read called on the loop when there is something to {@link #drain}
     */
    KernelNotifications(Loop loop, LibC libC, Runnable read) throws ErrnoException {
        time = loop;
        socket =
                NetlinkSocket.forNotifications(
                        libC,
                        NetlinkSocket.GROUP_LINK
                                | NetlinkSocket.GROUP_IPV4_ADDRESS
                                | NetlinkSocket.GROUP_IPV6_ADDRESS);
        buffer = libC.allocate(LARGEST_DATAGRAM);
        thread =
                new WaitingThread(
                        libC,
                        loop,
                        "netlink",
                        "waits for the kernel",
                        () -> tellAndWait(loop, read),
                        socket);
    }

    void start() {
        thread.start();
    }

    /** How far {@link #drain} came. */
    enum Drained {
        /** Everything that was queued has been handed over. */
        ALL,
        /** Others change things faster than that can be read: the rest is handed over later. */
        NOT_YET_ALL,
        /** Messages were lost: what the kernel has must be asked anew. */
        LOST
    }

    /** Hands over everything that is queued, without waiting, for a fifth of a second at most. */
    Drained drain(Consumer<NetlinkMessage> each) throws ErrnoException {
        boolean complete = true;
        Moment until = time.now().plus(LONGEST_DRAIN);
        for (int datagrams = 1; ; datagrams++) {
            int length = socket.receive(buffer, NativeSocket.TRUNCATED_LENGTH);
            if (length == -Errno.EAGAIN) {
                return complete ? Drained.ALL : Drained.LOST;
            } else if (length == -Errno.ENOBUFS || length > buffer.capacity()) {
                complete = false;
            } else if (length < 0 && length != -Errno.EINTR) {
                throw new ErrnoException("a notification of the kernel", -length);
            } else if (complete && length > 0) {
                complete = handOver(length, each);
            }
            if (datagrams % BETWEEN_LOOKS == 0 && !time.now().isBefore(until)) {
                return complete ? Drained.NOT_YET_ALL : Drained.LOST;
            }
        }
    }

    /** Returns false when the datagram makes no sense, which is as good as lost. */
    private boolean handOver(int length, Consumer<NetlinkMessage> each) {
        try {
            NetlinkMessage.split(buffer.bytes().position(0).limit(length)).forEach(each);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** Ends the thread; called on the loop. */
    @Override
    public void close() {
        thread.close();
    }

    private void tellAndWait(Loop loop, Runnable read) {
        loop.execute(() -> readAndRelease(read));
        try {
            wasRead.acquire();
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void readAndRelease(Runnable read) {
        if (thread.isClosed()) {
            return;
        }
        try {
            read.run();
        } finally {
            wasRead.release();
        }
    }
}
