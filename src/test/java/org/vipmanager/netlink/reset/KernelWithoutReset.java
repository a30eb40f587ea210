package org.vipmanager.netlink.reset;

import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.posix.CompliantSockets;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.NativeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A kernel that ends no connection, as each of its kind answers (net/core/sock_diag.c): socket(2)
 * fails without sock_diag, every request with ENOENT without inet_diag, and the end of a connection
 * with EOPNOTSUPP without INET_DIAG_DESTROY. A list is empty where there can be one.
 */
final class KernelWithoutReset extends CompliantSockets {

    /** What it lacks. */
    enum Lack {
        SOCK_DIAG("EPROTONOSUPPORT"),
        INET_DIAG("ENOENT"),
        INET_DIAG_DESTROY("EOPNOTSUPP");

        private final String error;

        Lack(String error) {
            this.error = error;
        }

        String error() {
            return error;
        }
    }

    private static final int EPROTONOSUPPORT = 93;

    /** How often a socket was asked for. */
    final AtomicInteger sockets = new AtomicInteger();

    private final Lack lack;
    private final Map<Integer, Queue<byte[]>> answers = new ConcurrentHashMap<>();

    KernelWithoutReset(Lack lack) {
        this.lack = lack;
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        int descriptor = 1_000_000 + sockets.incrementAndGet(); // nobody's
        answers.put(descriptor, new ConcurrentLinkedQueue<>());
        return lack == Lack.SOCK_DIAG ? -EPROTONOSUPPORT : descriptor;
    }

    @Override
    public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
        ByteBuffer sent = buffer.bytes().duplicate().clear().limit(length);
        for (NetlinkMessage request : NetlinkMessage.split(sent.order(ByteOrder.nativeOrder()))) {
            boolean ends = request.type() == SocketMessage.SOCK_DESTROY;
            if (lack == Lack.INET_DIAG) {
                answer(descriptor, NetlinkMessage.ERROR, -Errno.ENOENT);
            } else if (ends) {
                answer(descriptor, NetlinkMessage.ERROR, -Errno.EOPNOTSUPP);
            } else {
                answer(descriptor, NetlinkMessage.DONE, 0);
            }
        }
        return length;
    }

    /** The error, and the header of what caused it. */
    private void answer(int descriptor, int type, int error) {
        ByteBuffer answer = ByteBuffer.allocate(36).order(ByteOrder.nativeOrder());
        NetlinkMessage.begin(answer, type, 0, 1);
        answer.putInt(error).position(answer.capacity());
        NetlinkMessage.finish(answer);
        answers.get(descriptor).add(answer.array());
    }

    @Override
    public int recv(int descriptor, NativeBuffer buffer, int flags) {
        byte[] answer = answers.getOrDefault(descriptor, new ArrayDeque<>()).poll();
        if (answer == null) {
            return -Errno.EAGAIN;
        }
        buffer.bytes().duplicate().clear().put(0, answer);
        return answer.length;
    }

    @Override
    public int close(int descriptor) {
        answers.remove(descriptor);
        return 0;
    }
}
