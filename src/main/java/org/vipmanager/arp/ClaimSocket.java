package org.vipmanager.arp;

import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A packet socket that receives the frames of one protocol which its filter passes, on every
 * interface: so one that is created again needs nothing done.
 *
 * <p>A socket of a protocol, unlike one of all, is not shown what this host sends. Not safe for use
 * by several threads, but for {@link #pass} and {@link #discard}, which have their own memory.
 */
final class ClaimSocket implements AutoCloseable {

    private static final int SOCK_RAW = 3;
    private static final int SO_RCVBUF = 8;

    /** The kernel doubles these; a frame counts with some 700 bytes. */
    private static final int LEAST_BUFFER = 128 << 10;

    private static final int MOST_BUFFER = 4 << 20;

    /** A request and a reply of one other station for each, all at once. */
    private static final int BUFFER_FOR_AN_ADDRESS = 2 * 768;

    /** More than can be queued. */
    private static final int MOST_FRAMES = 20_000;

    private static final int LARGEST_FRAME = 256;
    private static final int LENGTH_AND_ADDRESS = 24;
    private static final int INDEX = 8;
    private static final int KIND = 14;

    private final LibC libC;
    private final int etherType;
    private final NativeSocket socket;
    private final NativeBuffer frame;
    private final NativeBuffer sender;
    private final NativeBuffer discarded;
    private boolean bound;

    private ClaimSocket(LibC libC, int etherType, NativeSocket socket) {
        this.libC = libC;
        this.etherType = etherType;
        this.socket = socket;
        frame = libC.allocate(LARGEST_FRAME);
        sender = libC.allocate(LENGTH_AND_ADDRESS);
        discarded = libC.allocate(LARGEST_FRAME);
    }

    /** Opened for no protocol, it receives nothing until {@link #pass} is called. */
    static ClaimSocket open(LibC libC, int etherType) throws ErrnoException {
        int type = SOCK_RAW | NativeSocket.NONBLOCK;
        NativeSocket socket = NativeSocket.open(libC, LinkLayerAddress.AF_PACKET, type, 0);
        socket.setOption(NativeSocket.SOL_SOCKET, SO_RCVBUF, LEAST_BUFFER);
        return new ClaimSocket(libC, etherType, socket);
    }

    boolean isReceiving() {
        return bound;
    }

    NativeSocket socket() {
        return socket;
    }

    /**
     * Receives what this filter passes from now on.
     *
     * @param addresses of how many addresses it passes claims
     */
    void pass(PacketFilter filter, int addresses) throws ErrnoException {
        attach(filter);
        makeRoomFor(addresses);
        if (!bound) {
            NativeBuffer address = new LinkLayerAddress(libC).of(0, etherType);
            socket.bind(address);
            bound = true;
        }
    }

    /** The next frame that claims something; empty when there is none at the moment. */
    Optional<HeardClaim> receive() {
        while (true) {
            int length = socket.receive(frame, 0, sender);
            if (length < 0 && length != -Errno.EINTR) {
                return Optional.empty();
            }
            if (sender.bytes().get(KIND) >= PacketFilter.PACKET_OTHERHOST) {
                continue; // where there are too many addresses for a filter
            }
            ByteBuffer bytes = frame.bytes().order(ByteOrder.BIG_ENDIAN);
            bytes.position(0).limit(Math.max(0, Math.min(length, LARGEST_FRAME)));
            Optional<HeardClaim> claim = HeardClaim.of(sender.bytes().getInt(INDEX), bytes);
            if (claim.isPresent()) {
                return claim;
            }
        }
    }

    /** Throws away what is queued. */
    void discard() {
        for (int i = 0; i < MOST_FRAMES; i++) {
            int length = socket.receive(discarded, 0);
            if (length < 0 && length != -Errno.EINTR) {
                return;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Whoever takes over a thousand addresses announces them all within milliseconds. */
    private void makeRoomFor(int addresses) throws ErrnoException {
        int bytes = Math.clamp((long) addresses * BUFFER_FOR_AN_ADDRESS, LEAST_BUFFER, MOST_BUFFER);
        try {
            socket.setOption(NativeSocket.SOL_SOCKET, NativeSocket.SO_RCVBUFFORCE, bytes);
        } catch (ErrnoException e) { // without CAP_NET_ADMIN, as much as net.core.rmem_max allows
            socket.setOption(NativeSocket.SOL_SOCKET, SO_RCVBUF, bytes);
        }
    }

    /**
     * Old kernels allow a socket 20 KiB for its filters (net.core.optmem_max), and the one before
     * counts until it is replaced.
     */
    private void attach(PacketFilter filter) throws ErrnoException {
        try {
            attachOnce(filter);
        } catch (ErrnoException e) {
            attachOnce(PacketFilter.ofEverything());
            try {
                attachOnce(filter);
            } catch (ErrnoException again) {
                if (again.errno() != Errno.ENOMEM && again.errno() != Errno.EINVAL) {
                    throw again;
                }
            }
        }
    }

    /**
     *
     *
     * <pre>
     * struct sock_fprog (linux/filter.h): u16 number of instructions, padding, pointer at 8
     * </pre>
     */
    private void attachOnce(PacketFilter filter) throws ErrnoException {
        NativeBuffer instructions = filter.encode(libC);
        NativeBuffer program = libC.allocate(16);
        program.bytes()
                .putShort(0, (short) filter.instructions().size())
                .putLong(8, instructions.address());
        socket.setOption(NativeSocket.SOL_SOCKET, NativeSocket.SO_ATTACH_FILTER, program);
        Reference.reachabilityFence(instructions);
    }
}
