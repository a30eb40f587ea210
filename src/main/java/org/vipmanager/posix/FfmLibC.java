package org.vipmanager.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/**
 * The C library through {@code java.lang.foreign}, which only this class imports.
 *
 * <p>All functions share one downcall shape, six longs in and one long out with errno captured: the
 * JDK generates and loads code for each shape, which cost 60 ms of start-up with eight shapes. The
 * calling conventions of x86-64 (System V ABI 3.2.3) and AArch64 (AAPCS64 6.8.2) pass the first six
 * integer or pointer arguments in whole registers and ignore surplus ones and the upper half of an
 * int; the upper half of an int that is returned is undefined and cut off here.
 */
public final class FfmLibC implements LibC {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = LINKER.defaultLookup();

    private static final MethodHandle CALL =
            LINKER.downcallHandle(
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG),
                    Linker.Option.captureCallState("errno"));

    private static final MemorySegment SOCKET = function("socket");
    private static final MemorySegment BIND = function("bind");
    private static final MemorySegment CONNECT = function("connect");
    private static final MemorySegment LISTEN = function("listen");
    private static final MemorySegment ACCEPT4 = function("accept4");
    private static final MemorySegment GETSOCKOPT = function("getsockopt");
    private static final MemorySegment SETSOCKOPT = function("setsockopt");
    private static final MemorySegment SEND = function("send");
    private static final MemorySegment SENDTO = function("sendto");
    private static final MemorySegment RECV = function("recv");
    private static final MemorySegment RECVFROM = function("recvfrom");
    private static final MemorySegment WRITE = function("write");
    private static final MemorySegment IOCTL = function("ioctl");
    private static final MemorySegment POLL = function("poll");
    private static final MemorySegment EVENTFD = function("eventfd");
    private static final MemorySegment CLOSE = function("close");
    private static final MemorySegment KILL = function("kill");
    private static final MemorySegment PRCTL = function("prctl");
    private static final MemorySegment MLOCK2 = function("mlock2");
    private static final MemorySegment CLOCK_GETTIME = function("clock_gettime");
    private static final MemorySegment NEWLOCALE = function("newlocale");
    private static final MemorySegment STRERROR_L = function("strerror_l");

    /** The mask of newlocale(3) for messages (bits/locale.h), which glibc and musl share. */
    private static final int LC_MESSAGES_MASK = 1 << 5;

    private static final int LONGEST_TEXT = 256;

    /** One for each thread: the captured errno at 0, room for a {@code struct timespec} at 8. */
    private static final int TIMESPEC = 8;

    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(24, 8));

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    @Override
    public NativeBuffer allocate(int size) {
        MemorySegment memory = Arena.ofAuto().allocate(size, 8);
        return new NativeBuffer(
                memory.asByteBuffer().order(ByteOrder.nativeOrder()), memory.address());
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return call(SOCKET, domain, type, protocol, 0, 0, 0);
    }

    @Override
    public int bind(int descriptor, NativeBuffer address) {
        int result = call(BIND, descriptor, address.address(), address.capacity(), 0, 0, 0);
        Reference.reachabilityFence(address);
        return result;
    }

    @Override
    public int connect(int descriptor, NativeBuffer address) {
        int result = call(CONNECT, descriptor, address.address(), address.capacity(), 0, 0, 0);
        Reference.reachabilityFence(address);
        return result;
    }

    @Override
    public int listen(int descriptor, int backlog) {
        return call(LISTEN, descriptor, backlog, 0, 0, 0, 0);
    }

    @Override
    public int accept(int descriptor, int flags) {
        return call(ACCEPT4, descriptor, 0, 0, flags, 0, 0);
    }

    @Override
    public int getsockopt(int descriptor, int level, int option, NativeBuffer lengthAndValue) {
        long length = lengthAndValue.address();
        lengthAndValue.bytes().putInt(0, lengthAndValue.capacity() - Integer.BYTES);
        int result = call(GETSOCKOPT, descriptor, level, option, length + Integer.BYTES, length, 0);
        Reference.reachabilityFence(lengthAndValue);
        return result;
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, NativeBuffer value) {
        int result =
                call(SETSOCKOPT, descriptor, level, option, value.address(), value.capacity(), 0);
        Reference.reachabilityFence(value);
        return result;
    }

    @Override
    public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
        int result = call(SEND, descriptor, buffer.address(), length, flags, 0, 0);
        Reference.reachabilityFence(buffer);
        return result;
    }

    @Override
    public int sendto(
            int descriptor, NativeBuffer buffer, int length, int flags, NativeBuffer address) {
        int result =
                call(
                        SENDTO,
                        descriptor,
                        buffer.address(),
                        length,
                        flags,
                        address.address(),
                        address.capacity());
        Reference.reachabilityFence(buffer);
        Reference.reachabilityFence(address);
        return result;
    }

    @Override
    public int recv(int descriptor, NativeBuffer buffer, int flags) {
        int result = call(RECV, descriptor, buffer.address(), buffer.capacity(), flags, 0, 0);
        Reference.reachabilityFence(buffer);
        return result;
    }

    @Override
    public int recvfrom(
            int descriptor, NativeBuffer buffer, int flags, NativeBuffer lengthAndAddress) {
        long length = lengthAndAddress.address();
        lengthAndAddress.bytes().putInt(0, lengthAndAddress.capacity() - Integer.BYTES);
        int result =
                call(
                        RECVFROM,
                        descriptor,
                        buffer.address(),
                        buffer.capacity(),
                        flags,
                        length + Integer.BYTES,
                        length);
        Reference.reachabilityFence(buffer);
        Reference.reachabilityFence(lengthAndAddress);
        return result;
    }

    @Override
    public int write(int descriptor, NativeBuffer buffer, int length) {
        int result = call(WRITE, descriptor, buffer.address(), length, 0, 0, 0);
        Reference.reachabilityFence(buffer);
        return result;
    }

    @Override
    public int ioctl(int descriptor, long request, NativeBuffer argument) {
        int result = call(IOCTL, descriptor, request, argument.address(), 0, 0, 0);
        Reference.reachabilityFence(argument);
        return result;
    }

    @Override
    public int poll(NativeBuffer descriptors, int count, int timeoutMillis) {
        int result = call(POLL, descriptors.address(), count, timeoutMillis, 0, 0, 0);
        Reference.reachabilityFence(descriptors);
        return result;
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return call(EVENTFD, initialValue, flags, 0, 0, 0, 0);
    }

    @Override
    public int close(int descriptor) {
        return call(CLOSE, descriptor, 0, 0, 0, 0, 0);
    }

    @Override
    public int kill(int process, int signal) {
        return call(KILL, process, signal, 0, 0, 0, 0);
    }

    @Override
    public int prctl(int option, long argument) {
        return call(PRCTL, option, argument, 0, 0, 0, 0);
    }

    @Override
    public int mlock2(long address, long length, int flags) {
        return call(MLOCK2, address, length, flags, 0, 0, 0);
    }

    @Override
    public long clockGettime(int clock) {
        MemorySegment state = STATE.get();
        int result = call(CLOCK_GETTIME, clock, state.address() + TIMESPEC, 0, 0, 0, 0);
        if (result < 0) {
            throw new IllegalArgumentException(
                    "clock_gettime(" + clock + "): " + Errno.of(-result));
        }
        long seconds = state.get(JAVA_LONG, TIMESPEC);
        return seconds * NANOS_PER_SECOND + state.get(JAVA_LONG, TIMESPEC + Long.BYTES);
    }

    /** strerror_l(3) in the locale C: English, whatever language the host speaks. */
    static String errorText(int errno) {
        long text = invoke(STRERROR_L, STATE.get(), errno, English.LOCALE, 0, 0, 0, 0);
        return MemorySegment.ofAddress(text).reinterpret(LONGEST_TEXT).getString(0);
    }

    /** Made when the first error is told, and kept. */
    private static final class English {
        static final long LOCALE = open();

        private static long open() {
            try (Arena arena = Arena.ofConfined()) {
                long name = arena.allocateFrom("C").address();
                return invoke(NEWLOCALE, STATE.get(), LC_MESSAGES_MASK, name, 0, 0, 0, 0);
            }
        }
    }

    /** The result, or the negative errno. */
    private static int call(
            MemorySegment function, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = STATE.get();
        int result = (int) invoke(function, state, a, b, c, d, e, f);
        return result == -1 ? -state.get(JAVA_INT, 0) : result;
    }

    private static long invoke(
            MemorySegment function,
            MemorySegment state,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f) {
        try {
            return (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new IllegalStateException("a downcall threw a checked exception", thrown);
        }
    }

    private static MemorySegment function(String name) {
        return LIBRARY.find(name)
                .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
    }
}
