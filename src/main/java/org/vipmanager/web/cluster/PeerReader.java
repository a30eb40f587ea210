package org.vipmanager.web.cluster;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.TimeSource;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.TlsContexts;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final int OK = 200;

    private final TimeSource clock;
    private final List<URI> peers;
    private final Optional<Supplier<String>> token;
    private final Supplier<TlsContexts> tls;
    private final Map<URI, HostAnswer> answers = new LinkedHashMap<>();
    private @Nullable AskingLoop loop;
    private @Nullable HttpSender sender;
    private CompletableFuture<?> round = CompletableFuture.completedFuture(null);
    private long begunAtNanos;
    private volatile boolean isFirst = true;
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
        this.peers = peers;
        this.token = token;
        this.tls = tls;
        peers.forEach(peer -> answers.put(peer, asked(peer)));
    }

    private static HostAnswer asked(URI peer) {
        return HostAnswer.failed(peer.toString(), "it is being asked");
    }

    /**
     * What they said last: a second old, or so much older as the wait for them is cut short.
     *
     * @param patience how long to wait for those that are being asked; once they have all the time
     *     that they may take
     */
    List<HostAnswer> read(Duration patience) {
        CompletableFuture<?> awaited = begin(false);
        return await(awaited, isFirst ? DEADLINE.multipliedBy(2) : patience);
    }

    /** What they say when they are asked after this call. */
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
            return List.copyOf(answers.values());
        }
    }

    synchronized boolean isAsking() {
        return !round.isDone();
    }

    private synchronized CompletableFuture<?> begin(boolean anew) {
        if (isClosed || peers.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (!round.isDone()) {
            return anew ? round.thenCompose(_ -> begin(true)) : round;
        }
        boolean isFresh = begunAtNanos != 0 && System.nanoTime() - begunAtNanos < FRESH_NANOS;
        if (anew || !isFresh) {
            begunAtNanos = System.nanoTime();
            round = ask();
        }
        return round;
    }

    private CompletableFuture<?> ask() {
        AskingLoop on = loop;
        if (on == null) {
            on = new AskingLoop(clock);
            loop = on;
        }
        AskingLoop asking = on;
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (URI peer : peers) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            all.add(one);
            asking.execute(() -> ask(asking, peer, one));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /** On the loop of its own. A fault in the answer of one is no fault of another. */
    private void ask(AskingLoop on, URI peer, CompletableFuture<Void> done) {
        try {
            HttpQuestion question =
                    HttpQuestion.get(URI.create(peer + "/status"), DEADLINE)
                            .withHeader("Accept", () -> "application/json");
            if (token.isPresent()) {
                Supplier<String> secret = token.get();
                question = question.withHeader("Authorization", () -> "Bearer " + secret.get());
            }
            sender(on)
                    .send(
                            question,
                            outcome -> {
                                keep(peer, answer(peer, outcome));
                                done.complete(null);
                            });
        } catch (RuntimeException | Error fault) {
            keep(peer, HostAnswer.failed(peer.toString(), "it cannot be asked: " + fault));
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

    private synchronized void keep(URI peer, HostAnswer answer) {
        answers.put(peer, answer);
    }

    private static HostAnswer answer(URI peer, HttpOutcome outcome) {
        String asked = peer.toString();
        return switch (outcome) {
            case HttpFailure failure -> HostAnswer.failed(asked, failure.trouble());
            case HttpAnswer answer when answer.status() != OK ->
                    HostAnswer.failed(asked, refusal(answer));
            case HttpAnswer answer -> status(asked, answer.body());
        };
    }

    private static String refusal(HttpAnswer answer) {
        return "it answered with status "
                + answer.status()
                + switch (answer.status()) {
                    case 401 ->
                            ": it wants the token of its http-token-file, which must be the same";
                    case 403 -> ": name it by its address or its own host name in http-peers";
                    default -> answer.excerpt().isEmpty() ? "" : ": " + answer.excerpt();
                };
    }

    private static HostAnswer status(String asked, String body) {
        try {
            return HostAnswer.of(asked, HostStatus.of(body));
        } catch (IOException e) {
            return HostAnswer.failed(asked, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error fault) {
            return HostAnswer.failed(asked, "its answer cannot be read: " + fault);
        }
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
