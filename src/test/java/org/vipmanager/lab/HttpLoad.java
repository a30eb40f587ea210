package org.vipmanager.lab;

import static java.util.stream.Collectors.joining;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Many ask the daemons of a laboratory for their metrics, and more hold connections open. */
final class HttpLoad implements AutoCloseable {

    static final int PORT = 8010;

    /** Who was kept waiting makes up for that much. */
    private static final long MADE_UP_FOR_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int PATIENCE_MILLIS = 5000;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration BETWEEN_CONNECTIONS = Duration.ofMillis(1);

    private final long begunAtNanos = System.nanoTime();
    private final List<Tally> tallies = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    /** What came of what was asked of a daemon. */
    private static final class Tally {

        private final Host host;
        private final InetSocketAddress address;
        private final AtomicLong answered = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private final AtomicLong reset = new AtomicLong();
        private final AtomicLong late = new AtomicLong();
        private final LongSummaryStatistics idle = new LongSummaryStatistics(); // by one thread

        Tally(Host host) {
            this.host = host;
            address = new InetSocketAddress("10.0.0." + host.number(), PORT);
        }

        void failed(IOException e) {
            switch (e) {
                case SocketTimeoutException timeout -> late.incrementAndGet();
                case ConnectException refusal -> refused.incrementAndGet();
                default -> reset.incrementAndGet();
            }
        }

        String text(double seconds) {
            return String.format(
                    Locale.ROOT,
                    "%s %.0f answers/s (%d refused, %d reset, %d late) beside %.0f idle connections",
                    host,
                    answered.get() / seconds,
                    refused.get(),
                    reset.get(),
                    late.get(),
                    idle.getAverage());
        }
    }

    /**
     * What each host is asked.
     *
     * @param clients each with a connection of its own, which it keeps
     * @param rate requests a second, of all of them together
     * @param idle connections that ask nothing
     */
    record Kind(int clients, int rate, int idle) {

        /** How long each client waits between two requests. */
        Duration pause() {
            return Duration.ofSeconds(1).multipliedBy(clients).dividedBy(rate);
        }
    }

    /** Begins, with the idle ones: so whoever asks must come in beside them. */
    HttpLoad(Lab lab, Kind kind) throws InterruptedException {
        Namespace clients = lab.client().host().namespace();
        for (Host host : lab.hosts()) {
            Tally tally = new Tally(host);
            tallies.add(tally);
            threads.add(clients.start("idle at " + host, () -> keepIdle(tally, kind.idle())));
        }
        Thread.sleep(Duration.ofSeconds(1));
        for (Tally tally : tallies) {
            for (int i = 0; i < kind.clients(); i++) {
                threads.add(
                        clients.start(
                                "asks " + tally.host, () -> askAgainAndAgain(tally, kind.pause())));
            }
        }
    }

    /** For a table. */
    String rate() {
        double seconds = (System.nanoTime() - begunAtNanos) / 1e9 - 1;
        return tallies.stream().map(tally -> tally.text(seconds)).collect(joining("; "));
    }

    private void askAgainAndAgain(Tally tally, Duration pause) {
        long next = System.nanoTime();
        while (!ended) {
            try (Socket socket = new Socket()) {
                socket.connect(tally.address, PATIENCE_MILLIS);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(PATIENCE_MILLIS);
                InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
                while (!ended) {
                    LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
                    next = Math.max(next, System.nanoTime() - MADE_UP_FOR_NANOS) + pause.toNanos();
                    ask(socket, in);
                    tally.answered.incrementAndGet();
                }
            } catch (IOException e) {
                tally.failed(e);
                LockSupport.parkNanos(pause.toNanos());
            }
        }
    }

    private static void ask(Socket socket, InputStream in) throws IOException {
        String request = "GET /metrics HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        int length = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            }
        }
        if (length < 0) {
            throw new IOException("no length");
        }
        in.skipNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection has ended");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** One that is closed is opened again. */
    private void keepIdle(Tally tally, int count) {
        List<SocketChannel> open = new ArrayList<>();
        try {
            while (!ended) {
                for (Iterator<SocketChannel> each = open.iterator(); each.hasNext(); ) {
                    SocketChannel channel = each.next();
                    if (isEnded(channel)) {
                        channel.close();
                        each.remove();
                    }
                }
                if (!open.isEmpty()) {
                    tally.idle.accept(open.size());
                }
                while (open.size() < count && !ended) {
                    SocketChannel channel = SocketChannel.open();
                    channel.configureBlocking(false);
                    channel.connect(tally.address);
                    open.add(channel);
                    LockSupport.parkNanos(BETWEEN_CONNECTIONS.toNanos());
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
            for (SocketChannel channel : open) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEnded(SocketChannel channel) {
        try {
            return channel.finishConnect() && channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(15));
        }
    }
}
