package org.vipmanager.netlink.protocol;

import org.jspecify.annotations.Nullable;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.io.IOException;
import java.util.List;

/**
 * A socket of netlink(7) that speaks with the kernel and nobody else. Used by one thread at a time.
 */
public final class NetlinkSocket implements AutoCloseable {

    /** linux/rtnetlink.h. */
    public static final int GROUP_LINK = 0x1;

    public static final int GROUP_IPV4_ADDRESS = 0x10;
    public static final int GROUP_IPV6_ADDRESS = 0x100;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int NETLINK_SOCK_DIAG = 4;

    /** linux/netlink.h. */
    private static final int SOL_NETLINK = 270;

    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;

    /** An acknowledgement is there when send(2) returns: only a broken kernel takes longer. */
    private static final int DEADLINE_SECONDS = 1;

    /** Room for the notifications of some thousand addresses at once. */
    private static final int RECEIVE_BUFFER = 4 << 20;

    private final NativeSocket socket;

    private NetlinkSocket(NativeSocket socket) {
        this.socket = socket;
    }

    /** For requests: receiving waits for a second at most. */
    static NetlinkSocket forRequests(LibC libC) throws ErrnoException {
        NativeSocket socket = open(libC, NETLINK_ROUTE, 0, 0);
        socket.setTimeout(NativeSocket.SO_RCVTIMEO, DEADLINE_SECONDS);
        setIfKnown(socket, NETLINK_CAP_ACK);
        setIfKnown(socket, NETLINK_EXT_ACK);
        setIfKnown(socket, NETLINK_GET_STRICT_CHK);
        return new NetlinkSocket(socket);
    }

    /** For questions about sockets, sock_diag(7): receiving never waits. */
    public static NetlinkSocket forSockets(LibC libC) throws ErrnoException {
        return new NetlinkSocket(open(libC, NETLINK_SOCK_DIAG, NativeSocket.NONBLOCK, 0));
    }

    /** For notifications of these groups, of which some may be lost: receiving never waits. */
    public static NativeSocket forNotifications(LibC libC, int groups) throws ErrnoException {
        return open(libC, NETLINK_ROUTE, NativeSocket.NONBLOCK, groups);
    }

    /** Sends what begins the buffer; the kernel works meanwhile. Allocates nothing. */
    public void send(NativeBuffer buffer, int length) throws ErrnoException {
        int sent = socket.send(buffer, length, 0);
        while (sent == -Errno.EINTR) {
            sent = socket.send(buffer, length, 0);
        }
        if (sent < 0) {
            throw new ErrnoException("send to the kernel", -sent);
        }
    }

    /**
     * Receives a datagram.
     *
     * @param buffer takes it; the messages share its bytes
     * @return null where there is none, for as long as this socket waits
     */
    public @Nullable List<NetlinkMessage> receive(NativeBuffer buffer) throws IOException {
        int length = socket.receive(buffer, NativeSocket.TRUNCATED_LENGTH);
        while (length == -Errno.EINTR) {
            length = socket.receive(buffer, NativeSocket.TRUNCATED_LENGTH);
        }
        if (length == -Errno.EAGAIN) {
            return null;
        }
        if (length < 0 || length > buffer.capacity()) {
            throw new ErrnoException("the kernel's answer", length < 0 ? -length : Errno.EMSGSIZE);
        }
        try {
            return NetlinkMessage.split(buffer.bytes().position(0).limit(length));
        } catch (IllegalArgumentException e) {
            throw new IOException("the kernel's answer makes no sense: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /**
     *
     *
     * <pre>
     * struct sockaddr_nl (linux/netlink.h): u16 family, u16 padding, u32 port, u32 groups
     * </pre>
     *
     * Connected to port 0, so that only the kernel's messages are received.
     */
    private static NativeSocket open(LibC libC, int protocol, int type, int groups)
            throws ErrnoException {
        NativeSocket socket = NativeSocket.open(libC, AF_NETLINK, SOCK_RAW | type, protocol);
        try {
            setReceiveBuffer(socket);
            NativeBuffer address = libC.allocate(12);
            address.bytes().putShort(0, (short) AF_NETLINK).putInt(8, groups);
            socket.bind(address);
            address.bytes().putInt(8, 0);
            socket.connect(address);
            return socket;
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
    }

    /** Beyond the system's limit needs CAP_NET_ADMIN; without it the default has to do. */
    private static void setReceiveBuffer(NativeSocket socket) throws ErrnoException {
        try {
            socket.setOption(NativeSocket.SOL_SOCKET, NativeSocket.SO_RCVBUFFORCE, RECEIVE_BUFFER);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
        }
    }

    /** Kernels before 4.20 lack some of these: they explain less and answer more, nothing else. */
    private static void setIfKnown(NativeSocket socket, int option) throws ErrnoException {
        try {
            socket.setOption(SOL_NETLINK, option, 1);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOPROTOOPT) {
                throw e;
            }
        }
    }
}
