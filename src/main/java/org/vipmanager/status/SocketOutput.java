package org.vipmanager.status;

import org.vipmanager.posix.Errno;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Writes to a socket that does not block, until a deadline: who reads too slowly gets no more.
 * Needs one buffer, whatever is written. For one thread.
 */
final class SocketOutput extends OutputStream {

    private static final int BUFFER = 8192;

    /** struct pollfd and POLLOUT, poll(2). */
    private static final int POLLFD = 8;

    private static final short POLLOUT = 4;

    /** So long a stop waits at most. */
    private static final int WAIT_MILLIS = 50;

    private final LibC libC;
    private final NativeSocket socket;
    private final NativeBuffer buffer;
    private final NativeBuffer poll;
    private final long deadlineNanos;
    private final BooleanSupplier stopped;

    SocketOutput(LibC libC, NativeSocket socket, Duration patience, BooleanSupplier stopped) {
        this.libC = libC;
        this.socket = socket;
        this.stopped = stopped;
        buffer = libC.allocate(BUFFER);
        poll = libC.allocate(POLLFD);
        deadlineNanos = System.nanoTime() + patience.toNanos();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int written = 0;
        while (written < length) {
            int size = Math.min(BUFFER, length - written);
            buffer.bytes().put(0, bytes, offset + written, size);
            int sent = socket.send(buffer, size, 0);
            if (sent >= 0) {
                written += sent;
            } else if (sent == -Errno.EAGAIN) {
                awaitRoom();
            } else if (sent != -Errno.EINTR) {
                throw new IOException("send: " + Errno.of(-sent));
            }
        }
    }

    private void awaitRoom() throws IOException {
        if (stopped.getAsBoolean() || System.nanoTime() - deadlineNanos > 0) {
            throw new IOException("nobody reads it");
        }
        poll.bytes().putInt(0, socket.descriptor()).putShort(4, POLLOUT);
        libC.poll(poll, 1, WAIT_MILLIS);
    }
}
