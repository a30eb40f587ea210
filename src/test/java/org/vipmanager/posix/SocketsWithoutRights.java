package org.vipmanager.posix;

import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Every socket is one that anybody may open and that says nothing; poll(2) does what a test wants.
 */
public final class SocketsWithoutRights extends CompliantSockets {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    private final Supplier<Integer> poll;

    private SocketsWithoutRights(Supplier<Integer> poll) {
        this.poll = poll;
    }

    /** Whoever waits for something to read meets a defect. */
    public static LibC whosePollFails(RuntimeException defect) {
        return new SocketsWithoutRights(
                () -> {
                    throw defect;
                });
    }

    /** Whoever waits for something to read cannot be woken until the latch is opened. */
    public static LibC whosePollHangsUntil(CountDownLatch opened) {
        return new SocketsWithoutRights(
                () -> {
                    try {
                        opened.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return 1;
                });
    }

    @Override
    public int poll(NativeBuffer descriptors, int count, int timeoutMillis) {
        return poll.get();
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return super.socket(AF_UNIX, SOCK_DGRAM | type & ~0xf, 0);
    }
}
