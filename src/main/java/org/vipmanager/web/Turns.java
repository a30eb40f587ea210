package org.vipmanager.web;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Has each request read and answered by a virtual thread, so that whoever sends or reads slowly
 * keeps nobody else waiting. Only so many have buffers at a time; the others wait for their turn,
 * in the order in which they came, until the server's time for a request is over.
 *
 * <p>One platform thread carries them all: however many ask, one processor is left to the decision.
 */
final class Turns implements Executor, AutoCloseable {

    static {
        // Read once, by the first virtual thread; nobody else in this process uses any.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
    }

    private final Semaphore free;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web").factory());

    /**
     * @param most how many are read and answered at a time
     */
    Turns(int most) {
        free = new Semaphore(most, true);
    }

    @Override
    public void execute(Runnable request) {
        threads.execute(() -> takeTurn(request));
    }

    private void takeTurn(Runnable request) {
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return; // the server is closed, and its connections with it
        }
        try {
            if (!threads.isShutdown()) {
                request.run();
            }
        } finally {
            free.release();
        }
    }

    /** Interrupts all, and waits for nobody. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
