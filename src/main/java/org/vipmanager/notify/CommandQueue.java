package org.vipmanager.notify;

import org.vipmanager.core.VirtualIp;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands notifications to a few threads: those of one address one after another, in their order, and
 * those of several side by side. Adding never waits. Of an address for which too many wait the
 * oldest is dropped: the last one, which tells how it is now, always comes.
 */
final class CommandQueue implements AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.notify");

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
        this(work, dropped, CommandQueue::thread);
    }

    CommandQueue(
            Consumer<Notification> work, Consumer<Notification> dropped, ThreadFactory factory) {
        this.work = work;
        this.dropped = dropped;
        threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        factory);
        startThreads();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "notify", STACK);
        thread.setDaemon(true);
        return thread;
    }

    /** Here rather than where something is added: that is in a takeover. */
    private void startThreads() {
        try {
            threads.prestartAllCoreThreads();
        } catch (OutOfMemoryError noThread) {
            LOG.log(
                    Level.WARNING,
                    "notify-command has {0} of {1} threads, as no more can be had: the next takeover"
                            + " or release asks for another; addresses move as ever",
                    threads.getPoolSize(),
                    THREADS);
        }
    }

    /** False where there is no thread that could work on it, now or later. */
    boolean add(Notification next) {
        synchronized (waiting) {
            Deque<Notification> before = waiting.get(next.vip());
            if (before == null) {
                if (handOver(next)) {
                    waiting.put(next.vip(), new ArrayDeque<>());
                    return true;
                }
                return false;
            }
            if (before.size() == MOST_OF_AN_ADDRESS) {
                dropped.accept(before.removeFirst());
            }
            before.addLast(next);
            return true;
        }
    }

    /** Where no further thread can be had those that there are do it, when they have time. */
    private boolean handOver(Notification one) {
        Runnable task = () -> workOn(one);
        try {
            threads.execute(task);
            return true;
        } catch (OutOfMemoryError noThread) {
            return threads.getPoolSize() > 0 && threads.getQueue().offer(task);
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
                    handOver(next);
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

    /** What is running goes on, and nobody waits for it. */
    void end() {
        threads.shutdown();
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
