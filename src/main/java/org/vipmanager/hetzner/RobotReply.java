package org.vipmanager.hetzner;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.log.Printable;
import org.vipmanager.provider.Answer;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What an answer of the Robot means.
 *
 * @param server this server's address as the Robot names it
 * @param changes whether a switch was asked for
 * @param lock how long the switch of somebody else is waited for: it needs a minute at most, and
 *     has begun before
 */
record RobotReply(InetAddress server, boolean changes, Duration lock) {

    static final int UNAUTHORIZED = 401;

    private static final Duration A_SWITCH = Duration.ofSeconds(60);

    private static final Duration LONG_SWITCH = Duration.ofSeconds(90);

    /** For what somebody has to mend, so that little is asked until then. */
    private static final Duration FOR_A_PERSON = Duration.ofMinutes(5);

    /** Fewer than half of what is allowed. */
    private static final Duration AFTER_RATE_LIMIT = Duration.ofMinutes(2);

    /** Counts the request. */
    Answer sent(Answer.Outcome outcome) {
        return new Answer(outcome, changes ? 0 : 1, changes ? 1 : 0);
    }

    static Answer.Failed loginRefused(Duration pause) {
        return new Answer.Failed(
                "the Robot refuses user and password (401): nothing more is sent for 10 minutes, or until the"
                        + " credentials file is changed, because the third refusal would lock the account",
                pause,
                true);
    }

    /** A switch that was asked for may be under way. */
    Answer.Outcome unanswered(Duration time, HttpFailure failure) {
        return changes
                ? new Answer.Switching(
                        "the Robot has not answered within "
                                + time.toSeconds()
                                + " s, it may have heard",
                        A_SWITCH)
                : meaning(failure);
    }

    Answer.Outcome meaning(HttpFailure failure) {
        return new Answer.Failed(failure.trouble(), Duration.ZERO, failure.needsAPerson());
    }

    Answer.Outcome meaning(HttpAnswer answer) {
        Optional<Json> json = Json.of(answer.body());
        if (answer.status() >= 200 && answer.status() < 300) {
            return json.map(value -> value.get("failover"))
                    .filter(Json::isObject)
                    .map(this::routed)
                    .orElseGet(() -> notUnderstood(answer));
        }
        ApiError error = ApiError.of("the Robot", answer, json);
        String said = error.said();
        return switch (error.code()) {
            case "FAILOVER_ALREADY_ROUTED" -> new Answer.Here();
            case "FAILOVER_LOCKED" -> new Answer.Switching(said, lock);
            case "FAILOVER_NOT_COMPLETE" -> new Answer.Switching(said, A_SWITCH);
            case "RATE_LIMIT_EXCEEDED" -> new Answer.Failed(said, AFTER_RATE_LIMIT, false);
            case "INVALID_INPUT", "FAILOVER_NEW_SERVER_NOT_FOUND" ->
                    forAPerson(said + ": is hetzner-server-ip this server's main address?");
            case "NOT_FOUND" ->
                    forAPerson(
                            said + ": is it a failover IP of this account, as the Robot names it?");
            default -> byStatus(answer.status(), said);
        };
    }

    private static Answer.Failed byStatus(int status, String said) {
        if (status >= 300 && status < 400) {
            return forAPerson(
                    said + ", a redirect, which is not followed: is hetzner-endpoint right?");
        }
        boolean mayPass = status >= 500 || status == 429 || status == 408 || status == 409;
        return mayPass ? new Answer.Failed(said, Duration.ZERO, false) : forAPerson(said);
    }

    private static Answer.Failed forAPerson(String said) {
        return new Answer.Failed(said, FOR_A_PERSON, true);
    }

    /** Null when it is routed nowhere, though documented as a text. */
    private Answer.Outcome routed(Json failover) {
        Optional<String> active = failover.get("active_server_ip").text();
        if (active.filter(this::isServer).isPresent()) {
            return new Answer.Here();
        }
        String where = active.map(text -> Printable.line(text, 60)).orElse("no server");
        boolean processing = failover.get("status").text().equals(Optional.of("processing"));
        if (changes || processing) {
            return new Answer.Switching(
                    "the Robot is at it, still routed to " + where,
                    changes ? LONG_SWITCH : A_SWITCH);
        }
        return new Answer.Elsewhere(where);
    }

    private boolean isServer(String active) {
        return PrintedAddress.read(active).map(ServerAddress::asNamed).equals(Optional.of(server));
    }

    /** A switch that was asked for may be under way all the same. */
    private Answer.Outcome notUnderstood(HttpAnswer answer) {
        String said = ApiError.notUnderstood("the Robot", answer);
        return changes
                ? new Answer.Switching(said, A_SWITCH)
                : new Answer.Failed(said, Duration.ZERO, false);
    }
}
