package org.vipmanager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;

class QueuedHandlerTest {

    private static final LineFormat FORMAT = new LineFormat(true, false);

    @Test
    @Timeout(20)
    void publish_neverBlocks_andTellsHowManyLinesWereDropped() {
        BlockedSink sink = new BlockedSink();
        QueuedHandler handler = new QueuedHandler(sink, FORMAT);

        for (int i = 0; i < 5000; i++) {
            handler.publish(new LogRecord(Level.INFO, "line " + i));
        }
        sink.unblock.countDown();

        await().atMost(Duration.ofSeconds(10)).until(() -> sink.text().contains("were dropped"));
        long written = sink.text().lines().filter(line -> line.startsWith("<6>line")).count();
        String told =
                sink.text()
                        .lines()
                        .filter(line -> line.contains("dropped"))
                        .findFirst()
                        .orElseThrow();
        assertThat(told)
                .isEqualTo(
                        "<4>"
                                + (5000 - written)
                                + " log lines were dropped: nobody read the log, or its values could"
                                + " not be formatted");
    }

    @Test
    @Timeout(20)
    void drain_writesWhatIsQueued_butDoesNotWaitForABlockedSink() throws Exception {
        BlockedSink sink = new BlockedSink();
        QueuedHandler handler = new QueuedHandler(sink, FORMAT);
        handler.publish(new LogRecord(Level.INFO, "last words"));

        handler.drain(Duration.ofMillis(50));
        assertThat(sink.text()).isEmpty();

        sink.unblock.countDown();
        handler.drain(Duration.ofSeconds(10));
        assertThat(sink.text()).isEqualTo("<6>last words\n");
    }

    @Test
    @Timeout(20)
    void valueThatCannotBeFormatted_isDroppedAndCounted_andTheThreadLives() throws Exception {
        BlockedSink sink = new BlockedSink();
        sink.unblock.countDown();
        QueuedHandler handler = new QueuedHandler(sink, FORMAT);

        handler.publish(withValue(new Unprintable()));
        handler.publish(withValue(new Endless()));
        handler.publish(new LogRecord(Level.INFO, "still here"));
        handler.drain(Duration.ofSeconds(10));

        String dropped =
                "<4>1 log line was dropped: nobody read the log, or its values could not be"
                        + " formatted\n";
        assertThat(sink.text()).isEqualTo(dropped + dropped + "<6>still here\n");
    }

    private static LogRecord withValue(Object value) {
        LogRecord entry = new LogRecord(Level.INFO, "a library says {0}");
        entry.setParameters(new Object[] {value});
        return entry;
    }

    private static final class Unprintable {
        @Override
        public String toString() {
            throw new IllegalStateException("not now");
        }
    }

    private static final class Endless {
        @Override
        public String toString() {
            return "" + this;
        }
    }

    /** Takes nothing until it is unblocked, as a pipe to a process that does not read. */
    private static final class BlockedSink extends OutputStream {
        private final CountDownLatch unblock = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                unblock.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            taken.write(bytes, from, length);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }
    }
}
