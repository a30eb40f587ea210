package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.tls.TlsTrouble;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

/**
 * Sends through {@link HttpClient}: HTTP/1.1, connections kept alive, no redirects, no proxy.
 *
 * <p>The client's own time-out ends with the response's headers; a server that drips its body would
 * hold the exchange for ever. So the deadline is an alarm on the loop, which cancels the exchange.
 */
public final class JdkHttpSender implements HttpSender {

    /** Two, so that a name server that hangs does not stop an endpoint that needs none. */
    private static final int THREADS = 2;

    private static final long IDLE_THREAD_SECONDS = 30;

    private final Loop loop;
    private final Limits limits;
    private final TlsContexts tls;
    private final ThreadPoolExecutor executor;
    private final HttpClients clients;
    private final Set<Exchange> underWay = new HashSet<>();
    private boolean closed;

    /**
     * What an exchange may cost at most.
     *
     * @param connect for name resolution aside, the time in which a connection must stand
     * @param bodyBytes the longest body that is read
     */
    public record Limits(Duration connect, int bodyBytes) {}

    /**
     * Prepares to send; connects to nothing yet.
     *
     * @param tls is closed together with this sender
     */
    public JdkHttpSender(Loop loop, Limits limits, TlsContexts tls) {
        this(loop, limits, tls, Thread.ofPlatform().daemon().name("http-", 0).factory());
    }

    JdkHttpSender(Loop loop, Limits limits, TlsContexts tls, ThreadFactory threads) {
        this.loop = loop;
        this.limits = limits;
        this.tls = tls;
        this.executor =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_THREAD_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        threads);
        executor.allowCoreThreadTimeOut(true);
        this.clients = new HttpClients(tls, loop, this::client);
        runAside(this::makeReady);
    }

    /** So that the first request is not slower than the others, which may be when it counts. */
    private void makeReady() {
        try {
            clients.makeReady();
        } catch (IOException | RuntimeException | Error unusable) {
            // The first request says so.
        }
    }

    /** False when no thread can be started, which must not be the end of the loop. */
    private boolean runAside(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (OutOfMemoryError noThread) {
            return false;
        }
    }

    @Override
    public HttpCall send(HttpQuestion question, Consumer<HttpOutcome> receiver) {
        Exchange exchange = new Exchange(question, receiver, loop.now());
        if (!closed) {
            underWay.add(exchange);
            exchange.begin();
        }
        return exchange;
    }

    @Override
    public void close() {
        closed = true;
        Set.copyOf(underWay).forEach(Exchange::cancel);
        tls.close();
        runAside(clients::end);
        // The executor's threads end by themselves; the client may still want them for its own end.
    }

    private HttpClient client(@Nullable SSLContext context) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(limits.connect())
                        .executor(executor);
        if (context != null) {
            builder.sslContext(context);
        }
        return builder.build();
    }

    private static HttpRequest request(HttpQuestion question) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(question.uri());
        question.headers().forEach((name, value) -> builder.header(name, value.get()));
        HttpRequest.BodyPublisher body =
                question.body()
                        .map(HttpRequest.BodyPublishers::ofString)
                        .orElseGet(HttpRequest.BodyPublishers::noBody);
        return builder.method(question.method(), body).build();
    }

    private static HttpAnswer answer(
            HttpResponse<String> response, Moment sentAt, Moment receivedAt) {
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        return new HttpAnswer(response.statusCode(), headers, response.body(), sentAt, receivedAt);
    }

    /** One request and what became of it; all but the client's own callback runs on the loop. */
    private final class Exchange implements HttpCall, HttpClients.Question<HttpResponse<String>> {

        private final HttpQuestion question;
        private final Consumer<HttpOutcome> receiver;
        private final Moment sentAt;
        private Loop.@Nullable Alarm alarm;
        private volatile @Nullable CompletableFuture<HttpResponse<String>> future;
        private volatile boolean abandoned;
        private boolean over;

        Exchange(HttpQuestion question, Consumer<HttpOutcome> receiver, Moment sentAt) {
            this.question = question;
            this.receiver = receiver;
            this.sentAt = sentAt;
        }

        void begin() {
            alarm = loop.at(sentAt.plus(question.deadline()), this::timeOut);
            if (!runAside(this::ask)) {
                failLater("no thread can be started (is a limit of processes reached?)");
            }
        }

        /** On a thread of the executor. */
        private void ask() {
            if (abandoned) {
                return;
            }
            try {
                clients.ask(this).whenComplete(this::handOver);
            } catch (IllegalArgumentException malformed) {
                // Its message repeats the header's value, which may be a token.
                failLater("the request holds a character that HTTP does not allow");
            } catch (IOException noTls) {
                failLater(String.valueOf(noTls.getMessage()));
            } catch (RuntimeException | Error e) {
                failLater(e.toString()); // such as without file descriptors or threads
            }
        }

        @Override
        public CompletableFuture<HttpResponse<String>> askThrough(HttpClient client) {
            BodyHandler<String> body =
                    BodyHandlers.limiting(
                            BodyHandlers.ofString(StandardCharsets.UTF_8), limits.bodyBytes());
            CompletableFuture<HttpResponse<String>> asked =
                    client.sendAsync(request(question), body);
            future = asked;
            if (abandoned) {
                asked.cancel(true);
            }
            return asked;
        }

        /** What was refused for the certificates was not heard, and reading changes nothing. */
        @Override
        public boolean mayBeRepeated(Throwable failure) {
            boolean harmless =
                    question.method().equals("GET") || TlsTrouble.explain(failure).isPresent();
            return harmless && !abandoned;
        }

        @Override
        public String trouble(@Nullable Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException wrapped && wrapped.getCause() != null
                            ? wrapped.getCause()
                            : failure;
            return question.origin() + " " + FailureText.of(cause, limits.bodyBytes());
        }

        private void handOver(@Nullable HttpResponse<String> response, @Nullable Throwable error) {
            Moment receivedAt = loop.now();
            loop.execute(() -> finish(response, error, receivedAt));
        }

        @Override
        public void cancel() {
            if (end()) {
                abort();
            }
        }

        private void timeOut() {
            if (end()) {
                abort();
                String within = " did not answer within " + question.deadline().toMillis() + " ms";
                receiver.accept(new HttpFailure(question.origin() + within, sentAt, loop.now()));
            }
        }

        private void finish(
                @Nullable HttpResponse<String> response,
                @Nullable Throwable error,
                Moment receivedAt) {
            if (!end()) {
                return;
            }
            if (response != null) {
                receiver.accept(answer(response, sentAt, receivedAt));
            } else {
                receiver.accept(new HttpFailure(trouble(error), sentAt, receivedAt));
            }
        }

        private void failLater(String why) {
            String trouble = question.origin() + " cannot be asked: " + why;
            loop.execute(
                    () -> {
                        if (end()) {
                            receiver.accept(new HttpFailure(trouble, sentAt, loop.now()));
                        }
                    });
        }

        private boolean end() {
            if (over) {
                return false;
            }
            over = true;
            Loop.Alarm deadline = alarm;
            if (deadline != null) {
                deadline.cancel();
            }
            underWay.remove(this);
            return true;
        }

        /** Whichever of this and {@link #ask} comes second cancels the request. */
        private void abort() {
            abandoned = true;
            CompletableFuture<HttpResponse<String>> running = future;
            if (running != null) {
                running.cancel(true);
            }
        }
    }
}
