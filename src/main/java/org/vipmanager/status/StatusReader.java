package org.vipmanager.status;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Has snapshots taken on the loop, for other threads: ten a second at most, however many ask, and
 * never a second one before the first is there. While nobody asks it costs nothing. Safe for use by
 * several threads.
 */
public final class StatusReader {

    private static final long FRESH_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Loop loop;
    private final Supplier<StatusSnapshot> onLoop;
    private @Nullable CompletableFuture<StatusSnapshot> asked;
    private long askedAtNanos;

    /**
     * @param onLoop takes one; called on the loop
     */
    public StatusReader(Loop loop, Supplier<StatusSnapshot> onLoop) {
        this.loop = loop;
        this.onLoop = onLoop;
    }

    /**
     * A snapshot that is a tenth of a second old at most.
     *
     * @throws IOException if the loop does not answer; the message is one for people
     */
    public StatusSnapshot read() throws IOException {
        try {
            return ask().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the daemon has not looked after its addresses for "
                            + PATIENCE.toSeconds()
                            + " s: it hangs, or this host is overloaded");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the daemon ends");
        } catch (ExecutionException e) {
            throw new IOException("the status could not be read: " + e.getCause(), e);
        }
    }

    private synchronized CompletableFuture<StatusSnapshot> ask() {
        CompletableFuture<StatusSnapshot> last = asked;
        boolean isFresh = System.nanoTime() - askedAtNanos < FRESH_NANOS;
        if (last != null && (isFresh || !last.isDone())) {
            return last;
        }
        CompletableFuture<StatusSnapshot> next = new CompletableFuture<>();
        asked = next;
        askedAtNanos = System.nanoTime();
        loop.execute(() -> answer(next));
        return next;
    }

    /** A fault in an answer ends no loop. */
    private void answer(CompletableFuture<StatusSnapshot> question) {
        try {
            question.complete(onLoop.get());
        } catch (RuntimeException | Error fault) {
            question.completeExceptionally(fault);
        }
    }
}
