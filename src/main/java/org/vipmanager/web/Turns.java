package org.vipmanager.web;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Has each request read and answered by a virtual thread, so that whoever sends or reads slowly
 * keeps nobody else waiting. Only so many have buffers at a time; the others wait for their turn,
 * in the order in which they came, until the server's time for a request is over.
 *
 * <p>Whoever's turn takes too long is interrupted, which closes his connection. The JDK's server
 * would do it a moment later, but waits with all its locks for one whose writing over TLS is stuck,
 * as {@code SSLStreams} says goodbye first.
 *
 * <p>One platform thread carries them all: however many ask, one processor is left to the decision.
 */
final class Turns implements Executor, AutoCloseable {

    static {
        // Read once, by the first virtual thread; nobody else in this process uses any.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
    }

    /** A little less than what the JDK's server allows an answer alone. */
    static final Duration LONGEST = Duration.ofSeconds(9);

    private final Duration longest;
    private final Semaphore free;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web").factory());

    /**
     * @param most how many are read and answered at a time
     * @param longest how long each may take
     */
    Turns(int most, Duration longest) {
        this.longest = longest;
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
        Thread limit = interruptsWhenItIsTooLong(Thread.currentThread());
        try {
            if (!threads.isShutdown()) {
                request.run();
            }
        } finally {
            limit.interrupt();
            free.release();
        }
    }

    private Thread interruptsWhenItIsTooLong(Thread turn) {
        return Thread.ofVirtual()
                .name("web limit")
                .start(
                        () -> {
                            try {
                                Thread.sleep(longest);
                                turn.interrupt();
                            } catch (InterruptedException ended) {
                                // in time
                            }
                        });
    }

    /** Interrupts all, and waits for nobody. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
