package org.vipmanager.posix;

/**
 * Waits until one of some descriptors can be read, or until somebody wakes it for good.
 *
 * <p>poll(2) on them and an eventfd(2): no other way ends the wait of a thread on a netlink or
 * packet socket at once, because shutdown(2) does not work on them.
 */
public final class WakeablePoll implements AutoCloseable {

    /** {@code struct pollfd}: descriptor at 0, wanted events at 4, seen events at 6 (poll.h). */
    private static final int POLLFD = 8;

    private static final short POLLIN = 1;

    private final LibC libC;
    private final NativeBuffer descriptors;
    private final int wakeUp;
    private final int count;

    public WakeablePoll(LibC libC, int... watched) throws ErrnoException {
        this.libC = libC;
        wakeUp = libC.eventfd(0, NativeSocket.NONBLOCK | NativeSocket.CLOEXEC);
        if (wakeUp < 0) {
            throw new ErrnoException("eventfd(0)", -wakeUp);
        }
        count = watched.length + 1;
        descriptors = libC.allocate(count * POLLFD);
        for (int i = 0; i < count; i++) {
            int descriptor = i == 0 ? wakeUp : watched[i - 1];
            descriptors.bytes().putInt(i * POLLFD, descriptor).putShort(i * POLLFD + 4, POLLIN);
        }
    }

    /**
     * Waits as long as it takes.
     *
     * @return true when there is something to read (an error counts), false when woken
     */
    public boolean awaitReadable() {
        while (true) {
            int ready = libC.poll(descriptors, count, -1);
            if (ready > 0) {
                return descriptors.bytes().getShort(6) == 0;
            }
        }
    }

    /**
     * Makes every {@link #awaitReadable}, also later ones, return false. Callable from any thread.
     */
    public void wake() {
        NativeBuffer one = libC.allocate(Long.BYTES);
        one.bytes().putLong(0, 1);
        libC.write(wakeUp, one, Long.BYTES);
    }

    /** When nobody waits any more. */
    @Override
    public void close() {
        libC.close(wakeUp);
    }
}
