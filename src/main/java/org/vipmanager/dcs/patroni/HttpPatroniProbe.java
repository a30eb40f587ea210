package org.vipmanager.dcs.patroni;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniAnswer.Failsafe;
import org.vipmanager.core.PatroniMember;
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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Asks the local Patroni's {@code /leader}, {@code /patroni} and {@code /config}, each only where
 * the answer before leaves something open.
 *
 * <p>One after the other, and the answer is as old as the first question: what is said of failsafe
 * mode was then true together with a leader lock that is not older. Patroni says with each answer
 * but that to {@code /config} which member it is; where two differ, nothing is known of either.
 */
public final class HttpPatroniProbe implements PatroniProbe {

    private static final Logger LOG = System.getLogger("org.vipmanager.patroni");

    /**
     * Patroni tells its configuration from memory until it has found the DCS lost. Then it asks the
     * DCS, in vain and for as long as it retries; that answer is not waited for.
     */
    private static final Duration FROM_MEMORY = Duration.ofMillis(500);

    /** An answer so young is told again, so that a thousand addresses ask no more than one. */
    private static final Duration MOST_FRESH = Duration.ofMillis(500);

    private final HttpSender sender;
    private final URI endpoint;
    private final Duration timeout;
    private final Duration fresh;
    private final TimeSource time;
    private final BooleanSupplier onThisHost;
    private @Nullable CompletableFuture<Reply> latest;
    private Moment askedAt = Moment.LONG_AGO;

    /**
     * The sender is not closed with this probe: others may ask by it.
     *
     * @param endpoint base URL of the local Patroni
     * @param timeout for all questions together
     * @param interval how often one address asks
     */
    public HttpPatroniProbe(
            HttpSender sender, TimeSource time, URI endpoint, Duration timeout, Duration interval) {
        this(sender, time, endpoint, timeout, interval, new OwnAddress(endpoint));
    }

    HttpPatroniProbe(
            HttpSender sender,
            TimeSource time,
            URI endpoint,
            Duration timeout,
            Duration interval,
            BooleanSupplier onThisHost) {
        this.sender = sender;
        this.time = time;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.onThisHost = onThisHost;
        Duration half = interval.dividedBy(2);
        fresh = half.compareTo(MOST_FRESH) < 0 ? half : MOST_FRESH;
        PatroniStatus.of("{}"); // loads the parser now, rather than when every second counts
    }

    /**
     * Whoever asks meanwhile gets the answer that is under way or has just come: addresses that
     * depend on one DCS are in doubt together, and Patroni lets only five connections wait. That
     * answer is older than one to a question of their own, and counts from when it was asked for.
     */
    @Override
    public CompletionStage<Reply> ask() {
        CompletableFuture<Reply> shared = latest;
        Moment now = time.now();
        if (shared == null || shared.isDone() && !now.isBefore(askedAt.plus(fresh))) {
            askedAt = now;
            shared = askAnew();
            latest = shared;
        }
        return shared.minimalCompletionStage();
    }

    private CompletableFuture<Reply> askAnew() {
        CompletableFuture<Reply> asked = new CompletableFuture<>();
        sender.send(
                question("/leader", timeout),
                outcome -> {
                    switch (outcome) {
                        case HttpFailure failure -> {
                            LOG.log(Level.DEBUG, () -> "Patroni at " + failure.trouble());
                            PatroniAnswer none =
                                    new PatroniAnswer(failure.sentAt(), 0, Failsafe.NONE);
                            asked.complete(new Reply(PatroniMember.UNKNOWN, none));
                        }
                        case HttpAnswer answer -> new Answering(answer, asked).goOn();
                    }
                });
        return asked;
    }

    @Override
    public void close() {
        latest = null;
    }

    private HttpQuestion question(String path, Duration deadline) {
        return HttpQuestion.get(PatroniSettings.below(endpoint, path), deadline);
    }

    /** What else is asked of a Patroni that has answered whether it leads. */
    private final class Answering {

        private final HttpAnswer leader;
        private final CompletableFuture<Reply> asked;
        private PatroniStatus member;

        Answering(HttpAnswer leader, CompletableFuture<Reply> asked) {
            this.leader = leader;
            this.asked = asked;
            member = PatroniStatus.of(leader.body());
        }

        /** A stand-in, or a proxy that drops bodies, may tell only elsewhere which member it is. */
        void goOn() {
            if (leader.status() == 200 || member.scope().isEmpty()) {
                ask("/patroni", left(leader), this::statusTold);
            } else {
                end(Failsafe.NONE);
            }
        }

        private void statusTold(HttpAnswer answer) {
            PatroniStatus status = PatroniStatus.of(answer.body());
            boolean same = member.scope().isEmpty() || status.isSameMemberAs(member);
            member = same ? status : PatroniStatus.of("{}");
            if (!same || leader.status() != 200) {
                end(Failsafe.NONE);
            } else if (status.failsafeActive()) {
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
            boolean here = member.name().isEmpty() && onThisHost.getAsBoolean();
            Reply reply =
                    new Reply(
                            new PatroniMember(member.scope(), member.name(), here),
                            new PatroniAnswer(leader.sentAt(), leader.status(), failsafe));
            LOG.log(Level.DEBUG, () -> "Patroni says: " + reply);
            asked.complete(reply);
        }
    }
}
