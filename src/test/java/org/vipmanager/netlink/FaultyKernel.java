package org.vipmanager.netlink;

import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.ForwardingLibC;
import org.vipmanager.posix.NativeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The real kernel, but for faults that cannot be had from it at the right moment. */
final class FaultyKernel extends ForwardingLibC {

    /** Loses the next notification, because its buffer is full. */
    volatile boolean losesNotification;

    /** Loses every notification. */
    volatile boolean losesEveryNotification;

    /** Tells what it told last again and again. */
    volatile boolean repeatsNotifications;

    /** Lists what there is without end. */
    volatile boolean listsWithoutEnd;

    /** Has no memory for an answer that lists interfaces or addresses. */
    volatile boolean refusesToList;

    /** Has no memory for any request. */
    volatile boolean refusesRequests;

    /** Lets nobody remove an address. */
    volatile boolean refusesRemovals;

    final AtomicInteger refusedLists = new AtomicInteger();
    final AtomicInteger refusedRemovals = new AtomicInteger();

    private final AtomicReference<Runnable> beforePut = new AtomicReference<>(() -> {});
    private boolean losesNow;
    private byte[] toldLast = {};
    private byte[] listedFirst = {};

    private final Set<Integer> requestSockets = ConcurrentHashMap.newKeySet();

    FaultyKernel() {
        super(new FfmLibC());
    }

    /** Happens when the next put has been handed over, and before it is taken in. */
    void beforePut(Runnable deed) {
        beforePut.set(deed);
    }

    @Override
    public int recv(int descriptor, NativeBuffer buffer, int flags) {
        int length = super.recv(descriptor, buffer, flags);
        if (requestSockets.contains(descriptor)) {
            return listsWithoutEnd && isList(buffer, length) ? listAgain(buffer, length) : length;
        }
        if (losesEveryNotification) {
            losesNow = !losesNow;
            return losesNow ? -Errno.ENOBUFS : -Errno.EAGAIN;
        }
        if (losesNotification) {
            losesNotification = length < 0;
            return length < 0 ? length : -Errno.ENOBUFS;
        }
        return repeatsNotifications ? tellAgain(buffer, length) : length;
    }

    private int tellAgain(NativeBuffer buffer, int length) {
        if (length > 0) {
            toldLast = new byte[length];
            all(buffer).get(0, toldLast);
            return length;
        }
        all(buffer).put(0, toldLast);
        return toldLast.length == 0 ? length : toldLast.length;
    }

    private static ByteBuffer all(NativeBuffer buffer) {
        return buffer.bytes().duplicate().clear().order(ByteOrder.nativeOrder());
    }

    private static boolean isList(NativeBuffer buffer, int length) {
        int type = length > NetlinkMessage.HEADER ? all(buffer).getShort(4) : 0;
        return type == NetlinkMessage.DONE
                || type == NetlinkMessage.NEW_LINK
                || type == NetlinkMessage.NEW_ADDRESS;
    }

    /** The end of the list is its beginning. */
    private int listAgain(NativeBuffer buffer, int length) {
        if (all(buffer).getShort(4) != NetlinkMessage.DONE) {
            listedFirst = new byte[length];
            all(buffer).get(0, listedFirst);
            return length;
        }
        all(buffer).put(0, listedFirst);
        return listedFirst.length;
    }

    @Override
    public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
        requestSockets.add(descriptor);
        int type = buffer.bytes().getShort(4);
        int wanted = buffer.bytes().getShort(6);
        boolean lists =
                (type == NetlinkMessage.GET_LINK || type == NetlinkMessage.GET_ADDRESS)
                        && (wanted & NetlinkMessage.DUMP) == NetlinkMessage.DUMP;
        if (refusesToList && lists) {
            refusedLists.incrementAndGet();
            return -Errno.ENOBUFS;
        }
        if (refusesRequests) {
            return -Errno.ENOBUFS;
        }
        if (type == NetlinkMessage.NEW_ADDRESS) {
            beforePut.getAndSet(() -> {}).run();
        }
        if (refusesRemovals && type == NetlinkMessage.DELETE_ADDRESS) {
            refusedRemovals.incrementAndGet();
            return -Errno.EPERM;
        }
        return super.send(descriptor, buffer, length, flags);
    }
}
