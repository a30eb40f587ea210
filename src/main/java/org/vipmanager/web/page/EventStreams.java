package org.vipmanager.web.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;
import org.vipmanager.log.Printable;
import org.vipmanager.web.cluster.Cluster;
import org.vipmanager.web.cluster.ClusterReader;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Server-sent events: one whenever something has changed, with the sentence of how it is now.
 *
 * <p>A stream ends by itself before the server's time for an answer is over, which is what ends one
 * that is not read; who reads it comes again with the number of the last event, and so misses
 * nothing. Nothing is kept between streams, and nothing is done while there is none.
 */
final class EventStreams {

    /** Each takes one of the server's turns, of which others must be left. */
    private static final int MOST = 8;

    /** Less than sun.net.httpserver.maxRspTime. */
    private static final Duration LONGEST = Duration.ofSeconds(7);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
    private static final Duration BETWEEN_SIGNS_OF_LIFE = Duration.ofSeconds(2);
    private static final int LONGEST_SENTENCE = 400;
    private static final int COME_AGAIN_MILLIS = 300;

    private final ClusterReader reader;
    private final Semaphore free = new Semaphore(MOST);

    EventStreams(ClusterReader reader) {
        this.reader = reader;
    }

    /**
     * Streams until it is time, or nobody reads any more.
     *
     * @return false when there are too many already; nothing has been answered then
     */
    boolean stream(HttpExchange exchange) throws IOException {
        if (!free.tryAcquire()) {
            return false;
        }
        try {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream to = exchange.getResponseBody()) {
                tell(exchange.getRequestHeaders().getFirst("Last-Event-ID"), to);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            free.release();
        }
    }

    private void tell(@Nullable String last, OutputStream to)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        write("retry: " + COME_AGAIN_MILLIS + "\n\n", to);
        String told = last;
        long toldAt = begun;
        while (System.nanoTime() - begun < LONGEST.toNanos()) {
            Cluster cluster = reader.read();
            String now = cluster.fingerprint();
            if (!now.equals(told)) {
                String sentence = Printable.line(cluster.summary(), LONGEST_SENTENCE);
                write("id: " + now + "\nevent: change\ndata: " + sentence + "\n\n", to);
                told = now;
                toldAt = System.nanoTime();
            } else if (System.nanoTime() - toldAt > BETWEEN_SIGNS_OF_LIFE.toNanos()) {
                write(":\n\n", to);
                toldAt = System.nanoTime();
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private static void write(String text, OutputStream to) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
        to.flush();
    }
}
