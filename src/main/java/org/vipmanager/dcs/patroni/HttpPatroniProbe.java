package org.vipmanager.dcs.patroni;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniAnswer.Failsafe;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Asks the local Patroni's {@code /leader}, {@code /patroni} and {@code /config}, each only where
 * the answer before leaves something open.
 *
 * <p>One after the other, and the answer is as old as the first question: what is said of failsafe
 * mode was then true together with a leader lock that is not older.
 */
public final class HttpPatroniProbe implements PatroniProbe {

    private static final Logger LOG = System.getLogger("org.vipmanager.patroni");

    /**
     * Patroni tells its configuration from memory until it has found the DCS lost. Then it asks the
     * DCS, in vain and for as long as it retries; that answer is not waited for.
     */
    private static final Duration FROM_MEMORY = Duration.ofMillis(500);

    private final HttpSender sender;
    private final URI endpoint;
    private final Duration timeout;
    private @Nullable CompletableFuture<PatroniAnswer> underWay;

    /**
     * The sender is closed with this probe.
     *
     * @param endpoint base URL of the local Patroni
     * @param timeout for all questions together
     */
    public HttpPatroniProbe(HttpSender sender, URI endpoint, Duration timeout) {
        this.sender = sender;
        this.endpoint = endpoint;
        this.timeout = timeout;
        PatroniStatus.of("{}"); // loads the parser now, rather than when every second counts
    }

    /**
     * Whoever asks meanwhile gets the answer that is under way: addresses that depend on one key
     * are in doubt together, and Patroni lets only five connections wait. That answer is older than
     * one to a question of their own, and counts from when it was asked for.
     */
    @Override
    public CompletionStage<PatroniAnswer> ask() {
        CompletableFuture<PatroniAnswer> shared = underWay;
        if (shared == null || shared.isDone()) {
            shared = askAnew();
            underWay = shared;
        }
        return shared.minimalCompletionStage();
    }

    private CompletableFuture<PatroniAnswer> askAnew() {
        CompletableFuture<PatroniAnswer> asked = new CompletableFuture<>();
        sender.send(
                question("/leader", timeout),
                outcome -> {
                    switch (outcome) {
                        case HttpFailure failure -> {
                            LOG.log(Level.DEBUG, () -> "Patroni at " + failure.trouble());
                            asked.complete(new PatroniAnswer(failure.sentAt(), 0, Failsafe.NONE));
                        }
                        case HttpAnswer leader when leader.status() == 200 ->
                                new Leading(leader, asked).askStatus();
                        case HttpAnswer other ->
                                asked.complete(
                                        new PatroniAnswer(
                                                other.sentAt(), other.status(), Failsafe.NONE));
                    }
                });
        return asked;
    }

    @Override
    public void close() {
        sender.close();
    }

    private HttpQuestion question(String path, Duration deadline) {
        return HttpQuestion.get(PatroniSettings.below(endpoint, path), deadline);
    }

    /** What is asked of a Patroni that leads. */
    private final class Leading {

        private final HttpAnswer leader;
        private final CompletableFuture<PatroniAnswer> asked;

        Leading(HttpAnswer leader, CompletableFuture<PatroniAnswer> asked) {
            this.leader = leader;
            this.asked = asked;
        }

        void askStatus() {
            ask("/patroni", left(leader), this::statusTold);
        }

        private void statusTold(HttpAnswer answer) {
            PatroniStatus status = PatroniStatus.of(answer.body());
            if (status.failsafeActive()) {
                end(Failsafe.ACTIVE);
            } else if (status.mayEnterFailsafe()) {
                Duration left = left(answer);
                Duration shorter = left.compareTo(FROM_MEMORY) < 0 ? left : FROM_MEMORY;
                ask("/config", shorter, this::configurationTold);
            } else {
                end(Failsafe.NONE);
            }
        }

        private void configurationTold(HttpAnswer answer) {
            boolean has = answer.status() == 200 && PatroniStatus.hasFailsafeMode(answer.body());
            end(has ? Failsafe.EXPECTED : Failsafe.NONE);
        }

        private void ask(String path, Duration deadline, Consumer<HttpAnswer> told) {
            if (!deadline.isPositive()) {
                end(Failsafe.NONE);
                return;
            }
            sender.send(
                    question(path, deadline),
                    outcome -> {
                        switch (outcome) {
                            case HttpAnswer answer -> told.accept(answer);
                            case HttpFailure _ -> end(Failsafe.NONE);
                        }
                    });
        }

        private Duration left(HttpAnswer latest) {
            return timeout.minus(leader.sentAt().until(latest.receivedAt()));
        }

        private void end(Failsafe failsafe) {
            PatroniAnswer answer = new PatroniAnswer(leader.sentAt(), leader.status(), failsafe);
            LOG.log(Level.DEBUG, () -> "Patroni says: " + answer);
            asked.complete(answer);
        }
    }
}
