package org.vipmanager.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * An open socket, or another descriptor of the C library, whose errors are exceptions with
 * arguments.
 *
 * <p>The calls on which a caller expects errors ({@link #send}, {@link #receive}) return them as
 * negative numbers instead. Safe for use by several threads as far as the buffers are; closing is
 * for the owner, when nobody uses it any more.
 */
public final class NativeSocket implements AutoCloseable {

    /** {@code SOCK_NONBLOCK | SOCK_CLOEXEC}, for {@code type} (bits/socket_type.h). */
    public static final int NONBLOCK = 0x800;

    public static final int CLOEXEC = 0x80000;

    /** {@code MSG_DONTWAIT}, {@code MSG_TRUNC}, {@code MSG_NOSIGNAL} (bits/socket.h). */
    public static final int TRUNCATED_LENGTH = 0x20;

    public static final int NO_SIGNAL = 0x4000;

    public static final int SOL_SOCKET = 1;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_ATTACH_FILTER = 26;
    public static final int SO_RCVBUFFORCE = 33;

    private final LibC libC;
    private final int descriptor;
    private boolean closed;

    private NativeSocket(LibC libC, int descriptor) {
        this.libC = libC;
        this.descriptor = descriptor;
    }

    /** socket(2); {@code SOCK_CLOEXEC} is added. */
    public static NativeSocket open(LibC libC, int domain, int type, int protocol)
            throws ErrnoException {
        int descriptor = libC.socket(domain, type | CLOEXEC, protocol);
        if (descriptor < 0) {
            String call = "socket(" + domain + ", 0x" + Integer.toHexString(type) + ", " + protocol;
            throw new ErrnoException(call + ")", -descriptor);
        }
        return new NativeSocket(libC, descriptor);
    }

    public int descriptor() {
        return descriptor;
    }

    /** bind(2) to the address that the whole buffer is. */
    public void bind(NativeBuffer address) throws ErrnoException {
        check("bind", libC.bind(descriptor, address));
    }

    /** connect(2) to the address that the whole buffer is. */
    public void connect(NativeBuffer address) throws ErrnoException {
        check("connect", libC.connect(descriptor, address));
    }

    /** listen(2). */
    public void listen(int backlog) throws ErrnoException {
        check("listen", libC.listen(descriptor, backlog));
    }

    /**
     * accept4(2); the new socket does not block.
     *
     * @return empty when nobody waits any more
     */
    public Optional<NativeSocket> accept() throws ErrnoException {
        int accepted = libC.accept(descriptor, NONBLOCK | CLOEXEC);
        if (accepted == -Errno.EAGAIN || accepted == -Errno.ECONNABORTED) {
            return Optional.empty();
        }
        check("accept", accepted);
        return Optional.of(new NativeSocket(libC, accepted));
    }

    /**
     * getsockopt(2): the value.
     *
     * @param longest bytes that it may have
     */
    public ByteBuffer option(int level, int option, int longest) throws ErrnoException {
        NativeBuffer buffer = libC.allocate(Integer.BYTES + longest);
        check(
                "getsockopt level " + level + " option " + option,
                libC.getsockopt(descriptor, level, option, buffer));
        int length = buffer.bytes().getInt(0);
        ByteBuffer value = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        return value.put(buffer.bytes().slice(Integer.BYTES, length)).flip();
    }

    /** setsockopt(2) with an int. */
    public void setOption(int level, int option, int value) throws ErrnoException {
        NativeBuffer buffer = libC.allocate(Integer.BYTES);
        buffer.bytes().putInt(0, value);
        setOption(level, option, buffer);
    }

    /** setsockopt(2) with a {@code struct timeval}. */
    public void setTimeout(int option, int seconds) throws ErrnoException {
        NativeBuffer buffer = libC.allocate(2 * Long.BYTES);
        buffer.bytes().putLong(0, seconds);
        setOption(SOL_SOCKET, option, buffer);
    }

    /** setsockopt(2) with the whole buffer. */
    public void setOption(int level, int option, NativeBuffer value) throws ErrnoException {
        int result = libC.setsockopt(descriptor, level, option, value);
        check("setsockopt level " + level + " option " + option, result);
    }

    /** send(2): the number of bytes, or the negative errno. */
    public int send(NativeBuffer buffer, int length, int flags) {
        return libC.send(descriptor, buffer, length, flags | NO_SIGNAL);
    }

    /** sendto(2): the number of bytes, or the negative errno. */
    public int send(NativeBuffer buffer, int length, int flags, NativeBuffer address) {
        return libC.sendto(descriptor, buffer, length, flags | NO_SIGNAL, address);
    }

    /** recv(2): the number of bytes, or the negative errno. */
    public int receive(NativeBuffer buffer, int flags) {
        return libC.recv(descriptor, buffer, flags);
    }

    /** recvfrom(2): the number of bytes, or the negative errno. */
    public int receive(NativeBuffer buffer, int flags, NativeBuffer lengthAndAddress) {
        return libC.recvfrom(descriptor, buffer, flags, lengthAndAddress);
    }

    /** ioctl(2): the result, or the negative errno. */
    public int control(long request, NativeBuffer argument) {
        return libC.ioctl(descriptor, request, argument);
    }

    /** close(2); its errors are of no use to anybody. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libC.close(descriptor);
        }
    }

    private void check(String call, int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call + " (descriptor " + descriptor + ")", -result);
        }
    }
}
