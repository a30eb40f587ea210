package org.vipmanager.lab;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The few system calls that the laboratory makes itself, so that what measures shares no code with
 * what is measured.
 */
final class Kernel {

    static final int SIGQUIT = 3;
    static final int SIGHUP = 1;
    static final int SIGINT = 2;
    static final int SIGKILL = 9;
    static final int SIGTERM = 15;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final long TUNSETIFF = 0x4004_54ca;
    private static final short IFF_TAP_WITHOUT_HEADER = 0x1002;
    private static final int SCHED_FIFO = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_NETLINK = 16;
    private static final int AF_PACKET = 17;
    private static final int SOCK_DATAGRAM_CLOEXEC = 2 | O_CLOEXEC;
    private static final int SOCK_RAW_CLOEXEC = 3 | O_CLOEXEC;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_STATISTICS = 6;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = function("open");
    private static final MethodHandle CLOSE = function("close");
    private static final MethodHandle SETNS = function("setns");
    private static final MethodHandle KILL = function("kill");
    private static final MethodHandle SOCKET = function("socket");
    private static final MethodHandle BIND = function("bind");
    private static final MethodHandle SETSOCKOPT = function("setsockopt");
    private static final MethodHandle GETSOCKOPT = function("getsockopt");
    private static final MethodHandle RECV = function("recv");
    private static final MethodHandle IOCTL = function("ioctl");
    private static final MethodHandle SEND = function("send");
    private static final MethodHandle SCHED_SETSCHEDULER = function("sched_setscheduler");

    private Kernel() {}

    /**
     * Moves the calling thread, and every socket it opens from now on, into a network namespace:
     * setns(2).
     */
    static void enterNetworkNamespace(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom(file.toString()).address();
            long descriptor = check("open " + file, call(OPEN, path, O_CLOEXEC));
            check("setns " + file, call(SETNS, descriptor, CLONE_NEWNET));
            call(CLOSE, descriptor);
        }
    }

    /** kill(2): unlike {@link Process} it also stops and continues. */
    static void kill(long pid, int signal) {
        check("kill " + pid, call(KILL, pid, signal));
    }

    /**
     * Lets the calling thread run before all ordinary ones, so that a busy machine does not spoil
     * what it measures: sched_setscheduler(2). Without the privilege nothing changes.
     */
    static void measureInRealTime() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment priority = arena.allocateFrom(JAVA_INT, 1);
            call(SCHED_SETSCHEDULER, 0, SCHED_FIFO, priority.address());
        }
    }

    /**
     * A netlink socket of the calling thread's namespace that hears the given groups: netlink(7).
     */
    static int openRouteNetlink(int groups) {
        int socket = (int) check("socket", call(SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(12, 4);
            address.set(JAVA_INT, 0, AF_NETLINK);
            address.set(JAVA_INT, 8, groups);
            check("bind", call(BIND, socket, address.address(), 12));
            stopWaitingAfterTenthOfSecond(socket);
        }
        keepMuchUnread(socket);
        return socket;
    }

    /** A datagram socket in the file system, which processes anywhere reach: unix(7). */
    static int openUnixDatagram(Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        int socket = (int) check("socket", call(SOCKET, AF_UNIX, SOCK_DATAGRAM_CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(2 + name.length + 1, 2);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            address.asSlice(2, name.length).copyFrom(MemorySegment.ofArray(name));
            check("bind " + path, call(BIND, socket, address.address(), address.byteSize()));
        }
        stopWaitingAfterTenthOfSecond(socket);
        return socket;
    }

    /**
     * So that nothing is lost while this JVM stands still for seconds; root may ask for so much.
     */
    private static void keepMuchUnread(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_INT, 64 << 20);
            call(SETSOCKOPT, socket, SOL_SOCKET, SO_RCVBUFFORCE, bytes.address(), 4);
        }
    }

    /** How many frames a packet socket has lost since this was asked last: packet(7). */
    static int lostFrames(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statistics = arena.allocate(8, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 8);
            check(
                    "PACKET_STATISTICS",
                    call(
                            GETSOCKOPT,
                            socket,
                            SOL_PACKET,
                            PACKET_STATISTICS,
                            statistics.address(),
                            length.address()));
            return statistics.get(JAVA_INT, 4);
        }
    }

    /**
     * Becomes what is behind a tap interface of the calling thread's namespace: its cable is in.
     */
    static void attachTap(String name) {
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom("/dev/net/tun").address();
            long descriptor = check("open /dev/net/tun", call(OPEN, path, O_RDWR | O_CLOEXEC));
            MemorySegment request = arena.allocate(40, 8);
            request.setString(0, name);
            request.set(JAVA_SHORT, 16, IFF_TAP_WITHOUT_HEADER);
            check("attach " + name, call(IOCTL, descriptor, TUNSETIFF, request.address()));
        }
    }

    /** From now on {@link #receive} returns after 100 ms at the latest. */
    static void stopWaitingAfterTenthOfSecond(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeout = arena.allocateFrom(JAVA_LONG, 0, 100_000);
            check(
                    "timeout",
                    call(SETSOCKOPT, socket, SOL_SOCKET, SO_RCVTIMEO, timeout.address(), 16));
        }
    }

    /** The next datagram, or nothing when none came within 100 ms: recv(2). */
    static Optional<byte[]> receive(int socket, MemorySegment buffer) {
        Outcome outcome = call(RECV, socket, buffer.address(), buffer.byteSize(), 0);
        if (outcome.value < 0 && (outcome.errno == EAGAIN || outcome.errno == EINTR)) {
            return Optional.empty();
        }
        return Optional.of(buffer.asSlice(0, check("recv", outcome)).toArray(JAVA_BYTE));
    }

    /** A socket that sends whole Ethernet frames out of an interface: packet(7). */
    static int openPacketSocket(short etherType, int interfaceIndex) {
        short inNetworkOrder = Short.reverseBytes(etherType);
        int socket =
                (int) check("socket", call(SOCKET, AF_PACKET, SOCK_RAW_CLOEXEC, inNetworkOrder));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(20, 4);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_SHORT, 2, inNetworkOrder);
            address.set(JAVA_INT, 4, interfaceIndex);
            check("bind", call(BIND, socket, address.address(), 20));
        }
        keepMuchUnread(socket);
        return socket;
    }

    static void send(int socket, byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, frame);
            check("send", call(SEND, socket, bytes.address(), frame.length, 0));
        }
    }

    static void close(int descriptor) {
        call(CLOSE, descriptor);
    }

    private record Outcome(long value, int errno) {}

    private static long check(String what, Outcome outcome) {
        if (outcome.value < 0) {
            throw new IllegalStateException(what + ": errno " + outcome.errno);
        }
        return outcome.value;
    }

    /** All functions in one shape, six longs: unused ones are ignored by the callee. */
    private static MethodHandle function(String name) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    private static Outcome call(MethodHandle function, long... arguments) {
        long[] six = Arrays.copyOf(arguments, 6);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long value =
                    (long)
                            function.invokeExact(
                                    state, six[0], six[1], six[2], six[3], six[4], six[5]);
            boolean failed = (int) value == -1;
            return new Outcome((int) value, failed ? (int) ERRNO.get(state, 0L) : 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
