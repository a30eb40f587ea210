package org.vipmanager.simulation;

import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * True time, and what is going to happen in it.
 *
 * <p>Times are nanoseconds since the beginning of the world. What is due at the same time happens
 * in the order in which it was entered.
 */
final class Agenda {

    /** Something that is going to happen. */
    static final class Entry implements Comparable<Entry> {
        private final long time;
        private final long order;
        private final Runnable task;
        private boolean cancelled;

        private Entry(long time, long order, Runnable task) {
            this.time = time;
            this.order = order;
            this.task = task;
        }

        long time() {
            return time;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;
    private long entered;

    long now() {
        return now;
    }

    Entry at(long time, Runnable task) {
        Entry entry = new Entry(Math.max(time, now), entered++, task);
        entries.add(entry);
        return entry;
    }

    Entry after(long nanos, Runnable task) {
        return at(now + nanos, task);
    }

    void runUntil(long time) {
        runUntil(time, () -> false);
    }

    /**
     * Lets time pass. A task may call this too: it is then frozen, while the world goes on.
     *
     * @param ended whether to return early
     */
    void runUntil(long time, BooleanSupplier ended) {
        Entry next = entries.peek();
        while (next != null && next.time <= time && !ended.getAsBoolean()) {
            entries.remove();
            now = Math.max(now, next.time);
            if (!next.cancelled) {
                next.task.run();
            }
            next = entries.peek();
        }
        if (!ended.getAsBoolean()) {
            now = Math.max(now, time);
        }
    }
}
