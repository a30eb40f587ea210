package org.vipmanager.netlink.protocol;

import org.vipmanager.control.Loop;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Requests to the kernel and its answers, rtnetlink(7), one at a time.
 *
 * <p>A request is written into memory that the C library reads, so that its last number can be set
 * and it can be sent with nothing in between. Every answer is matched by its sequence number: what
 * is left of a request that was given up is thrown away.
 *
 * <p>Whoever changes interfaces or addresses waits for everybody else who does (rtnl_lock), for
 * seconds where containers come and go. That is no standstill of this process, and is counted: from
 * the moment at which the request was handed over until the answer was there. A process that is
 * stopped just in between cannot be told apart. Not safe for use by several threads.
 */
public final class RtnetlinkConnection implements AutoCloseable {

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

    /** A shorter wait for the kernel says nothing. */
    private static final long NOTABLE_NANOS = 10_000_000;

    private final LibC libC;
    private final TimeSource time;
    private final Consumer<Duration> onWait;
    private NetlinkSocket socket;
    private final NativeBuffer request;
    private final NativeBuffer answer;
    private int sequence;
    private long waited;

    /**
     * Opens the socket.
     *
     * @param onWait is told of each notable wait for the kernel
     */
    public RtnetlinkConnection(LibC libC, TimeSource time, Consumer<Duration> onWait)
            throws ErrnoException {
        this.libC = libC;
        this.time = time;
        this.onWait = onWait;
        socket = NetlinkSocket.forRequests(libC);
        request = libC.allocate(LARGEST_REQUEST);
        answer = libC.allocate(LARGEST_ANSWER);
    }

    public RtnetlinkConnection(LibC libC, Loop loop) throws ErrnoException {
        this(libC, loop, loop::waitedForKernel);
    }

    public TimeSource time() {
        return time;
    }

    /** How long the kernel has kept this process waiting since the start. */
    public Duration waited() {
        return Duration.ofNanos(waited);
    }

    /** Begins the next request; its payload is to be written at the buffer's position. */
    public ByteBuffer begin(int type, int flags) {
        sequence++;
        ByteBuffer bytes = request.bytes().clear();
        NetlinkMessage.begin(bytes, type, flags | NetlinkMessage.REQUEST, sequence);
        return bytes;
    }

    /** Sends the request, which asks for an acknowledgement, and waits for that. */
    public NetlinkMessage.Acknowledgement exchange() throws IOException {
        return NetlinkMessage.Acknowledgement.parse(ask(NetlinkMessage.ERROR));
    }

    /**
     * Sends the request and waits for its answer.
     *
     * @return a message of the wanted type, or an {@link NetlinkMessage#ERROR}
     */
    public NetlinkMessage ask(int wanted) throws IOException {
        send();
        while (true) {
            for (NetlinkMessage message : answers()) {
                boolean isAnswer =
                        message.type() == wanted || message.type() == NetlinkMessage.ERROR;
                if (message.sequence() == sequence && isAnswer) {
                    return message;
                }
            }
        }
    }

    /** Hands over everything of that kind that the kernel has. */
    public void dump(int type, Consumer<ByteBuffer> question, Consumer<NetlinkMessage> each)
            throws IOException {
        Moment until = time.now().plus(LONGEST_LIST);
        for (int tries = 1; !dumpOnce(type, question, each, until) && tries < DUMP_TRIES; ) {
            tries++;
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Returns whether nothing changed while the kernel went through its table. */
    private boolean dumpOnce(
            int type, Consumer<ByteBuffer> question, Consumer<NetlinkMessage> each, Moment until)
            throws IOException {
        question.accept(begin(type, NetlinkMessage.DUMP));
        send();
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
                    NetlinkMessage.Acknowledgement refusal =
                            NetlinkMessage.Acknowledgement.parse(message);
                    throw new ErrnoException("netlink dump " + type, refusal.errno());
                }
                each.accept(message);
            }
            if (!time.now().isBefore(until)) {
                startAfresh();
                throw new ErrnoException("netlink dump " + type, Errno.ETIMEDOUT);
            }
        }
    }

    /** What is left of the list would come first, and the kernel begins no other before. */
    private void startAfresh() throws ErrnoException {
        NetlinkSocket fresh = NetlinkSocket.forRequests(libC);
        socket.close();
        socket = fresh;
    }

    /** Allocates nothing before the request is sent. */
    private void send() throws ErrnoException {
        int length = NetlinkMessage.finish(request.bytes());
        long since = time.monotonicNanos();
        socket.send(request, length);
        countWait(since);
    }

    private List<NetlinkMessage> answers() throws IOException {
        long since = time.monotonicNanos();
        List<NetlinkMessage> answers = socket.receive(answer);
        countWait(since);
        if (answers == null) {
            throw new ErrnoException("the kernel's answer", Errno.ETIMEDOUT);
        }
        return answers;
    }

    private void countWait(long since) {
        long nanos = time.monotonicNanos() - since;
        waited += nanos;
        if (nanos > NOTABLE_NANOS) {
            onWait.accept(Duration.ofNanos(nanos));
        }
    }
}
