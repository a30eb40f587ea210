package org.vipmanager.web.cluster;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.TimeSource;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.TlsContexts;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks the daemons of the other hosts for their status, once a second at most and only while
 * somebody wants to know; each for two seconds and a megabyte at most, without following redirects.
 * Safe for use by several threads.
 */
public final class PeerReader implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int LONGEST_ANSWER = 1 << 20;

    private final TimeSource clock;
    private final Optional<Supplier<String>> token;
    private final Supplier<TlsContexts> tls;
    private final List<Peer> peers;
    private @Nullable AskingLoop loop;
    private @Nullable HttpSender sender;
    private boolean isFirst = true;
    private boolean isClosed;

    /**
     * Asks nobody yet, and reads no file.
     *
     * @param token is shown to the peers; may block
     * @param tls whom to trust; asked for once, at the first question
     */
    public PeerReader(
            TimeSource clock,
            List<URI> peers,
            Optional<Supplier<String>> token,
            Supplier<TlsContexts> tls) {
        this.clock = clock;
        this.peers = peers.stream().map(Peer::new).toList();
        this.token = token;
        this.tls = tls;
    }

    /** What is known of one; guarded by the reader. */
    private static final class Peer {
        private final URI url;
        private HostAnswer answer;
        private CompletableFuture<?> question = CompletableFuture.completedFuture(null);
        private @Nullable CompletableFuture<?> next;
        private long askedAtNanos;
        private boolean wasAsked;

        Peer(URI url) {
            this.url = url;
            answer = HostAnswer.failed(url.toString(), "it is being asked");
        }

        boolean isFresh() {
            return wasAsked && System.nanoTime() - askedAtNanos < FRESH_NANOS;
        }
    }

    /**
     * What they said last: a second old, or so much older as the wait for them is cut short.
     *
     * @param patience how long to wait for those that are being asked; once they have all the time
     *     that they may take
     */
    List<HostAnswer> read(Duration patience) {
        return await(begin(false), isFirst() ? DEADLINE.multipliedBy(2) : patience);
    }

    /**
     * What they say when they are asked after this call. One that has failed before is not waited
     * for.
     */
    List<HostAnswer> readAnew() {
        return await(begin(true), DEADLINE.multipliedBy(2));
    }

    private List<HostAnswer> await(CompletableFuture<?> awaited, Duration patience) {
        try {
            awaited.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException silent) {
            // What they said before counts until they have answered, or their time is up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            isFirst = false;
            return peers.stream().map(peer -> peer.answer).toList();
        }
    }

    private synchronized boolean isFirst() {
        return isFirst;
    }

    synchronized boolean isAsking() {
        return peers.stream().anyMatch(peer -> !peer.question.isDone());
    }

    /** All are asked; those end it that are to be waited for. */
    private synchronized CompletableFuture<?> begin(boolean anew) {
        List<CompletableFuture<?>> awaited = new ArrayList<>();
        for (Peer peer : peers) {
            boolean isAwaited = !anew || isFirst || peer.answer.status().isPresent();
            CompletableFuture<?> question = begin(peer, anew && isAwaited);
            if (isAwaited) {
                awaited.add(question);
            }
        }
        return CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new));
    }

    private synchronized CompletableFuture<?> begin(Peer peer, boolean anew) {
        if (isClosed) {
            return CompletableFuture.completedFuture(null);
        }
        if (!peer.question.isDone()) {
            return anew ? next(peer) : peer.question;
        }
        if (anew || !peer.isFresh()) {
            peer.wasAsked = true;
            peer.askedAtNanos = System.nanoTime();
            AskingLoop on = loop();
            CompletableFuture<Void> done = new CompletableFuture<>();
            peer.question = done;
            on.execute(() -> ask(on, peer, done));
        }
        return peer.question;
    }

    /** The question after the one that is under way, which all share who want it. */
    private CompletableFuture<?> next(Peer peer) {
        CompletableFuture<?> next = peer.next;
        if (next == null) {
            next = peer.question.thenCompose(_ -> beginNext(peer));
            peer.next = next;
        }
        return next;
    }

    private synchronized CompletableFuture<?> beginNext(Peer peer) {
        peer.next = null;
        return begin(peer, true);
    }

    private AskingLoop loop() {
        AskingLoop on = loop;
        if (on == null) {
            on = new AskingLoop(clock);
            loop = on;
        }
        return on;
    }

    /** On the loop of its own. A fault in the answer of one is no fault of another. */
    private void ask(AskingLoop on, Peer peer, CompletableFuture<Void> done) {
        try {
            HttpQuestion question =
                    HttpQuestion.get(URI.create(peer.url + "/status"), DEADLINE)
                            .withHeader("Accept", () -> "application/json");
            if (token.isPresent()) {
                Supplier<String> secret = token.get();
                question = question.withHeader("Authorization", () -> "Bearer " + secret.get());
            }
            sender(on)
                    .send(
                            question,
                            outcome -> {
                                keep(peer, HostAnswer.of(peer.url.toString(), outcome));
                                done.complete(null);
                            });
        } catch (RuntimeException | Error fault) {
            keep(peer, HostAnswer.failed(peer.url.toString(), "it cannot be asked: " + fault));
            done.complete(null);
        }
    }

    private HttpSender sender(AskingLoop on) {
        HttpSender known = sender;
        if (known == null) {
            SocketHttpSender.Limits limits = new SocketHttpSender.Limits(DEADLINE, LONGEST_ANSWER);
            known = new SocketHttpSender(on, limits, tls.get());
            sender = known;
        }
        return known;
    }

    private synchronized void keep(Peer peer, HostAnswer answer) {
        peer.answer = answer;
    }

    /** Asks nobody any more. */
    @Override
    public synchronized void close() {
        isClosed = true;
        AskingLoop on = loop;
        if (on != null) {
            on.execute(
                    () -> {
                        HttpSender known = sender;
                        if (known != null) {
                            known.close();
                        }
                        on.close();
                    });
        }
    }
}
