package org.vipmanager.posix;

/**
 * Waits until a descriptor can be read, or until somebody wakes it for good.
 *
 * <p>poll(2) on the descriptor and an eventfd(2): no other way ends the wait of a thread on a
 * netlink or packet socket at once, because shutdown(2) does not work on them.
 */
public final class WakeablePoll implements AutoCloseable {

    /** {@code struct pollfd}: descriptor at 0, wanted events at 4, seen events at 6 (poll.h). */
    private static final int POLLFD = 8;

    private static final short POLLIN = 1;

    private final LibC libC;
    private final NativeBuffer descriptors;
    private final int wakeUp;

    public WakeablePoll(LibC libC, int descriptor) throws ErrnoException {
        this.libC = libC;
        wakeUp = libC.eventfd(0, NativeSocket.NONBLOCK | NativeSocket.CLOEXEC);
        if (wakeUp < 0) {
            throw new ErrnoException("eventfd(0)", -wakeUp);
        }
        descriptors = libC.allocate(2 * POLLFD);
        descriptors.bytes().putInt(0, descriptor).putShort(4, POLLIN);
        descriptors.bytes().putInt(POLLFD, wakeUp).putShort(POLLFD + 4, POLLIN);
    }

    /**
     * Waits as long as it takes.
     *
     * @return true when there is something to read (an error counts), false when woken
     */
    public boolean awaitReadable() {
        while (true) {
            int ready = libC.poll(descriptors, 2, -1);
            if (ready > 0) {
                return descriptors.bytes().getShort(POLLFD + 6) == 0;
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
