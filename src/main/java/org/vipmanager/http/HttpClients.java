package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;

/**
 * The client that a sender asks through, and its replacement when certificate files are replaced.
 *
 * <p>New files say nothing of whether they work yet: the authorities may be replaced before the
 * servers' certificates are, and a new client certificate before the servers know who issued it. So
 * the client in use is left only for one that has had an answer. Until then a question is tried
 * through the new one now and then, and all others go through the one in use.
 *
 * <p>Safe for use by any thread, but not for the loop: making a client reads files and loads
 * hundreds of classes, which may take seconds on a busy host.
 */
final class HttpClients {

    /** Between two attempts with the same files, while those before them work. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger("org.vipmanager.http");

    private final TlsContexts tls;
    private final TimeSource time;
    private final Making making;
    private @Nullable Made inUse;
    private @Nullable Made tried;
    private Moment again = Moment.LONG_AGO;
    private boolean told;
    private boolean ended;

    /** Makes a client with these certificates; null for the runtime's own authorities. */
    interface Making {
        HttpClient make(@Nullable SSLContext context);
    }

    /** What is asked. */
    interface Question<T> {

        CompletableFuture<T> askThrough(HttpClient client);

        /** Whether it is harmless to ask again after this failure. */
        boolean mayBeRepeated(Throwable failure);

        /** A sentence about the failure, without a full stop. */
        String trouble(Throwable failure);
    }

    private record Made(HttpClient client, @Nullable SSLContext context) {}

    /**
     * Whom to ask through.
     *
     * @param inUse which works, when the client is one to be tried; else null
     */
    private record Choice(HttpClient client, @Nullable HttpClient inUse) {}

    HttpClients(TlsContexts tls, TimeSource time, Making making) {
        this.tls = tls;
        this.time = time;
        this.making = making;
    }

    /** Makes the client now, so that the first question need not. */
    void makeReady() throws IOException {
        choose();
    }

    /**
     * Asks through the client for the certificates of now, and where that one is on trial and fails
     * again through the one in use.
     *
     * @throws IOException with one sentence about the certificate file that cannot be used
     */
    <T> CompletableFuture<T> ask(Question<T> question) throws IOException {
        Choice choice = choose();
        HttpClient usual = choice.inUse();
        CompletableFuture<T> asked = question.askThrough(choice.client());
        if (usual == null) {
            return asked.whenComplete((_, error) -> usualEnded(error));
        }
        return asked.whenComplete((_, error) -> trialEnded(choice.client(), error))
                .exceptionallyCompose(failure -> askAgain(question, usual, failure));
    }

    private <T> CompletableFuture<T> askAgain(
            Question<T> question, HttpClient usual, Throwable failure) {
        if (!question.mayBeRepeated(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        return question.askThrough(usual)
                .whenComplete((_, error) -> askedAgain(question.trouble(failure), error))
                .exceptionallyCompose(_ -> CompletableFuture.failedFuture(failure));
    }

    /** Ends them with their connections. */
    synchronized void end() {
        ended = true;
        forgetTrial();
        if (inUse != null) {
            inUse.client().shutdownNow();
        }
        inUse = null;
    }

    private synchronized Choice choose() throws IOException {
        if (ended) {
            throw new IOException("it is closed");
        }
        SSLContext newest = tls.current();
        Made usual = inUse;
        if (usual == null) {
            usual = make(newest);
            inUse = usual;
        }
        return newest == usual.context() || !isTimeToTry(newest)
                ? new Choice(usual.client(), null)
                : new Choice(trial(newest), usual.client());
    }

    private boolean isTimeToTry(@Nullable SSLContext newest) {
        boolean otherFiles = tried != null && tried.context() != newest;
        return otherFiles || !again.isAfter(time.now());
    }

    private HttpClient trial(@Nullable SSLContext newest) {
        again = time.now().plus(PAUSE);
        Made trial = tried;
        if (trial == null || trial.context() != newest) {
            forgetTrial();
            trial = make(newest);
            tried = trial;
        }
        return trial.client();
    }

    private Made make(@Nullable SSLContext context) {
        return new Made(making.make(context), context);
    }

    private void forgetTrial() {
        if (tried != null) {
            tried.client().shutdown();
        }
        tried = null;
        told = false;
    }

    private synchronized void trialEnded(HttpClient client, @Nullable Throwable error) {
        Made proven = tried;
        Made left = inUse;
        if (error != null || proven == null || left == null || proven.client() != client) {
            return;
        }
        if (told) {
            LOG.log(Level.INFO, "the certificates that were replaced work now");
        }
        inUse = proven;
        tried = null;
        told = false;
        again = Moment.LONG_AGO;
        left.client().shutdown();
    }

    /** If the one in use does not work either, the next question need not wait to be tried. */
    private synchronized void usualEnded(@Nullable Throwable error) {
        if (error != null && !(error instanceof CancellationException)) {
            again = Moment.LONG_AGO;
        }
    }

    /** Where the one in use has had an answer, the certificates are what the other failed for. */
    private synchronized void askedAgain(String trouble, @Nullable Throwable error) {
        usualEnded(error);
        if (error == null && !told) {
            told = true;
            LOG.log(
                    Level.WARNING,
                    trouble
                            + ". That was with the certificates that were replaced; those before"
                            + " them are used until the new ones work");
        }
    }
}
