package org.vipmanager.dcs.patroni;

import com.fasterxml.jackson.jr.ob.JSON;

import org.vipmanager.control.PatroniProbe;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the local Patroni's {@code /leader} and {@code /patroni}.
 *
 * <p>One after the other, and the answer is as old as the first question: what {@code /patroni}
 * says of failsafe mode was then true together with a leader lock that is not older.
 */
public final class HttpPatroniProbe implements PatroniProbe {

    private static final Logger LOG = System.getLogger("org.vipmanager.patroni");

    private final HttpSender sender;
    private final URI endpoint;
    private final Duration timeout;
    private final Carries carries;

    /** Which answer keeps the address beyond the time for which the DCS vouched. */
    public enum Carries {
        /** Only failsafe mode: the key's lease may have ended, and another host may have it. */
        FAILSAFE_MODE,
        /**
         * Any 200 from {@code /leader}, as with Patroni for a DCS. Where the DCS tells nothing of
         * the lease, as Consul, the time for which it vouches ends long before the lease does and
         * before Patroni has found out that the DCS is lost; Patroni itself says 200 no longer than
         * its own lease runs.
         */
        LEADER_STATUS
    }

    /**
     * The sender is closed with this probe.
     *
     * @param endpoint base URL of the local Patroni
     * @param timeout for both questions together
     */
    public HttpPatroniProbe(HttpSender sender, URI endpoint, Duration timeout, Carries carries) {
        this.sender = sender;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.carries = carries;
        isFailsafeActive("{}"); // loads the parser now, rather than when every second counts
    }

    @Override
    public CompletionStage<PatroniAnswer> ask() {
        CompletableFuture<PatroniAnswer> asked = new CompletableFuture<>();
        sender.send(question("/leader", timeout), outcome -> leaderAnswered(outcome, asked));
        return asked;
    }

    @Override
    public void close() {
        sender.close();
    }

    private void leaderAnswered(HttpOutcome leader, CompletableFuture<PatroniAnswer> asked) {
        switch (leader) {
            case HttpFailure failure -> {
                LOG.log(Level.DEBUG, () -> "Patroni at " + failure.trouble());
                asked.complete(new PatroniAnswer(failure.sentAt(), 0, false));
            }
            case HttpAnswer answer -> {
                Duration left = timeout.minus(answer.sentAt().until(answer.receivedAt()));
                boolean leads = answer.status() == 200;
                if (leads && carries == Carries.LEADER_STATUS) {
                    asked.complete(new PatroniAnswer(answer.sentAt(), answer.status(), true));
                } else if (leads && left.isPositive()) {
                    sender.send(
                            question("/patroni", left),
                            outcome -> asked.complete(joined(answer, outcome)));
                } else {
                    asked.complete(new PatroniAnswer(answer.sentAt(), answer.status(), false));
                }
            }
        }
    }

    private static PatroniAnswer joined(HttpAnswer leader, HttpOutcome patroni) {
        boolean failsafe = patroni instanceof HttpAnswer answer && isFailsafeActive(answer.body());
        PatroniAnswer joined = new PatroniAnswer(leader.sentAt(), leader.status(), failsafe);
        LOG.log(Level.DEBUG, () -> "Patroni says: " + joined);
        return joined;
    }

    /** Anything but a plain {@code true} is none. */
    static boolean isFailsafeActive(String body) {
        try {
            return JSON.std.anyFrom(body) instanceof Map<?, ?> status
                    && Boolean.TRUE.equals(status.get("failsafe_mode_is_active"));
        } catch (IOException unparsable) {
            return false;
        }
    }

    private HttpQuestion question(String path, Duration deadline) {
        return HttpQuestion.get(PatroniSettings.below(endpoint, path), deadline);
    }
}
