package org.vipmanager.posix;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What one logger says meanwhile. */
public final class RecordedLog implements AutoCloseable {

    private final Logger logger;
    private final Level before;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    lines.add(new SimpleFormatter().formatMessage(line));
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    private RecordedLog(String name, Level level) {
        logger = Logger.getLogger(name);
        before = logger.getLevel();
        logger.setLevel(level);
        handler.setLevel(level);
        logger.addHandler(handler);
    }

    /** What a user is told. */
    public static RecordedLog of(String logger) {
        return new RecordedLog(logger, Level.INFO);
    }

    /** The same with {@code verbose}. */
    public static RecordedLog verbose(String logger) {
        return new RecordedLog(logger, Level.FINE);
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(before);
    }
}
