package org.vipmanager.netlink;

import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.netlink.protocol.RtnetlinkConnection;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the kernel answers about interfaces. */
final class LinkService {

    /** The first interface of every network namespace (LOOPBACK_IFINDEX in net/flow.h). */
    private static final int LOOPBACK_INDEX = 1;

    private final RtnetlinkConnection connection;

    LinkService(RtnetlinkConnection connection) {
        this.connection = connection;
    }

    /** The index of the interface of that name; empty when there is none. */
    Optional<Integer> find(String name) throws IOException {
        LinkMessage.encodeQuestion(connection.begin(NetlinkMessage.GET_LINK, 0), name);
        NetlinkMessage answer = connection.ask(NetlinkMessage.NEW_LINK);
        if (answer.type() == NetlinkMessage.NEW_LINK) {
            return Optional.of(LinkMessage.parse(answer.payload()).index());
        }
        NetlinkMessage.Acknowledgement refusal = NetlinkMessage.Acknowledgement.parse(answer);
        if (refusal.errno() == Errno.ENODEV) {
            return Optional.empty();
        }
        throw new ErrnoException("asking for interface " + name, refusal.errno());
    }

    /** Every interface. */
    List<LinkMessage> list() throws IOException {
        List<LinkMessage> links = new ArrayList<>();
        connection.dump(
                NetlinkMessage.GET_LINK,
                question -> LinkMessage.encodeQuestion(question, 0),
                message -> LinkMessage.of(message).ifPresent(links::add));
        return links;
    }

    /**
     * Waits for whatever change of interfaces is half done: the kernel answers a question about an
     * interface when nobody else changes one (rtnl_lock).
     */
    void awaitChangeUnderWay() throws IOException {
        ByteBuffer bytes = connection.begin(NetlinkMessage.GET_LINK, NetlinkMessage.ACKNOWLEDGE);
        LinkMessage.encodeQuestion(bytes, LOOPBACK_INDEX);
        connection.exchange();
    }
}
