package org.vipmanager.hetzner;

import org.vipmanager.control.Loop;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.log.Printable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks an interface and waits for the answer, on a thread that may block; with {@code verbose} both
 * are logged, without what authorizes.
 */
public final class ApiClient implements AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private static final int LONGEST_LOGGED = 1000;

    /** What is shorter may be a part of any word. */
    private static final int SHORTEST_SECRET = 6;

    /** The sender keeps the deadline itself; this is for a loop that has ended. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Loop loop;
    private final HttpSender sender;

    /** Whose answers are waited for. */
    private final Set<CompletableFuture<HttpOutcome>> waiting = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * @param sender is closed together with this client
     */
    public ApiClient(Loop loop, HttpSender sender) {
        this.loop = loop;
        this.sender = sender;
    }

    /**
     * Asks.
     *
     * @param authorization the header's value; never logged
     * @param secret the part of it that somebody knows, which an answer may repeat
     */
    HttpOutcome ask(Request request, String authorization, String secret) {
        return ask(
                request,
                request.question().withHeader("Authorization", () -> authorization),
                List.of(secret, authorization.substring(authorization.indexOf(' ') + 1)));
    }

    /** Asks without a secret. */
    HttpOutcome ask(Request request) {
        return ask(request, request.question(), List.of());
    }

    private HttpOutcome ask(Request request, HttpQuestion question, List<String> secrets) {
        LOG.log(Level.DEBUG, "{0} {1}", question, request.body().orElse(""));
        HttpOutcome outcome = masked(outcome(question), secrets);
        switch (outcome) {
            case HttpAnswer answer ->
                    LOG.log(
                            Level.DEBUG,
                            "{0} answers {1}: {2}",
                            question,
                            answer.status(),
                            Printable.line(answer.body(), LONGEST_LOGGED));
            case HttpFailure failure ->
                    LOG.log(Level.DEBUG, "{0}: {1}", question, failure.trouble());
        }
        return outcome;
    }

    /** Whatever is told of an answer, it does not tell the secrets. */
    private static HttpOutcome masked(HttpOutcome outcome, List<String> secrets) {
        if (!(outcome instanceof HttpAnswer answer)) {
            return outcome;
        }
        String body = answer.body();
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST_SECRET) {
                body = body.replace(secret, "*****");
            }
        }
        return new HttpAnswer(
                answer.status(), answer.headers(), body, answer.sentAt(), answer.receivedAt());
    }

    private HttpOutcome outcome(HttpQuestion question) {
        CompletableFuture<HttpOutcome> outcome = new CompletableFuture<>();
        waiting.add(outcome);
        if (closed) {
            outcome.cancel(false);
        } else {
            loop.execute(() -> sender.send(question, outcome::complete));
        }
        try {
            return outcome.get(question.deadline().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return givenUp(question, "the daemon stops");
        } catch (ExecutionException | TimeoutException e) {
            return givenUp(question, "it was given up");
        } catch (CancellationException e) {
            return givenUp(question, "it was given up, as the settings have changed");
        } finally {
            waiting.remove(outcome);
        }
    }

    /** Ends every exchange; who waits for one gets a failure. */
    @Override
    public void close() {
        closed = true;
        loop.execute(sender::close);
        waiting.forEach(outcome -> outcome.cancel(false));
    }

    private HttpFailure givenUp(HttpQuestion question, String why) {
        return new HttpFailure(question.origin() + ": " + why, false, loop.now(), loop.now());
    }

    /**
     * What is asked.
     *
     * @param contentType of the body; empty without one
     */
    record Request(
            String method, URI uri, Optional<String> body, String contentType, Duration deadline) {

        static Request get(URI uri, Duration deadline) {
            return new Request("GET", uri, Optional.empty(), "", deadline);
        }

        private HttpQuestion question() {
            Map<String, Supplier<String>> headers = new LinkedHashMap<>();
            headers.put("Accept", () -> "application/json");
            if (body.isPresent()) {
                headers.put("Content-Type", () -> contentType);
            }
            return new HttpQuestion(method, uri, headers, body, method.equals("GET"), deadline);
        }
    }
}
