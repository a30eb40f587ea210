package org.vipmanager.netlink;

import org.vipmanager.core.Moment;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Requests to the kernel and its answers, one at a time.
 *
 * <p>A request is prepared in memory that the C library reads, so that its last number can be set
 * and it can be sent with nothing in between. Every answer is matched by its sequence number: what
 * is left of a request that was given up is thrown away. Not safe for use by several threads.
 */
final class KernelRequests implements AutoCloseable {

    private static final int LARGEST_REQUEST = 256;

    /** The kernel fills up to 32 KiB at once (netlink_dump in net/netlink/af_netlink.c). */
    private static final int LARGEST_ANSWER = 64 << 10;

    /**
     * How often an interrupted dump is begun again. After that it is taken as it is: what
     * interrupts it is also told by a notification, and those are read after a dump.
     */
    private static final int DUMP_TRIES = 5;

    /** Others wait for this thread: a list that takes longer is given up. */
    private static final Duration LONGEST_LIST = Duration.ofSeconds(2);

    private final LibC libC;
    private final KernelWait wait;
    private NativeSocket socket;
    private final NativeBuffer request;
    private final NativeBuffer answer;
    private int sequence;

    private KernelRequests(LibC libC, KernelWait wait, NativeSocket socket) {
        this.libC = libC;
        this.wait = wait;
        this.socket = socket;
        request = libC.allocate(LARGEST_REQUEST);
        answer = libC.allocate(LARGEST_ANSWER);
    }

    /**
     * @param wait counts the time that the kernel takes
     */
    static KernelRequests open(LibC libC, KernelWait wait) throws ErrnoException {
        return new KernelRequests(libC, wait, NetlinkSocket.forRequests(libC));
    }

    /**
     * Prepares a request that puts an address, or renews it when it is there.
     *
     * @return its length, for {@link #exchange}
     */
    int preparePut(AddressMessage message) {
        return prepare(
                NetlinkMessage.NEW_ADDRESS,
                NetlinkMessage.REPLACE | NetlinkMessage.CREATE,
                message);
    }

    /**
     * Puts an address that is not there; EEXIST when it is.
     *
     * @param payload of a message in which the kernel told of it, or such a one: all that is left
     *     in the buffer
     */
    Acknowledgement add(ByteBuffer payload) throws IOException {
        int flags =
                NetlinkMessage.REQUEST
                        | NetlinkMessage.ACKNOWLEDGE
                        | NetlinkMessage.CREATE
                        | NetlinkMessage.EXCLUSIVE;
        return exchange(
                NetlinkMessage.finish(begin(NetlinkMessage.NEW_ADDRESS, flags).put(payload)));
    }

    /** Sets the lifetime in the prepared request. */
    void setValidSeconds(int seconds) {
        request.bytes().putInt(AddressMessage.VALID_SECONDS_OFFSET, seconds);
    }

    /** Sends the prepared request and waits for its acknowledgement. */
    Acknowledgement exchange(int length) throws IOException {
        send(length);
        while (true) {
            for (NetlinkMessage message : answers()) {
                if (message.sequence() == sequence && message.type() == NetlinkMessage.ERROR) {
                    return Acknowledgement.parse(message);
                }
            }
        }
    }

    /**
     * Takes exactly this address with exactly this prefix length away.
     *
     * @param peer the same address, but for one with another end (see {@link AddressMessage#peer})
     */
    Acknowledgement delete(int index, InetAddress address, InetAddress peer, int prefixLength)
            throws IOException {
        return exchange(
                prepare(
                        NetlinkMessage.DELETE_ADDRESS,
                        0,
                        new AddressMessage(index, address, peer, prefixLength, 0, 0, 0, 0, 0)));
    }

    /** Asks for one interface and throws the answer away: a request that changes nothing. */
    Acknowledgement touchLink(int index) throws IOException {
        ByteBuffer bytes =
                begin(NetlinkMessage.GET_LINK, NetlinkMessage.REQUEST | NetlinkMessage.ACKNOWLEDGE);
        LinkMessage.encodeQuestion(bytes, index);
        return exchange(NetlinkMessage.finish(bytes));
    }

    /** Looks for one IPv6 address on one interface; IPv4 can only be asked for all of them. */
    Optional<AddressMessage> findIpv6(int index, InetAddress address) throws IOException {
        ByteBuffer bytes = begin(NetlinkMessage.GET_ADDRESS, NetlinkMessage.REQUEST);
        AddressMessage.encodeQuestion(bytes, index, address);
        send(NetlinkMessage.finish(bytes));
        while (true) {
            for (NetlinkMessage message : answers()) {
                if (message.sequence() == sequence
                        && message.type() == NetlinkMessage.NEW_ADDRESS) {
                    return Optional.of(AddressMessage.parse(message.payload()));
                }
                if (message.sequence() == sequence && message.type() == NetlinkMessage.ERROR) {
                    return Optional.empty();
                }
            }
        }
    }

    /** The index of the interface of that name; empty when there is none. */
    Optional<Integer> findLink(String name) throws IOException {
        ByteBuffer bytes = begin(NetlinkMessage.GET_LINK, NetlinkMessage.REQUEST);
        LinkMessage.encodeQuestion(bytes, name);
        send(NetlinkMessage.finish(bytes));
        while (true) {
            for (NetlinkMessage message : answers()) {
                if (message.sequence() == sequence && message.type() == NetlinkMessage.NEW_LINK) {
                    return Optional.of(LinkMessage.parse(message.payload()).index());
                }
                if (message.sequence() == sequence && message.type() == NetlinkMessage.ERROR) {
                    Acknowledgement refusal = Acknowledgement.parse(message);
                    if (refusal.errno() == Errno.ENODEV) {
                        return Optional.empty();
                    }
                    throw new ErrnoException("asking for interface " + name, refusal.errno());
                }
            }
        }
    }

    /** Hands over every interface. */
    void dumpLinks(Consumer<NetlinkMessage> each) throws IOException {
        dump(NetlinkMessage.GET_LINK, bytes -> LinkMessage.encodeQuestion(bytes, 0), each);
    }

    /** Hands over every address of a family. */
    void dumpAddresses(int family, Consumer<NetlinkMessage> each) throws IOException {
        dump(
                NetlinkMessage.GET_ADDRESS,
                bytes -> AddressMessage.encodeQuestion(bytes, family, 0),
                each);
    }

    @Override
    public void close() {
        socket.close();
    }

    private void dump(int type, Consumer<ByteBuffer> question, Consumer<NetlinkMessage> each)
            throws IOException {
        Moment until = wait.time().now().plus(LONGEST_LIST);
        for (int tries = 1; !dumpOnce(type, question, each, until) && tries < DUMP_TRIES; ) {
            tries++;
        }
    }

    /** Returns whether nothing changed while the kernel went through its table. */
    private boolean dumpOnce(
            int type, Consumer<ByteBuffer> question, Consumer<NetlinkMessage> each, Moment until)
            throws IOException {
        ByteBuffer bytes = begin(type, NetlinkMessage.REQUEST | NetlinkMessage.DUMP);
        question.accept(bytes);
        send(NetlinkMessage.finish(bytes));
        boolean undisturbed = true;
        while (true) {
            for (NetlinkMessage message : answers()) {
                if (message.sequence() != sequence) {
                    continue;
                }
                undisturbed &= (message.flags() & NetlinkMessage.DUMP_INTERRUPTED) == 0;
                if (message.type() == NetlinkMessage.DONE) {
                    return undisturbed;
                }
                if (message.type() == NetlinkMessage.ERROR) {
                    Acknowledgement refusal = Acknowledgement.parse(message);
                    throw new ErrnoException("netlink dump " + type, refusal.errno());
                }
                each.accept(message);
            }
            if (!wait.time().now().isBefore(until)) {
                startAfresh();
                throw new ErrnoException("netlink dump " + type, Errno.ETIMEDOUT);
            }
        }
    }

    /** What is left of the list would come first, and the kernel begins no other before. */
    private void startAfresh() throws ErrnoException {
        NativeSocket fresh = NetlinkSocket.forRequests(libC);
        socket.close();
        socket = fresh;
    }

    private int prepare(int type, int flags, AddressMessage message) {
        ByteBuffer bytes = begin(type, flags | NetlinkMessage.REQUEST | NetlinkMessage.ACKNOWLEDGE);
        message.encode(bytes);
        return NetlinkMessage.finish(bytes);
    }

    private ByteBuffer begin(int type, int flags) {
        sequence++;
        ByteBuffer bytes = request.bytes().clear();
        NetlinkMessage.begin(bytes, type, flags, sequence);
        return bytes;
    }

    private void send(int length) throws ErrnoException {
        long since = wait.begins();
        int sent = socket.send(request, length, 0);
        while (sent == -Errno.EINTR) {
            sent = socket.send(request, length, 0);
        }
        wait.ends(since);
        if (sent < 0) {
            throw new ErrnoException("send to the kernel", -sent);
        }
    }

    private List<NetlinkMessage> answers() throws IOException {
        try {
            return NetlinkMessage.split(receive());
        } catch (IllegalArgumentException e) {
            throw new IOException("the kernel's answer makes no sense: " + e.getMessage(), e);
        }
    }

    private ByteBuffer receive() throws ErrnoException {
        long since = wait.begins();
        int length = socket.receive(answer, NativeSocket.TRUNCATED_LENGTH);
        while (length == -Errno.EINTR) {
            length = socket.receive(answer, NativeSocket.TRUNCATED_LENGTH);
        }
        wait.ends(since);
        if (length == -Errno.EAGAIN) {
            throw new ErrnoException("the kernel's answer", Errno.ETIMEDOUT);
        }
        if (length < 0 || length > answer.capacity()) {
            throw new ErrnoException("the kernel's answer", length < 0 ? -length : Errno.EMSGSIZE);
        }
        return answer.bytes().position(0).limit(length);
    }
}
