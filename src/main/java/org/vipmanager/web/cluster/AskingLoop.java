package org.vipmanager.web.cluster;

import org.vipmanager.control.Loop;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A loop beside that of the decisions, on which peers are asked: its thread ends when nothing is
 * left to be done.
 */
final class AskingLoop implements Loop.OnClock, AutoCloseable {

    private static final Duration IDLE = Duration.ofSeconds(5);

    private final TimeSource clock;
    private final ScheduledThreadPoolExecutor thread;

    AskingLoop(TimeSource clock) {
        this.clock = clock;
        thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("web-peers").factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        thread.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public TimeSource clock() {
        return clock;
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    @Override
    public Alarm at(Moment time, Runnable task) {
        long delay = Math.max(0, now().until(time).toNanos());
        Future<?> waiting = thread.schedule(task, delay, TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    @Override
    public double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** What is left is dropped. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
