package org.vipmanager.provider;

import org.vipmanager.control.Loop;
import org.vipmanager.core.PrintedAddress;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Calls a provider on threads of its own: one call at a time for each address, and a bounded number
 * at once. A thread that has nothing to do for half a minute ends.
 */
public final class ProviderWorker {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private static final int MOST_THREADS = 16;
    private static final long IDLE_SECONDS = 30;

    /** A call that is interrupted ends what it has started. */
    public static final Duration TO_GIVE_UP = Duration.ofSeconds(1);

    private final Loop loop;
    private final ThreadPoolExecutor threads;

    /**
     * Those that wait for one of the same address, which is under way. Handled by any thread: at
     * the end the loop runs no more.
     */
    private final Map<InetAddress, Queue<Runnable>> waiting = new HashMap<>();

    /** Those that have not ended. */
    private final Set<Call> releases = ConcurrentHashMap.newKeySet();

    /** Those that have failed, and why, until the loop has taken that in, if it still runs. */
    private final Map<Call, String> failedReleases = new ConcurrentHashMap<>();

    public ProviderWorker(Loop loop) {
        this(loop, Thread.ofPlatform().daemon().name("provider-", 0).factory());
    }

    ProviderWorker(Loop loop, ThreadFactory factory) {
        this.loop = loop;
        threads =
                new ThreadPoolExecutor(
                        MOST_THREADS,
                        MOST_THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Has the provider called that there is when a call begins. */
    public ProviderCalls calling(Supplier<Provider> provider) {
        return (call, receiver) -> begin(provider.get(), call, receiver);
    }

    private void begin(Provider provider, Call call, Consumer<Answer> receiver) {
        if (call.kind() == Call.Kind.RELEASE) {
            releases.add(call);
        }
        Runnable work = () -> run(call, () -> ask(provider, call), receiver);
        synchronized (waiting) {
            Queue<Runnable> others = waiting.get(call.vip().address());
            if (others != null) {
                others.add(work);
                return;
            }
            waiting.put(call.vip().address(), new ArrayDeque<>());
        }
        work.run();
    }

    /** Where no further thread can be had one that there is does it, when it has time. */
    private void run(Call call, Supplier<Answer> asking, Consumer<Answer> receiver) {
        Runnable task = () -> ended(call, asking.get(), receiver);
        try {
            threads.execute(task);
        } catch (OutOfMemoryError | RuntimeException noThread) {
            if (threads.getPoolSize() == 0 || !threads.getQueue().offer(task)) {
                ended(call, Answer.free(failed("no thread can be started")), receiver);
            }
        }
    }

    private void ended(Call call, Answer answer, Consumer<Answer> receiver) {
        if (releases.contains(call) && answer.outcome() instanceof Answer.Failed failed) {
            failedReleases.put(call, failed.trouble());
        }
        releases.remove(call);
        loop.execute(
                () -> {
                    failedReleases.remove(call);
                    receiver.accept(answer);
                });
        next(call.vip().address()).run();
    }

    private Runnable next(InetAddress address) {
        synchronized (waiting) {
            Runnable next = waiting.getOrDefault(address, new ArrayDeque<>()).poll();
            if (next == null) {
                waiting.remove(address);
                return () -> {};
            }
            return next;
        }
    }

    /** Whatever a provider throws is a failure of the call, and ends nothing else. */
    private static Answer ask(Provider provider, Call call) {
        try {
            return switch (call.kind()) {
                case STATE -> provider.state(call);
                case ACQUIRE -> provider.acquire(call);
                case RELEASE -> provider.release(call);
            };
        } catch (RuntimeException | Error defect) {
            return new Answer(failed("the call has failed: " + defect), 1, 1);
        }
    }

    /** The loop has ended, and tells nothing any more. */
    private void tellOfReleases(Duration patience) {
        failedReleases.forEach(
                (call, trouble) ->
                        LOG.log(
                                Level.WARNING,
                                "{0}: the provider could not be told that this host does not need it any more; the next leader takes it: {1}",
                                PrintedAddress.of(call.vip().address()),
                                trouble));
        String late =
                releases.stream()
                        .map(call -> PrintedAddress.of(call.vip().address()))
                        .sorted()
                        .collect(Collectors.joining(", "));
        if (!late.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: the provider could not be told within {1} s that this host does not need it any more, as the daemon ends; the next leader takes it",
                    late,
                    patience.toSeconds());
        }
    }

    private static Answer.Failed failed(String trouble) {
        return new Answer.Failed(trouble, Duration.ZERO, false);
    }

    /**
     * Takes no further call, and waits so long at most until providers have been told that this
     * host does not need its addresses any more; all else is given up at once. Says of which
     * addresses that failed, or came too late.
     */
    public void close(Duration patience) {
        long endNanos = System.nanoTime() + patience.toNanos();
        try {
            while (!releases.isEmpty() && System.nanoTime() - endNanos < 0) {
                Thread.sleep(10);
            }
            tellOfReleases(patience);
            threads.shutdownNow();
            threads.awaitTermination(TO_GIVE_UP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
