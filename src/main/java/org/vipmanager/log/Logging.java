package org.vipmanager.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The log of the running daemon: java.util.logging, written to standard output by a thread of its
 * own.
 *
 * <p>When standard output is the systemd journal, lines have a priority and no time.
 */
public final class Logging {

    private static final Duration LONGEST_DRAIN = Duration.ofMillis(200);

    /** Kept, because java.util.logging forgets the level of a logger that nobody refers to. */
    private final List<Logger> configured;

    private final QueuedHandler handler;

    private Logging(QueuedHandler handler, List<Logger> configured) {
        this.handler = handler;
        this.configured = configured;
    }

    /**
     * Sets the log up for this process.
     *
     * @param verbose every answer, request and frame, and stack traces
     */
    public static Logging install(boolean verbose, Map<String, String> environment) {
        LineFormat format = new LineFormat(isJournal(environment), verbose);
        QueuedHandler handler = new QueuedHandler(new FileOutputStream(FileDescriptor.out), format);
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        for (Handler old : root.getHandlers()) {
            root.removeHandler(old);
        }
        root.setLevel(Level.WARNING);
        root.addHandler(handler);
        Logger ours = Logger.getLogger("org.vipmanager");
        Logging logging = new Logging(handler, List.of(root, ours));
        logging.verbose(verbose);
        Thread.setDefaultUncaughtExceptionHandler((thread, defect) -> tell(format, thread, defect));
        return logging;
    }

    /** Nothing is logged from now on: for commands that print what they have found. */
    public static void silence() {
        LogManager.getLogManager().reset();
    }

    /** As the JVM does it, on standard error and with the stack trace, but on safe lines. */
    private static void tell(LineFormat format, Thread thread, Throwable defect) {
        LogRecord entry =
                new LogRecord(Level.SEVERE, "a defect has ended the thread " + thread.getName());
        entry.setThrown(defect);
        System.err.print(new LineFormat(format.forJournal(), true).line(entry));
    }

    /** Logs everything from now on, or only events. */
    public void verbose(boolean verbose) {
        configured.getLast().setLevel(verbose ? Level.FINE : Level.INFO);
    }

    /** How many lines nobody has got since the start. Callable from any thread. */
    public long droppedLines() {
        return handler.dropped();
    }

    /** Writes what is queued; gives up after 200 ms, because the process is about to end. */
    public void drain() {
        try {
            handler.drain(LONGEST_DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether standard output is the stream that systemd named: {@code
     * JOURNAL_STREAM=device:inode}, systemd.exec(5).
     */
    private static boolean isJournal(Map<String, String> environment) {
        String stream = environment.get("JOURNAL_STREAM");
        if (stream == null) {
            return false;
        }
        try {
            Map<String, Object> output =
                    Files.readAttributes(Path.of("/proc/self/fd/1"), "unix:dev,ino");
            return stream.equals(output.get("dev") + ":" + output.get("ino"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
