package org.vipmanager.dcs.etcd.grpc;

import org.vipmanager.control.Loop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Fetches something on threads of its own, anew each time: a name server or a file may take its
 * time, and nobody can say how much.
 *
 * <p>At most one fetch is under way, for whoever waits when it is over. Who gives up leaves it to
 * the next: a name server that does not answer would otherwise cost one more thread with each
 * attempt, and one that is merely slower than an answer may be would never be waited for. Belongs
 * to the loop.
 *
 * @param <T> what is fetched
 */
final class Fetching<T> {

    /** Who waits; one of the two is called, on the loop. */
    private record Waiting<T>(Consumer<T> fetched, Consumer<Throwable> failed) {}

    private final Loop loop;
    private final Callable<T> task;
    private final Executor threads;
    private final Map<Object, Waiting<T>> waiting = new LinkedHashMap<>();
    private boolean underWay;

    /**
     * Fetches nothing yet.
     *
     * @param task fetches it; may block
     * @param threads runs each task on a thread of its own
     */
    Fetching(Loop loop, Callable<T> task, Executor threads) {
        this.loop = loop;
        this.task = task;
        this.threads = threads;
    }

    /**
     * Fetches, or waits for the fetch under way.
     *
     * @param who waits, instead of an equal one that still waits
     */
    void fetch(Object who, Consumer<T> fetched, Consumer<Throwable> failed) {
        waiting.put(who, new Waiting<>(fetched, failed));
        if (underWay) {
            return;
        }
        underWay = true;
        try {
            threads.execute(this::run);
        } catch (OutOfMemoryError noThread) {
            handOver(waiter -> waiter.failed().accept(noThread));
        }
    }

    /** Who has given up need not be told. */
    void forget(Object who) {
        waiting.remove(who);
    }

    private void run() {
        try {
            T result = task.call();
            handOver(waiter -> waiter.fetched().accept(result));
        } catch (Exception | Error e) {
            handOver(waiter -> waiter.failed().accept(e)); // whatever it is: others wait for an end
        }
    }

    private void handOver(Consumer<Waiting<T>> result) {
        loop.execute(
                () -> {
                    underWay = false;
                    List<Waiting<T>> told = List.copyOf(waiting.values());
                    waiting.clear();
                    told.forEach(result);
                });
    }
}
