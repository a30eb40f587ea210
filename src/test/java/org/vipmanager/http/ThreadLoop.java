package org.vipmanager.http;

import org.vipmanager.control.Loop;
import org.vipmanager.control.RealTime;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A loop in real time, for tests with real sockets. */
public final class ThreadLoop implements Loop.OnClock, AutoCloseable {

    /** What still comes when it is closed is dropped, as by a process that ends. */
    private final ScheduledExecutorService thread =
            new ScheduledThreadPoolExecutor(
                    1,
                    task -> Thread.ofPlatform().daemon().name("test-loop").unstarted(task),
                    new ThreadPoolExecutor.DiscardPolicy());

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
        return 0;
    }

    @Override
    public TimeSource clock() {
        return new RealTime();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
