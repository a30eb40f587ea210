package org.vipmanager.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Hands log records to a thread that writes them, so that a sink which blocks delays nobody.
 *
 * <p>When the queue is full, lines are dropped and counted; the count is written as soon as the
 * sink takes lines again. {@link #publish} never blocks and may be called by any thread.
 */
final class QueuedHandler extends Handler {

    private static final int CAPACITY = 1000;

    private final ArrayBlockingQueue<LogRecord> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong droppedEver = new AtomicLong();
    private final AtomicLong unwritten = new AtomicLong();
    private final OutputStream sink;
    private final LineFormat format;

    QueuedHandler(OutputStream sink, LineFormat format) {
        this.sink = sink;
        this.format = format;
        setLevel(Level.ALL);
        Thread writer = new Thread(null, this::write, "log", 64L << 10);
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        unwritten.incrementAndGet();
        if (!queue.offer(entry)) {
            unwritten.decrementAndGet();
            drop();
        }
    }

    private void drop() {
        dropped.incrementAndGet();
        droppedEver.incrementAndGet();
    }

    /** How many lines nobody has got. */
    long dropped() {
        return droppedEver.get();
    }

    private void write() {
        try {
            while (true) {
                LogRecord entry = queue.take();
                write(entry);
                unwritten.decrementAndGet();
                long lost = dropped.getAndSet(0);
                if (lost > 0) {
                    write(
                            format.line(
                                    new LogRecord(
                                            Level.WARNING,
                                            (lost == 1
                                                            ? "1 log line was"
                                                            : lost + " log lines were")
                                                    + " dropped: nobody read the log, or its"
                                                    + " values could not be formatted")));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Libraries' records are rendered here: what their values do wrong must not end this thread.
     */
    private void write(LogRecord entry) {
        try {
            write(format.line(entry));
        } catch (RuntimeException | VirtualMachineError e) {
            drop();
        }
    }

    private void write(String line) {
        try {
            sink.write(line.getBytes(StandardCharsets.UTF_8));
            sink.flush();
        } catch (IOException e) {
            // A closed pipe or a full disk: nobody is left to tell, and the address matters more
            // than the log.
            drop();
        }
    }

    /** Waits until all is written, but no longer than given. */
    void drain(Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        while (unwritten.get() > 0 && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
