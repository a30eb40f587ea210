package org.vipmanager.control;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The {@link Loop} of the running daemon: one thread, a queue of tasks and an agenda of alarms.
 *
 * <p>{@link #run} is the thread's body and returns after {@link #stop}. Before anything else is
 * done after a wait, it is asked whether the process was frozen meanwhile.
 */
public final class DecisionLoop implements Loop.OnClock {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final TimeSource clock;
    private Duration longestWait;
    private final FreezeDetector freezes;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final PriorityQueue<Entry> agenda =
            new PriorityQueue<>(Comparator.comparing(Entry::due));
    private Runnable onWake = () -> {};
    private Runnable onKernelWait = () -> {};
    private volatile boolean stopped;

    public DecisionLoop(TimeSource clock, Duration interval) {
        this.clock = clock;
        longestWait = longestWait(interval);
        freezes = new FreezeDetector(interval, clock);
    }

    /** What to do when the process turns out to have been frozen. Set before {@link #run}. */
    public void onWake(Runnable action) {
        onWake = action;
    }

    /**
     * What to do when a task had to wait long for a busy kernel, before what came meanwhile is
     * looked at. Set before {@link #run}.
     */
    public void onKernelWait(Runnable action) {
        onKernelWait = action;
    }

    /** Takes another interval over. Called on the loop. */
    public void changeInterval(Duration interval) {
        longestWait = longestWait(interval);
        freezes.changeInterval(interval, clock);
    }

    @Override
    public TimeSource clock() {
        return clock;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Alarm at(Moment due, Runnable task) {
        Entry entry = new Entry(due, task);
        agenda.add(entry);
        return () -> agenda.remove(entry);
    }

    @Override
    public double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public void waitedForKernel(Duration time) {
        freezes.excuse(time);
    }

    /**
     * A wait counts on CLOCK_MONOTONIC, which stands still while the host is suspended: what is
     * left of it is waited for after the host has woken up, before that is noticed.
     */
    private static Duration longestWait(Duration interval) {
        return interval.compareTo(LONGEST_WAIT) < 0 ? interval : LONGEST_WAIT;
    }

    /** Ends {@link #run} after the task that is running. Callable from any thread. */
    public void stop() {
        stopped = true;
        tasks.add(() -> {});
    }

    /**
     * Runs tasks and alarms until stopped. What a task throws ends the loop and is thrown on: it is
     * a defect.
     */
    public void run() {
        while (!stopped) {
            noticeFreeze();
            @Nullable Runnable task = awaitTask();
            noticeFreeze();
            runDueAlarms();
            if (task != null && !stopped) {
                task.run();
            }
        }
    }

    /**
     * Before the wait and after each alarm, because either may have been frozen in its middle; and
     * after the wait, before anything old is looked at.
     */
    private void noticeFreeze() {
        boolean kernelWasBusy = freezes.kernelWasBusy();
        if (freezes.wasFrozen(clock)) {
            onWake.run();
        } else if (kernelWasBusy) {
            onKernelWait.run();
        }
    }

    private @Nullable Runnable awaitTask() {
        Moment now = now();
        Moment until = now.plus(longestWait);
        Entry first = agenda.peek();
        if (first != null) {
            until = Moment.earlier(until, first.due());
        }
        freezes.waitingUntil(Moment.later(now, until));
        try {
            long nanos = Math.max(0, now.until(until).toNanos());
            return tasks.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void runDueAlarms() {
        Entry first = agenda.peek();
        while (first != null && !stopped && !first.due().isAfter(now())) {
            agenda.remove(first);
            first.task().run();
            noticeFreeze();
            first = agenda.peek();
        }
    }

    /** Compared by identity, so that an alarm cancels itself and no other. */
    private static final class Entry {
        private final Moment due;
        private final Runnable task;

        Entry(Moment due, Runnable task) {
            this.due = due;
            this.task = task;
        }

        Moment due() {
            return due;
        }

        Runnable task() {
            return task;
        }
    }
}
