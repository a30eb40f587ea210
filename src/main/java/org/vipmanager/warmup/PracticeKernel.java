package org.vipmanager.warmup;

import org.vipmanager.posix.Errno;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A kernel with one interface, which takes every address and tells of it, and sends nothing.
 *
 * <p>Its sockets are eventfds: each call is made with one as well, which refuses it, so that the
 * way to the C library is gone too. It waits for nobody. Used on the loop.
 */
final class PracticeKernel implements LibC {

    static final String INTERFACE = "practice";

    private static final int INDEX = 1;

    /** linux/netlink.h, linux/rtnetlink.h. */
    private static final int AF_NETLINK = 16;

    private static final int HEADER = 16;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int NEW_LINK = 16;
    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int DELETE_ADDRESS = 21;
    private static final int DUMP = 0x300;
    private static final int REQUEST_FLAGS_OFFSET = 6;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int IFLA_IFNAME = 3;

    /** linux/if.h: up, and its cable is in. */
    private static final int UP = 0x1 | 0x10000;

    /** linux/sockios.h, linux/if_arp.h. */
    private static final int SIOCGIFFLAGS = 0x8913;

    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int IFREQ_VALUE = 16;
    private static final int ARPHRD_ETHER = 1;
    private static final int LOCALLY_ADMINISTERED = 2;

    private final LibC real;
    private final Deque<ByteBuffer> answers = new ArrayDeque<>();
    private final Deque<ByteBuffer> notifications = new ArrayDeque<>();
    private int notified = -1;

    PracticeKernel(LibC real) {
        this.real = real;
    }

    @Override
    public NativeBuffer allocate(int size) {
        return real.allocate(size);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        int descriptor = real.eventfd(0, NativeSocket.NONBLOCK | NativeSocket.CLOEXEC);
        if (domain == AF_NETLINK && (type & NativeSocket.NONBLOCK) != 0) {
            notified = descriptor;
        }
        return descriptor;
    }

    @Override
    public int bind(int descriptor, NativeBuffer address) {
        return 0;
    }

    @Override
    public int connect(int descriptor, NativeBuffer address) {
        return 0;
    }

    @Override
    public int listen(int descriptor, int backlog) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int accept(int descriptor, int flags) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int getsockopt(int descriptor, int level, int option, NativeBuffer lengthAndValue) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, NativeBuffer value) {
        return 0;
    }

    @Override
    public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
        real.send(descriptor, buffer, length, flags);
        ByteBuffer request = buffer.bytes().duplicate().order(ByteOrder.nativeOrder());
        take(request.position(0).limit(length));
        return length;
    }

    private void take(ByteBuffer request) {
        int type = request.getShort(4);
        int sequence = request.getInt(SEQUENCE_OFFSET);
        ByteBuffer payload = request.position(HEADER);
        boolean isDump = (request.getShort(REQUEST_FLAGS_OFFSET) & DUMP) == DUMP;
        if (type == NEW_ADDRESS || type == DELETE_ADDRESS) {
            notifications.add(message(type, 0, payload));
        } else if (type == GET_LINK) {
            answers.add(message(NEW_LINK, sequence, link()));
        }
        boolean isList = isDump && type != NEW_ADDRESS;
        ByteBuffer success = bytes(Integer.BYTES + HEADER);
        answers.add(message(isList ? DONE : ERROR, sequence, success));
    }

    /** struct ifinfomsg, and the attribute of its name: rtnetlink(7). */
    private static ByteBuffer link() {
        byte[] name = INTERFACE.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer link = bytes(HEADER + 4 + name.length + 4);
        link.putInt(4, INDEX).putInt(8, UP);
        link.putShort(HEADER, (short) (4 + name.length + 1));
        link.putShort(HEADER + 2, (short) IFLA_IFNAME).put(HEADER + 4, name);
        return link;
    }

    private static ByteBuffer message(int type, int sequence, ByteBuffer payload) {
        int length = HEADER + payload.remaining();
        ByteBuffer message =
                bytes(length).putInt(length).putShort((short) type).putShort((short) 0);
        return message.putInt(sequence).putInt(0).put(payload).flip();
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    @Override
    public int sendto(
            int descriptor, NativeBuffer buffer, int length, int flags, NativeBuffer address) {
        real.sendto(descriptor, buffer, length, flags, address);
        return length;
    }

    @Override
    public int recv(int descriptor, NativeBuffer buffer, int flags) {
        real.recv(descriptor, buffer, flags);
        ByteBuffer next = (descriptor == notified ? notifications : answers).poll();
        if (next == null) {
            return -Errno.EAGAIN;
        }
        int length = next.remaining();
        buffer.bytes().duplicate().clear().put(next);
        return length;
    }

    @Override
    public int recvfrom(
            int descriptor, NativeBuffer buffer, int flags, NativeBuffer lengthAndAddress) {
        return -Errno.EAGAIN;
    }

    @Override
    public int ioctl(int descriptor, long request, NativeBuffer argument) {
        real.ioctl(descriptor, request, argument);
        ByteBuffer bytes = argument.bytes();
        switch ((int) request) {
            case SIOCGIFFLAGS -> bytes.putShort(IFREQ_VALUE, (short) 1);
            case SIOCGIFHWADDR ->
                    bytes.putShort(IFREQ_VALUE, (short) ARPHRD_ETHER)
                            .put(IFREQ_VALUE + 2, (byte) LOCALLY_ADMINISTERED);
            case SIOCGIFINDEX -> bytes.putInt(IFREQ_VALUE, INDEX);
            default -> {} // nothing else is asked
        }
        return 0;
    }

    @Override
    public int write(int descriptor, NativeBuffer buffer, int length) {
        return real.write(descriptor, buffer, length);
    }

    @Override
    public int poll(NativeBuffer descriptors, int count, int timeoutMillis) {
        return real.poll(descriptors, count, timeoutMillis);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return real.eventfd(initialValue, flags);
    }

    @Override
    public int close(int descriptor) {
        return real.close(descriptor);
    }

    @Override
    public int kill(int process, int signal) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int prctl(int option, long argument) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int mlock2(long address, long length, int flags) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public long clockGettime(int clock) {
        return real.clockGettime(clock);
    }
}
