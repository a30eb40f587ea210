package org.vipmanager.lab;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Many ask the daemons of a laboratory for their metrics, and more hold connections open. */
final class HttpLoad implements AutoCloseable {

    static final int PORT = 8010;
    private static final int CLIENTS_OF_A_HOST = 16;

    /** So that those which the daemon has closed are no flood of their own. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private static final Duration A_MOMENT = Duration.ofMillis(10);

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final long begunAtNanos = System.nanoTime();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    /**
     * Begins.
     *
     * @param rate requests a second, of all hosts together
     * @param idle connections that ask nothing, of each host
     */
    HttpLoad(Lab lab, int rate, int idle) throws InterruptedException {
        Namespace clients = lab.client().host().namespace();
        int all = lab.hosts().size() * CLIENTS_OF_A_HOST;
        Duration pause = Duration.ofSeconds(1).multipliedBy(all).dividedBy(rate);
        for (Host host : lab.hosts()) {
            InetSocketAddress address = new InetSocketAddress("10.0.0." + host.number(), PORT);
            for (int i = 0; i < CLIENTS_OF_A_HOST; i++) {
                threads.add(clients.start("asks " + host, () -> askAgainAndAgain(address, pause)));
            }
        }
        Thread.sleep(Duration.ofSeconds(1)); // theirs come first: a daemon has 64 at a time
        for (Host host : lab.hosts()) {
            InetSocketAddress address = new InetSocketAddress("10.0.0." + host.number(), PORT);
            threads.add(clients.start("idle at " + host, () -> keepIdle(address, idle)));
        }
    }

    /** For a table. */
    String rate() {
        double seconds = (System.nanoTime() - begunAtNanos) / 1e9;
        return "%.0f answers/s, %d failed".formatted(answered.get() / seconds, failed.get());
    }

    private void askAgainAndAgain(InetSocketAddress address, Duration pause) {
        long next = System.nanoTime();
        while (!ended) {
            try (Socket socket = new Socket()) {
                socket.connect(address, 5000);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(10_000);
                InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
                while (!ended) {
                    LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
                    next = Math.max(next, System.nanoTime() - pause.toNanos()) + pause.toNanos();
                    ask(socket, in);
                    answered.incrementAndGet();
                }
            } catch (IOException e) {
                failed.incrementAndGet();
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
                throw new IOException("the connection has ended");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** One that is closed is opened again. */
    private void keepIdle(InetSocketAddress address, int count) {
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
                while (open.size() < count && !ended) {
                    SocketChannel channel = SocketChannel.open();
                    channel.configureBlocking(false);
                    channel.connect(address);
                    open.add(channel);
                    LockSupport.parkNanos(A_MOMENT.toNanos());
                }
                for (long end = System.nanoTime() + BETWEEN_LOOKS.toNanos();
                        !ended && System.nanoTime() - end < 0; ) {
                    LockSupport.parkNanos(A_MOMENT.toNanos());
                }
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
