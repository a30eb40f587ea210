package org.vipmanager.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * A client of the address that asks every 2 ms and remembers when it was answered, and by whom. It
 * never learns that there was a failover.
 */
final class PingingClient implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofMillis(2);

    private final Host host;
    private final InetAddress address;
    private final CompletableFuture<DatagramChannel> channel = new CompletableFuture<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Thread asking;
    private final Thread listening;
    private volatile boolean closed;

    PingingClient(Host host, InetAddress address) {
        this.host = host;
        this.address = address;
        this.asking = host.namespace().start("client asks", this::ask);
        channel.join();
        this.listening = host.namespace().start("client listens", this::listen);
    }

    Host host() {
        return host;
    }

    /**
     * The longest time without an answer between the two times: the outage, if it is more than the
     * interval.
     */
    synchronized Duration longestGap(long fromNanos, long toNanos) {
        long longest = 0;
        long last = fromNanos;
        for (Answer answer : answers) {
            if (answer.receivedAtNanos() > fromNanos && answer.receivedAtNanos() <= toNanos) {
                longest = Math.max(longest, answer.receivedAtNanos() - last);
                last = answer.receivedAtNanos();
            }
        }
        return Duration.ofNanos(Math.max(longest, toNanos - last));
    }

    /** Answers that came since then. */
    synchronized List<Answer> answersSince(long nanos) {
        int first = answers.size();
        while (first > 0 && answers.get(first - 1).receivedAtNanos() > nanos) {
            first--;
        }
        return List.copyOf(answers.subList(first, answers.size()));
    }

    /** Who answered last; "nobody" when the last answer is older than 50 ms. */
    synchronized String answeredBy() {
        if (answers.isEmpty()) {
            return "nobody";
        }
        Answer last = answers.getLast();
        boolean recent = System.nanoTime() - last.receivedAtNanos() < 50_000_000;
        return recent ? last.host() : "nobody";
    }

    private void ask() {
        Kernel.measureInRealTime();
        try (DatagramChannel open = DatagramChannel.open(EchoServer.family(address))) {
            open.connect(new InetSocketAddress(address, EchoServer.PORT));
            channel.complete(open);
            ByteBuffer question = ByteBuffer.allocateDirect(Long.BYTES);
            long next = System.nanoTime();
            while (!closed) {
                try {
                    open.write(question.clear().putLong(System.nanoTime()).flip());
                } catch (IOException e) {
                    // Nobody there: "connection refused" or "no route to host" for an earlier one.
                }
                next += INTERVAL.toNanos();
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            channel.completeExceptionally(e);
        }
    }

    private void listen() {
        Kernel.measureInRealTime();
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        while (!closed) {
            try {
                buffer.clear();
                channel.join().read(buffer);
                long receivedAtNanos = System.nanoTime();
                buffer.flip();
                long askedAtNanos = buffer.getLong();
                String name = StandardCharsets.US_ASCII.decode(buffer).toString().intern();
                synchronized (this) {
                    answers.add(new Answer(askedAtNanos, receivedAtNanos, name));
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // As when asking: an error that belongs to an earlier question.
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        asking.join();
        listening.join();
    }
}
