package org.vipmanager.control;

import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * A loop whose time stands still until a test lets it pass. Everything runs in the calling thread,
 * in {@link #advance}, {@link #runReady} or {@link #freeze}; tasks of equal time in the order in
 * which they were handed over.
 */
public final class FakeLoop implements Loop {

    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong((Waiting task) -> task.time.nanos())
                            .thenComparingLong(task -> task.number));
    private Moment now = new Moment(Duration.ofHours(1).toNanos());
    private long suspendedNanos;
    private double chance;
    private long handedOver;

    /** Lets time pass, stopping at each alarm that falls due, and runs everything that is ready. */
    public void advance(Duration duration) {
        Moment end = now.plus(duration);
        runReady();
        while (!waiting.isEmpty() && !waiting.peek().time.isAfter(end)) {
            now = Moment.later(now, waiting.peek().time);
            runReady();
        }
        now = end;
        runReady();
    }

    /** Runs what is ready now, and what that hands over, without letting time pass. */
    public void runReady() {
        while (true) {
            while (!waiting.isEmpty() && !waiting.peek().time.isAfter(now)) {
                Waiting due = waiting.remove();
                ready.add(due::run);
            }
            Runnable task = ready.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    /** Lets time pass within the task that is running. */
    public void pass(Duration duration) {
        now = now.plus(duration);
    }

    /** Lets time pass without running anything, as when the process is stopped; then runs all. */
    public void freeze(Duration duration) {
        now = now.plus(duration);
        runReady();
    }

    /** As {@link #freeze}, with the monotonic clock standing still: the host was suspended. */
    public void suspend(Duration duration) {
        suspendedNanos += duration.toNanos();
        freeze(duration);
    }

    /** How many alarms wait for their time. */
    public int alarms() {
        return (int) waiting.stream().filter(task -> !task.cancelled).count();
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public Alarm at(Moment time, Runnable task) {
        Waiting alarm = new Waiting(time, handedOver++, task);
        waiting.add(alarm);
        return alarm;
    }

    @Override
    public double chance() {
        return chance;
    }

    /** What {@link #chance} gives from now on; 0 before, so that no pause is shortened. */
    public void chance(double given) {
        chance = given;
    }

    @Override
    public Moment now() {
        return now;
    }

    @Override
    public long monotonicNanos() {
        return now.nanos() - suspendedNanos;
    }

    private final class Waiting implements Alarm {
        private final Moment time;
        private final long number;
        private final Runnable task;
        private boolean cancelled;

        Waiting(Moment time, long number, Runnable task) {
            this.time = time;
            this.number = number;
            this.task = task;
        }

        void run() {
            if (!cancelled) {
                task.run();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            waiting.remove(this);
        }
    }
}
