package org.vipmanager.notify;

import org.vipmanager.core.VirtualIp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands notifications to a few threads: those of one address one after another, in their order, and
 * those of several side by side. Adding never waits. Of an address for which too many wait the
 * oldest is dropped: the last one, which tells how it is now, always comes.
 */
final class CommandQueue implements AutoCloseable {

    private static final int THREADS = 4;
    private static final long STACK = 256 << 10;
    private static final int MOST_OF_AN_ADDRESS = 20;

    /**
     * Of whoever closes it, for the threads to kill what they have begun. It takes them no time,
     * unless the machine lets them wait.
     */
    private static final long PATIENCE_MILLIS = 2000;

    private final Consumer<Notification> work;
    private final Consumer<Notification> dropped;
    private final ThreadPoolExecutor threads;

    /** What waits for each address of which one is being worked on. */
    private final Map<VirtualIp, Deque<Notification>> waiting = new HashMap<>();

    /**
     * @param work called on a thread of this queue's; may take long
     * @param dropped called where one is added, with the one that is dropped
     */
    CommandQueue(Consumer<Notification> work, Consumer<Notification> dropped) {
        this.work = work;
        this.dropped = dropped;
        threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(null, task, "notify", STACK);
                            thread.setDaemon(true);
                            return thread;
                        });
        // Here rather than where something is added: that is the loop.
        threads.prestartAllCoreThreads();
    }

    void add(Notification next) {
        synchronized (waiting) {
            Deque<Notification> before = waiting.get(next.vip());
            if (before == null) {
                waiting.put(next.vip(), new ArrayDeque<>());
                threads.execute(() -> workOn(next));
                return;
            }
            if (before.size() == MOST_OF_AN_ADDRESS) {
                dropped.accept(before.removeFirst());
            }
            before.addLast(next);
        }
    }

    private void workOn(Notification one) {
        try {
            work.accept(one);
        } finally {
            synchronized (waiting) {
                Deque<Notification> further = waiting.get(one.vip());
                Notification next = further == null ? null : further.pollFirst();
                if (next == null) {
                    waiting.remove(one.vip());
                    waiting.notifyAll();
                } else if (!threads.isShutdown()) {
                    threads.execute(() -> workOn(next));
                }
            }
        }
    }

    /** Waits until all is done, but no longer than given. */
    void drain(Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        synchronized (waiting) {
            while (!waiting.isEmpty()) {
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return;
                }
                waiting.wait(left);
            }
        }
    }

    /** What is running is interrupted, and what waits forgotten. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
