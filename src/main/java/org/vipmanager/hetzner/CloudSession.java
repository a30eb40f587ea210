package org.vipmanager.hetzner;

import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The requests of one call of the Cloud's interface: counted, and stopped by the first that cannot
 * be used. Used by one thread.
 */
final class CloudSession {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration FOR_A_PERSON = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration AFTER_RATE_LIMIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    /** Two thousand items. */
    private static final int MOST_PAGES = 40;

    private final CloudAccess access;
    private final Call call;
    private int reads;
    private int changes;

    CloudSession(CloudAccess access, Call call) {
        this.access = access;
        this.call = call;
    }

    /** What ends a call before it has done all. */
    static final class Trouble extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Answer.Outcome outcome;
        private final String code;

        Trouble(Answer.Outcome outcome, String code) {
            super(code, null, false, false);
            this.outcome = outcome;
            this.code = code;
        }

        static Trouble forAPerson(String sentence) {
            return new Trouble(new Answer.Failed(sentence, FOR_A_PERSON, true), "");
        }

        static Trouble passing(String sentence) {
            return new Trouble(new Answer.Failed(sentence, Duration.ZERO, false), "");
        }

        Answer.Outcome outcome() {
            return outcome;
        }

        /** As the interface calls it; empty when it did not say. */
        String code() {
            return code;
        }
    }

    /** What is done in a call. */
    interface Work {
        Answer.Outcome in(CloudSession session) throws Trouble;
    }

    Answer answer(Work work) {
        Answer.Outcome outcome;
        try {
            outcome = work.in(this);
        } catch (Trouble trouble) {
            outcome = trouble.outcome();
        }
        return new Answer(outcome, reads, changes);
    }

    Call call() {
        return call;
    }

    Json get(String path) throws Trouble {
        reads++;
        return send(ApiClient.Request.get(uri(path), DEADLINE));
    }

    /** Changes something, unless it is not certain any more that this host leads. */
    Json post(String path, String body) throws Trouble {
        if (!call.mayChange()) {
            throw Trouble.passing("not asked: it is not certain any more that this host leads");
        }
        changes++;
        return send(
                new ApiClient.Request(
                        "POST", uri(path), Optional.of(body), "application/json", DEADLINE));
    }

    private URI uri(String path) {
        return URI.create(access.endpoint() + path);
    }

    private Json send(ApiClient.Request request) throws Trouble {
        String token = access.token().get().strip();
        HttpOutcome outcome = access.api().ask(request, "Bearer " + token, token);
        if (outcome instanceof HttpFailure failure) {
            throw new Trouble(
                    new Answer.Failed(failure.trouble(), Duration.ZERO, failure.needsAPerson()),
                    "");
        }
        HttpAnswer answer = (HttpAnswer) outcome;
        Optional<Json> json = Json.of(answer.body()).filter(Json::isObject);
        if (answer.status() >= 200 && answer.status() < 300) {
            return json.orElseThrow(
                    () -> Trouble.passing(ApiError.notUnderstood("the Cloud", answer)));
        }
        throw refused(answer, ApiError.of("the Cloud", answer, json));
    }

    private Trouble refused(HttpAnswer answer, ApiError error) {
        String advice =
                switch (error.code()) {
                    case "token_readonly" -> ": the token may only read, make one that may write";
                    case "unauthorized" -> ": is the token of this project, and still valid?";
                    case "deprecated_api_endpoint" -> ": a newer vip-manager is needed";
                    default ->
                            answer.status() >= 300 && answer.status() < 400
                                    ? ", a redirect, which is not followed: is hetzner-cloud-endpoint right?"
                                    : "";
                };
        Duration pause = answer.status() == 429 ? rateLimit(answer) : Duration.ZERO;
        boolean mayPass =
                switch (answer.status()) {
                    case 408, 409, 412, 422, 423, 429 -> true;
                    default -> answer.status() >= 500;
                };
        return new Trouble(
                new Answer.Failed(error.said() + advice, mayPass ? pause : FOR_A_PERSON, !mayPass),
                error.code());
    }

    /** RateLimit-Reset is the Unix time at which the whole budget is back. */
    private Duration rateLimit(HttpAnswer answer) {
        Optional<Duration> left =
                answer.header("RateLimit-Reset")
                        .flatMap(CloudSession::number)
                        .map(Instant::ofEpochSecond)
                        .map(reset -> Duration.between(access.clock().instant(), reset));
        return left.filter(pause -> pause.isPositive() && pause.compareTo(LONGEST_PAUSE) <= 0)
                .orElse(AFTER_RATE_LIMIT);
    }

    private static Optional<Long> number(String text) {
        try {
            long seconds = Long.parseLong(text.strip());
            return seconds >= 0 && seconds < 1L << 40 ? Optional.of(seconds) : Optional.empty();
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }

    /**
     * Follows an action to its end.
     *
     * @return whether it has succeeded in its time; if not, it may still be running
     */
    boolean await(Json action) throws Trouble {
        long endNanos = System.nanoTime() + access.patience().toNanos();
        Duration pause = access.firstLook();
        Json now = action;
        while (true) {
            switch (now.get("status").text().orElse("")) {
                case "success" -> {
                    return true;
                }
                case "error" -> {
                    Json error = now.get("error");
                    throw Trouble.passing(
                            "the Cloud's action has failed: %s: %s"
                                    .formatted(
                                            ApiError.shortened(
                                                    error.get("code").text().orElse("no code")),
                                            ApiError.message(
                                                    error.get("message").text().orElse(""))));
                }
                default -> {}
            }
            OptionalLong id = now.get("id").number();
            if (id.isEmpty() || System.nanoTime() - endNanos > 0 || !call.isWanted()) {
                return false;
            }
            sleep(pause);
            pause = Collections.min(List.of(pause.multipliedBy(2), LONGEST_LOOK));
            now = get("/actions/" + id.getAsLong()).get("action");
        }
    }

    private static void sleep(Duration time) throws Trouble {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Trouble.passing("given up, as the daemon stops");
        }
    }

    /** The items of all pages, until one is found. */
    Optional<Json> find(String path, String list, Predicate<Json> wanted) throws Trouble {
        long page = 1;
        for (int count = 0; count < MOST_PAGES; count++) {
            Json answer = get("%s?page=%d&per_page=50".formatted(path, page));
            Optional<Json> found = answer.get(list).items().filter(wanted).findFirst();
            OptionalLong next = answer.get("meta").get("pagination").get("next_page").number();
            if (found.isPresent() || next.isEmpty() || next.getAsLong() <= page) {
                return found;
            }
            page = next.getAsLong();
        }
        return Optional.empty();
    }
}
