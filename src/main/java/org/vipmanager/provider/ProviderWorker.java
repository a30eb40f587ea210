package org.vipmanager.provider;

import org.vipmanager.control.Loop;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Calls a provider on threads of its own: one call at a time for each address, and a bounded number
 * at once. A thread that has nothing to do for half a minute ends.
 */
public final class ProviderWorker {

    private static final int MOST_THREADS = 16;
    private static final long IDLE_SECONDS = 30;

    /** A call that is interrupted ends what it has started. */
    private static final Duration TO_GIVE_UP = Duration.ofSeconds(1);

    private final Loop loop;
    private final AtomicInteger releases = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    /** Those that wait for one of the same address, which is under way; on the loop. */
    private final Map<InetAddress, Queue<Runnable>> waiting = new HashMap<>();

    public ProviderWorker(Loop loop) {
        this.loop = loop;
        threads =
                new ThreadPoolExecutor(
                        MOST_THREADS,
                        MOST_THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("provider-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Has the provider called that there is when a call begins. */
    public ProviderCalls calling(Supplier<Provider> provider) {
        return (call, receiver) -> begin(provider.get(), call, receiver);
    }

    private void begin(Provider provider, Call call, Consumer<Answer> receiver) {
        InetAddress address = call.vip().address();
        boolean releases = call.kind() == Call.Kind.RELEASE;
        this.releases.addAndGet(releases ? 1 : 0);
        Runnable work =
                () -> {
                    Answer answer = ask(provider, call);
                    this.releases.addAndGet(releases ? -1 : 0);
                    loop.execute(
                            () -> {
                                next(address);
                                receiver.accept(answer);
                            });
                };
        Queue<Runnable> others = waiting.get(address);
        if (others == null) {
            waiting.put(address, new ArrayDeque<>());
            run(work, receiver, address);
        } else {
            others.add(() -> run(work, receiver, address));
        }
    }

    private void run(Runnable work, Consumer<Answer> receiver, InetAddress address) {
        try {
            threads.execute(work);
        } catch (OutOfMemoryError | RuntimeException noThread) {
            loop.execute(
                    () -> {
                        next(address);
                        receiver.accept(Answer.free(failed("no thread can be started")));
                    });
        }
    }

    private void next(InetAddress address) {
        Queue<Runnable> others = waiting.getOrDefault(address, new ArrayDeque<>());
        Runnable next = others.poll();
        if (next == null) {
            waiting.remove(address);
        } else {
            next.run();
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

    private static Answer.Failed failed(String trouble) {
        return new Answer.Failed(trouble, Duration.ZERO, false);
    }

    /**
     * Takes no further call, and waits so long at most until providers have been told that this
     * host does not need its addresses any more; all else is given up at once.
     */
    public void close(Duration patience) {
        long endNanos = System.nanoTime() + patience.toNanos();
        try {
            while (releases.get() > 0 && System.nanoTime() - endNanos < 0) {
                Thread.sleep(10);
            }
            threads.shutdownNow();
            threads.awaitTermination(TO_GIVE_UP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
