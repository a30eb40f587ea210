package org.vipmanager.dcs.etcd;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged of etcd while it is open, in every detail. */
final class LoggedDetails extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("org.vipmanager.etcd");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    LoggedDetails() {
        logger.setLevel(Level.FINE);
        logger.addHandler(this);
    }

    void await(String part) {
        Awaitility.await("log with \"" + part + "\"")
                .atMost(Duration.ofSeconds(30))
                .until(() -> lines.stream().anyMatch(line -> line.contains(part)));
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(null);
    }
}
