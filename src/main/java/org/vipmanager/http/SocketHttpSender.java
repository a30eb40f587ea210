package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.tls.TlsTrouble;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends over sockets: HTTP/1.1, connections kept alive, no redirects, a proxy where one is given.
 *
 * <p>Not through the JDK's client: that one keeps the connection of an answer that it cannot read,
 * tries the first address of a name alone, and knows no name with an underscore.
 *
 * <p>Each exchange has a thread while it lasts, on which everything may block: the deadline is an
 * alarm on the loop, which closes the connection.
 */
public final class SocketHttpSender implements HttpSender {

    /** More than are ever under way; beyond it an exchange fails. */
    private static final int MOST_THREADS = 256;

    private static final long IDLE_THREAD_SECONDS = 30;

    private final Loop loop;
    private final Limits limits;
    private final TlsContexts tls;
    private final ThreadPoolExecutor threads;
    private final BodyMemory memory;
    private final CertificateTrial connections;
    private final Set<Exchange> underWay = new HashSet<>();
    private boolean closed;

    /**
     * What an exchange may cost at most.
     *
     * @param connect the time in which a name must be resolved, and again a connection stand
     * @param bodyBytes the longest body that is read
     */
    public record Limits(Duration connect, int bodyBytes) {}

    /**
     * Prepares to send; connects to nothing yet.
     *
     * @param tls is closed together with this sender
     */
    public SocketHttpSender(Loop loop, Limits limits, TlsContexts tls) {
        this(loop, limits, tls, Proxies.NONE);
    }

    /** The same, where secured servers may be reached through a proxy. */
    public SocketHttpSender(Loop loop, Limits limits, TlsContexts tls, Proxies proxies) {
        this(loop, limits, tls, proxies, Thread.ofPlatform().daemon().name("http-", 0).factory());
    }

    SocketHttpSender(Loop loop, Limits limits, TlsContexts tls, ThreadFactory factory) {
        this(loop, limits, tls, Proxies.NONE, factory);
    }

    private SocketHttpSender(
            Loop loop, Limits limits, TlsContexts tls, Proxies proxies, ThreadFactory factory) {
        this.loop = loop;
        this.limits = limits;
        this.tls = tls;
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        MOST_THREADS,
                        IDLE_THREAD_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        factory);
        this.memory = new BodyMemory(limits.bodyBytes());
        HostAddresses addresses = new HostAddresses(threads);
        this.connections =
                new CertificateTrial(
                        tls,
                        loop,
                        () -> ThreadLocalRandom.current().nextDouble(),
                        context ->
                                new Connections(
                                        context,
                                        tls::serverAt,
                                        addresses,
                                        limits.connect(),
                                        proxies));
        runAside(this::makeReady);
    }

    /** So that the first request is not slower than the others, which may be when it counts. */
    private void makeReady() {
        try {
            connections.makeReady();
        } catch (IOException | RuntimeException | Error unusable) {
            // The first request says so.
        }
    }

    /** False when no thread can be had, which must not be the end of the loop. */
    private boolean runAside(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (OutOfMemoryError | RejectedExecutionException noThread) {
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
        runAside(connections::end);
        threads.shutdown(); // what was handed over is still done
    }

    /** One request and what became of it; all but {@link #ask} runs on the loop. */
    private final class Exchange implements HttpCall, CertificateTrial.Question<HttpReply> {

        private final HttpQuestion question;
        private final Consumer<HttpOutcome> receiver;
        private final Moment sentAt;
        private final Cancellation cancellation = new Cancellation();
        private final BodyMemory.Share body = memory.share();
        private Loop.@Nullable Alarm alarm;
        private boolean over;

        Exchange(HttpQuestion question, Consumer<HttpOutcome> receiver, Moment sentAt) {
            this.question = question;
            this.receiver = receiver;
            this.sentAt = sentAt;
        }

        void begin() {
            alarm = loop.at(sentAt.plus(question.deadline()), this::timeOut);
            if (!runAside(this::ask)) {
                deliver(
                        cannotBeAsked(
                                "no thread can be started (is a limit of processes reached?)"));
            }
        }

        /** On a thread of its own, which whatever the server does must not end. */
        private void ask() {
            HttpOutcome outcome;
            try {
                HttpReply reply = connections.ask(this);
                outcome =
                        new HttpAnswer(
                                reply.status(), reply.headers(), reply.body(), sentAt, loop.now());
            } catch (IllegalArgumentException malformed) {
                // Its message repeats what may be a token.
                outcome = cannotBeAsked("the request holds a character that HTTP does not allow");
            } catch (IOException failure) {
                outcome =
                        new HttpFailure(
                                trouble(failure),
                                FailureText.needsAPerson(failure),
                                sentAt,
                                loop.now());
            } catch (RuntimeException | Error e) {
                outcome = cannotBeAsked(e.toString()); // such as without memory
            }
            deliver(outcome);
        }

        @Override
        public HttpReply askThrough(Connections through) throws IOException {
            Origin origin = Origin.of(question.uri());
            body.close(); // nothing is left of an attempt before this one
            HttpRequest request = HttpRequest.of(question, origin);
            try {
                cancellation.check();
                return asked(through, origin, request);
            } catch (IOException failure) {
                if (cancellation.isCancelled()) {
                    throw new InterruptedIOException("given up");
                }
                throw failure;
            }
        }

        private HttpReply asked(Connections through, Origin origin, HttpRequest request)
                throws IOException {
            try {
                return through.ask(origin, request, cancellation, body);
            } catch (RuntimeException | StackOverflowError e) {
                throw new IOException(e.toString(), e); // such as TLS made of the server's bytes
            }
        }

        /** What was refused for the certificates was not heard, and reading changes nothing. */
        @Override
        public boolean mayBeRepeated(IOException failure) {
            boolean harmless = question.changesNothing() || TlsTrouble.explain(failure).isPresent();
            return harmless && !cancellation.isCancelled();
        }

        @Override
        public String trouble(IOException failure) {
            return question.origin() + " " + FailureText.of(failure);
        }

        private HttpFailure cannotBeAsked(String why) {
            String trouble = question.origin() + " cannot be asked: " + why;
            return new HttpFailure(trouble, false, sentAt, loop.now());
        }

        private void deliver(HttpOutcome outcome) {
            loop.execute(
                    () -> {
                        body.close();
                        if (end()) {
                            receiver.accept(outcome);
                        }
                    });
        }

        @Override
        public void cancel() {
            if (end()) {
                cancellation.cancel();
            }
        }

        private void timeOut() {
            if (end()) {
                cancellation.cancel();
                String within = " did not answer within " + question.deadline().toMillis() + " ms";
                receiver.accept(
                        new HttpFailure(question.origin() + within, false, sentAt, loop.now()));
            }
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
    }
}
