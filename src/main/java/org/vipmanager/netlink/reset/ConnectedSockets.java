package org.vipmanager.netlink.reset;

import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.netlink.protocol.NetlinkSocket;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Finds and ends the TCP connections of an address (SOCK_DESTROY of sock_diag(7), as {@code ss -K}
 * does): the kernel sends each peer a RST, as long as the address is there.
 *
 * <p>The kernel may make this thread wait for whoever uses a connection. Used by one thread.
 */
final class ConnectedSockets {

    /** Between two looks at the clock; some ten microseconds each. */
    private static final int ENDED_AT_ONCE = 64;

    /** The kernel fills up to 32 KiB at once (netlink_dump in net/netlink/af_netlink.c). */
    private static final int LARGEST_ANSWER = 64 << 10;

    private static final int LARGEST_QUESTION = 128;

    /** A list that changes while it is read may leave some out. */
    private static final int MOST_LISTS = 5;

    private final LibC libC;
    private final NativeBuffer question;
    private final NativeBuffer answer;
    private final NativeBuffer ends;

    ConnectedSockets(LibC libC) {
        this.libC = libC;
        question = libC.allocate(LARGEST_QUESTION);
        answer = libC.allocate(LARGEST_ANSWER);
        ends = libC.allocate(ENDED_AT_ONCE * SocketMessage.endLength());
    }

    /**
     * Ends all that can be found.
     *
     * @param goOn asked again and again
     * @return how many were ended
     * @throws IOException when the kernel cannot do it, or does not let this process
     */
    int end(InetAddress local, BooleanSupplier goOn) throws IOException {
        int ended = 0;
        boolean isIpv4 = local.getAddress().length == 4;
        for (int family :
                isIpv4
                        ? new int[] {SocketMessage.AF_INET, SocketMessage.AF_INET6}
                        : new int[] {SocketMessage.AF_INET6}) {
            int found = 1;
            for (int lists = 0; lists < MOST_LISTS && found > 0 && goOn.getAsBoolean(); lists++) {
                found = endListed(local, family, goOn);
                ended += found;
            }
        }
        return ended;
    }

    /**
     * Does all that {@link #end} does, to no connection, so that classes and the kernel's modules
     * are loaded.
     *
     * @throws IOException when the kernel cannot do it, or does not let this process
     */
    void practise() throws IOException {
        InetAddress nobodys = InetAddress.ofLiteral("0.0.0.0");
        endListed(nobodys, SocketMessage.AF_INET, () -> false);
        try (NetlinkSocket ending = NetlinkSocket.forSockets(libC)) {
            ends.bytes().clear();
            int start = beginEnd();
            SocketMessage.encodeEndOfNone(ends.bytes());
            finishEnd(start);
            flush(ending, 1);
        }
    }

    private int endListed(InetAddress local, int family, BooleanSupplier goOn) throws IOException {
        try (NetlinkSocket asking = NetlinkSocket.forSockets(libC);
                NetlinkSocket ending = NetlinkSocket.forSockets(libC)) {
            ask(asking, local, family);
            int ended = 0;
            while (true) {
                int waiting = 0;
                ends.bytes().clear();
                List<NetlinkMessage> listed = asking.receive(answer);
                if (listed == null) {
                    return ended; // the kernel leaves no list without an end
                }
                for (NetlinkMessage message : listed) {
                    switch (message.type()) {
                        case NetlinkMessage.DONE -> {
                            return ended + flush(ending, waiting);
                        }
                        case NetlinkMessage.ERROR ->
                                throw new ErrnoException(
                                        "list of connections",
                                        NetlinkMessage.Acknowledgement.parse(message).errno());
                        default -> {
                            if (SocketMessage.isFrom(local, message.payload())) {
                                int start = beginEnd();
                                SocketMessage.encodeEnd(ends.bytes(), message.payload());
                                finishEnd(start);
                                waiting++;
                            }
                        }
                    }
                    if (waiting == ENDED_AT_ONCE) {
                        ended += flush(ending, waiting);
                        waiting = 0;
                    }
                    if (!goOn.getAsBoolean()) {
                        return ended;
                    }
                }
                ended += flush(ending, waiting);
            }
        }
    }

    private void ask(NetlinkSocket asking, InetAddress local, int family) throws ErrnoException {
        ByteBuffer bytes = question.bytes().clear();
        int flags = NetlinkMessage.REQUEST | NetlinkMessage.DUMP;
        NetlinkMessage.begin(bytes, SocketMessage.SOCK_DIAG_BY_FAMILY, flags, 1);
        SocketMessage.encodeQuestion(bytes, family, local);
        asking.send(question, NetlinkMessage.finish(bytes));
    }

    private int beginEnd() {
        int start = ends.bytes().position();
        NetlinkMessage.begin(
                ends.bytes(), SocketMessage.SOCK_DESTROY, NetlinkMessage.REQUEST, start);
        return start;
    }

    private void finishEnd(int start) {
        ends.bytes().putInt(start, ends.bytes().position() - start);
    }

    /**
     * Sends what was prepared. The kernel answers only what it could not do, and has done the rest
     * when send(2) returns.
     *
     * @return how many were ended
     */
    private int flush(NetlinkSocket ending, int prepared) throws IOException {
        if (prepared == 0) {
            return 0;
        }
        ending.send(ends, ends.bytes().position());
        ends.bytes().clear();
        int ended = prepared;
        for (List<NetlinkMessage> answers = ending.receive(answer);
                answers != null;
                answers = ending.receive(answer)) {
            for (NetlinkMessage message : answers) {
                int errno = NetlinkMessage.Acknowledgement.parse(message).errno();
                if (errno == Errno.EOPNOTSUPP || errno == Errno.EPERM) {
                    throw new ErrnoException("end of a connection", errno);
                }
                ended--; // it has ended by itself
            }
        }
        return ended;
    }
}
