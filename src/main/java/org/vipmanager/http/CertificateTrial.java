package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.DoubleSupplier;

import javax.net.ssl.SSLContext;

/**
 * The connections that a sender asks through, and their replacement when certificate files are
 * replaced.
 *
 * <p>New files say nothing of whether they work yet: the authorities may be replaced before the
 * servers' certificates are, and a new client certificate before the servers know who issued it. So
 * the connections in use are left only for others that have brought an answer. Until then a
 * question is tried with the new certificates now and then, and all others go through those in use.
 *
 * <p>Safe for use by any thread, but not for the loop: it reads files, and waits for answers.
 */
final class CertificateTrial {

    /**
     * Between two attempts with the same files, while those before them work. Many hosts get the
     * same new files at once.
     */
    static final RetryPolicy PAUSES = RetryPolicy.steady(Duration.ofSeconds(10)).spread();

    private static final Logger LOG = System.getLogger("org.vipmanager.http");

    private final TlsContexts tls;
    private final TimeSource time;
    private final DoubleSupplier chance;
    private final Making making;
    private @Nullable Made inUse;
    private @Nullable Made tried;
    private Moment again = Moment.LONG_AGO;
    private boolean warned;
    private boolean ended;

    /** Prepares connections with these certificates; null for the runtime's own authorities. */
    interface Making {
        Connections make(@Nullable SSLContext context);
    }

    /** What is asked. */
    interface Question<T> {

        /**
         * Waits for the answer.
         *
         * @throws InterruptedIOException when nobody wants it any more
         */
        T askThrough(Connections connections) throws IOException;

        /** Whether it is harmless to ask again after this failure. */
        boolean mayBeRepeated(IOException failure);

        /** A sentence about the failure, without a full stop. */
        String trouble(IOException failure);
    }

    private record Made(Connections connections, @Nullable SSLContext context) {}

    /**
     * Whom to ask through.
     *
     * @param inUse which work, when the others are to be tried; else null
     */
    private record Choice(Connections connections, @Nullable Connections inUse) {}

    /**
     * @param chance as for {@link RetryPolicy#pause}, on any thread
     */
    CertificateTrial(TlsContexts tls, TimeSource time, DoubleSupplier chance, Making making) {
        this.tls = tls;
        this.time = time;
        this.chance = chance;
        this.making = making;
    }

    /** Reads the files now, so that the first question need not. */
    void makeReady() throws IOException {
        choose();
    }

    /**
     * Asks with the certificates of now, and where these are on trial and fail again with those in
     * use.
     *
     * @throws IOException the failure, or with one sentence about the certificate file that cannot
     *     be used
     */
    <T> T ask(Question<T> question) throws IOException {
        Choice choice = choose();
        Connections usual = choice.inUse();
        if (usual == null) {
            return askUsual(question, choice.connections());
        }
        T answer;
        try {
            answer = question.askThrough(choice.connections());
        } catch (IOException failure) {
            if (!question.mayBeRepeated(failure)) {
                throw failure;
            }
            return askAgain(question, usual, failure);
        }
        trialSucceeded(choice.connections());
        return answer;
    }

    private <T> T askUsual(Question<T> question, Connections usual) throws IOException {
        try {
            return question.askThrough(usual);
        } catch (IOException failure) {
            usualFailed(failure);
            throw failure;
        }
    }

    private <T> T askAgain(Question<T> question, Connections usual, IOException failure)
            throws IOException {
        T answer;
        try {
            answer = askUsual(question, usual);
        } catch (IOException another) {
            failure.addSuppressed(another);
            throw failure;
        }
        tellThatTrialFailed(question.trouble(failure));
        return answer;
    }

    /** Ends all connections that wait for a question. */
    synchronized void end() {
        ended = true;
        forgetTrial();
        if (inUse != null) {
            inUse.connections().end();
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
                ? new Choice(usual.connections(), null)
                : new Choice(trial(newest), usual.connections());
    }

    private boolean isTimeToTry(@Nullable SSLContext newest) {
        boolean otherFiles = tried != null && tried.context() != newest;
        return otherFiles || !again.isAfter(time.now());
    }

    private Connections trial(@Nullable SSLContext newest) {
        again = time.now().plus(PAUSES.pause(1, chance.getAsDouble()));
        Made trial = tried;
        if (trial == null || trial.context() != newest) {
            forgetTrial();
            trial = make(newest);
            tried = trial;
        }
        return trial.connections();
    }

    private Made make(@Nullable SSLContext context) {
        return new Made(making.make(context), context);
    }

    private void forgetTrial() {
        if (tried != null) {
            tried.connections().end();
        }
        tried = null;
        warned = false;
    }

    private synchronized void trialSucceeded(Connections connections) {
        Made proven = tried;
        Made left = inUse;
        if (proven == null || left == null || proven.connections() != connections) {
            return;
        }
        if (warned) {
            LOG.log(Level.INFO, "the certificates that were replaced work now");
        }
        inUse = proven;
        tried = null;
        warned = false;
        again = Moment.LONG_AGO;
        left.connections().end();
    }

    /** If those in use do not work either, the next question need not wait to be tried. */
    private synchronized void usualFailed(IOException failure) {
        if (!(failure instanceof InterruptedIOException)) {
            again = Moment.LONG_AGO;
        }
    }

    /** Those in use have had an answer: the certificates are what the others failed for. */
    private synchronized void tellThatTrialFailed(String trouble) {
        if (!warned) {
            warned = true;
            LOG.log(
                    Level.WARNING,
                    trouble
                            + ". That was with the certificates that were replaced; those before"
                            + " them are used until the new ones work");
        }
    }
}
