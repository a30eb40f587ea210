package org.vipmanager.netlink;

import org.vipmanager.posix.Errno;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.ForwardingLibC;
import org.vipmanager.posix.NativeBuffer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The real kernel, but for faults that cannot be had from it at the right moment. */
final class FaultyKernel extends ForwardingLibC {

    /** Loses the next notification, because its buffer is full. */
    volatile boolean losesNotification;

    /** Has no memory for an answer that lists interfaces or addresses. */
    volatile boolean refusesToList;

    /** Has no memory for any request. */
    volatile boolean refusesRequests;

    /** Lets nobody remove an address. */
    volatile boolean refusesRemovals;

    final AtomicInteger refusedLists = new AtomicInteger();
    final AtomicInteger refusedRemovals = new AtomicInteger();

    private final Set<Integer> requestSockets = ConcurrentHashMap.newKeySet();

    FaultyKernel() {
        super(new FfmLibC());
    }

    @Override
    public int recv(int descriptor, NativeBuffer buffer, int flags) {
        if (losesNotification && !requestSockets.contains(descriptor)) {
            int length = super.recv(descriptor, buffer, flags);
            losesNotification = length < 0;
            return length < 0 ? length : -Errno.ENOBUFS;
        }
        return super.recv(descriptor, buffer, flags);
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
        if (refusesRemovals && type == NetlinkMessage.DELETE_ADDRESS) {
            refusedRemovals.incrementAndGet();
            return -Errno.EPERM;
        }
        return super.send(descriptor, buffer, length, flags);
    }
}
