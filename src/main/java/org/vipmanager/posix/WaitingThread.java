package org.vipmanager.posix;

import org.vipmanager.control.Loop;

/**
 * A thread that waits until one of some sockets can be read, and owns them.
 *
 * <p>Should it end by a defect, the loop ends with it: whoever hears nothing any more must not go
 * on.
 */
public final class WaitingThread implements AutoCloseable {

    private static final long STACK = 256 << 10;

    /** The daemon's end waits for this, and is cut short after three seconds at the earliest. */
    private static final long PATIENCE_MILLIS = 100;

    private final NativeSocket[] sockets;
    private final WakeablePoll poll;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Opened, but not started.
     *
     * @param name of the thread
     * @param duty what it does, for the message of a defect: {@code "waits for the kernel"}
     * @param onReadable called on the thread while there is something to read; interrupted by
     *     {@link #close}
     */
    public WaitingThread(
            LibC libC,
            Loop loop,
            String name,
            String duty,
            Runnable onReadable,
            NativeSocket... sockets)
            throws ErrnoException {
        this.sockets = sockets.clone();
        int[] descriptors = new int[sockets.length];
        for (int i = 0; i < sockets.length; i++) {
            descriptors[i] = sockets[i].descriptor();
        }
        poll = new WakeablePoll(libC, descriptors);
        thread = new Thread(null, () -> callUntilClosed(onReadable), name, STACK);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((_, defect) -> loop.execute(() -> end(duty, defect)));
    }

    public void start() {
        thread.start();
    }

    public boolean isClosed() {
        return closed;
    }

    /** Ends the thread, and closes the sockets unless it hangs. Called on the loop. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        poll.wake();
        thread.interrupt();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            poll.close();
            for (NativeSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private void callUntilClosed(Runnable onReadable) {
        while (poll.awaitReadable() && !closed) {
            onReadable.run();
        }
    }

    private static void end(String duty, Throwable defect) {
        throw new IllegalStateException("the thread that " + duty + " has ended", defect);
    }
}
