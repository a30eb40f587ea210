package org.vipmanager.check;

import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.Loop;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.LibC;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs the loop that the daemon's clients of the DCS need, and waits for what they answer, each
 * time for a bounded time. Safe for use by any thread but the loop's.
 */
final class Inquiries implements AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(1);

    private final DecisionLoop loop;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("check-", 0).factory());

    Inquiries(LibC libC) {
        loop = new DecisionLoop(new BootClock(libC), TICK);
        Thread.ofPlatform().daemon().name("check-loop").start(loop::run);
    }

    Loop loop() {
        return loop;
    }

    /**
     * Asks something on the loop and waits for the answer.
     *
     * @param question gets the receiver of the answer
     * @return empty when none has come in time
     */
    <T> Optional<T> ask(Deadline deadline, Consumer<Consumer<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> question.accept(answer::complete));
        return within(deadline, answer);
    }

    /** Does all of them side by side; of one that takes too long there is nothing. */
    <T> List<Optional<T>> sideBySide(Deadline deadline, List<Callable<T>> tasks) {
        List<Future<T>> running = new ArrayList<>();
        tasks.forEach(task -> running.add(threads.submit(task)));
        return running.stream().map(one -> within(deadline, one)).toList();
    }

    private static <T> Optional<T> within(Deadline deadline, Future<T> answer) {
        try {
            return Optional.of(answer.get(deadline.leftNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a check", e);
        }
    }

    @Override
    public void close() {
        loop.stop();
        threads.shutdownNow();
    }
}
