package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.DcsType;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.Trigger;
import org.vipmanager.http.BoundedJson;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.log.Printable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one Patroni says of itself: who it is, whether it leads, its times and its failsafe mode.
 */
final class PatroniCheck {

    private static final int NOT_FOUND = 404;

    private final Config config;
    private final Web web;
    private final URI url;
    private final Set<Trigger> triggers;
    private final Map<String, KeyState> answers = new ConcurrentHashMap<>();

    /**
     * @param url the base of its REST API
     * @param triggers those that are followed by it, or confirmed
     */
    PatroniCheck(Config config, Web web, URI url, Set<Trigger> triggers) {
        this.config = config;
        this.web = web;
        this.url = url;
        this.triggers = triggers;
    }

    List<Finding> findings(Deadline deadline) {
        return switch (get("/patroni", deadline).orElse(null)) {
            case null -> List.of(silent(url + " did not answer in time (dcs-timeout)"));
            case HttpFailure failure -> List.of(silent(failure.trouble()));
            case HttpAnswer answer -> told(answer, deadline);
        };
    }

    /** With dcs-type patroni, the status that each path was answered with. */
    Map<String, KeyState> answers() {
        return Map.copyOf(answers);
    }

    private boolean isSource() {
        return config.dcs().type() == DcsType.PATRONI;
    }

    private Finding silent(String trouble) {
        String remedy = "is Patroni running there? Look at restapi: listen in its configuration";
        return isSource()
                ? Finding.error(Item.PATRONI, trouble, remedy)
                : Finding.warning(
                        Item.PATRONI,
                        trouble + "; it is asked only while the DCS is silent (patroni-url)",
                        remedy);
    }

    private List<Finding> told(HttpAnswer answer, Deadline deadline) {
        Map<?, ?> status = BoundedJson.object(answer.body());
        if (!(status.get("patroni") instanceof Map<?, ?> member)) {
            return List.of(
                    Finding.error(
                            Item.PATRONI,
                            url + " answers " + answer.status() + ", and not as Patroni does",
                            "write the base URL of Patroni's REST API, such as http://127.0.0.1:8008"));
        }
        Optional<String> scope = BoundedJson.text(member.get("scope"));
        Optional<String> name = BoundedJson.text(member.get("name"));
        List<Finding> findings = new ArrayList<>();
        findings.add(
                state(status, BoundedJson.text(member.get("version")).orElse(""), scope, name));
        for (Trigger trigger : triggers) {
            findings.addAll(
                    isSource() ? followed(trigger, deadline) : confirmed(trigger, scope, name));
        }
        get("/config", deadline).ifPresent(outcome -> findings.addAll(configuration(outcome)));
        return findings;
    }

    private Finding state(
            Map<?, ?> status, String version, Optional<String> scope, Optional<String> name) {
        String who =
                url
                        + ": Patroni "
                        + version
                        + name.map(is -> ", member " + Printable.quoted(is)).orElse("")
                        + scope.map(is -> " of " + Printable.quoted(is)).orElse("")
                        + BoundedJson.text(status.get("role")).map(role -> ": " + role).orElse("")
                        + BoundedJson.text(status.get("state"))
                                .map(state -> ", " + state)
                                .orElse("")
                        + (status.get("timeline") instanceof Long number
                                ? ", timeline " + number
                                : "");
        boolean isPaused =
                status.get("pause") != null && !Boolean.FALSE.equals(status.get("pause"));
        if (status.get("state") instanceof String state && !state.equals("running")) {
            return Finding.warning(
                    Item.PATRONI, who + ": PostgreSQL does not run", "look at the log of Patroni");
        }
        if (isPaused) {
            return Finding.warning(
                    Item.PATRONI,
                    who + "; it is paused: it does not fail over by itself",
                    "patronictl resume, when maintenance is over");
        }
        return lastSeen(status)
                .map(
                        seconds ->
                                Finding.warning(
                                        Item.PATRONI,
                                        who + "; it has not seen its DCS for " + seconds + " s",
                                        "look at the DCS, and at the log of Patroni"))
                .orElseGet(
                        () ->
                                Finding.good(
                                        Item.PATRONI,
                                        who
                                                + (Boolean.TRUE.equals(
                                                                status.get(
                                                                        "failsafe_mode_is_active"))
                                                        ? "; failsafe mode is active"
                                                        : "")));
    }

    /** How long it has not seen its DCS, where that is longer than it should be. */
    private static Optional<Long> lastSeen(Map<?, ?> status) {
        if (!(status.get("dcs_last_seen") instanceof Number seen) || seen.longValue() == 0) {
            return Optional.empty();
        }
        long seconds =
                Duration.between(Instant.ofEpochSecond(seen.longValue()), Instant.now())
                        .toSeconds();
        return seconds > 60 ? Optional.of(seconds) : Optional.empty();
    }

    /** With dcs-type patroni its answer is what counts. */
    private List<Finding> followed(Trigger trigger, Deadline deadline) {
        Optional<HttpOutcome> outcome = get(trigger.key(), deadline);
        if (!(outcome.orElse(null) instanceof HttpAnswer answer)) {
            return List.of(
                    silent(
                            outcome.map(failed -> ((HttpFailure) failed).trouble())
                                    .orElse(
                                            url
                                                    + " did not answer "
                                                    + trigger.key()
                                                    + " in time")));
        }
        String is = url + trigger.key() + " answers " + answer.status();
        if (answer.status() != NOT_FOUND) {
            answers.put(
                    trigger.key(),
                    new KeyState(
                            Optional.of(Integer.toString(answer.status())),
                            new KeyState.Nothing()));
        }
        if (Integer.toString(answer.status()).equals(trigger.value())) {
            return List.of(Finding.good(Item.KEY, is + ": this host leads"));
        }
        if (answer.status() == NOT_FOUND) {
            return List.of(
                    Finding.error(
                            Item.KEY,
                            is
                                    + ": Patroni has no such path"
                                    + (PatroniMember.isLeaderKey(trigger.key())
                                            ? "; it looks like a leader key, for dcs-type etcd or consul"
                                            : ""),
                            "write trigger-key: /leader"));
        }
        return List.of(
                Finding.good(
                        Item.KEY,
                        is
                                + ", and this host waits for "
                                + trigger.value()
                                + ": another host leads"));
    }

    /** With patroni-url it must be the member that the key's value names. */
    private List<Finding> confirmed(
            Trigger trigger, Optional<String> scope, Optional<String> name) {
        if (scope.isEmpty() || new PatroniMember(scope, name, true).speaksFor(trigger)) {
            return List.of();
        }
        boolean isNameWrong = name.isPresent() && !name.get().equals(trigger.value());
        return List.of(
                Finding.error(
                        Item.PATRONI,
                        "%s is %s of %s, and this host follows %s for %s: its answers do not count"
                                .formatted(
                                        url,
                                        name.map(Printable::quoted).orElse("a member"),
                                        Printable.quoted(scope.get()),
                                        trigger.key(),
                                        Printable.quoted(trigger.value())),
                        isNameWrong
                                ? "write trigger-value: "
                                        + name.get()
                                        + ", or the patroni-url of "
                                        + trigger.value()
                                : "write the leader key of "
                                        + scope.get()
                                        + ", such as /service/"
                                        + scope.get()
                                        + "/leader, or the patroni-url of that cluster's member"));
    }

    private List<Finding> configuration(HttpOutcome outcome) {
        if (!(outcome instanceof HttpAnswer answer) || answer.status() != 200) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        if (isSource()) {
            PatroniTimes.of(answer.body())
                    .map(times -> times.finding(url.toString(), config))
                    .ifPresent(findings::add);
        }
        Object failsafe = BoundedJson.object(answer.body()).get("failsafe_mode");
        boolean has =
                failsafe != null && List.of("true", "on", "yes", "1").contains(failsafe.toString());
        findings.add(
                Finding.good(
                        Item.PATRONI,
                        has
                                ? url
                                        + ": failsafe_mode is on: without the DCS the leader stays, and so"
                                        + " does the address"
                                : url
                                        + ": failsafe_mode is off: without the DCS Patroni demotes its leader"));
        return findings;
    }

    private Optional<HttpOutcome> get(String path, Deadline deadline) {
        URI at = URI.create(url.toString().replaceFirst("/+$", "") + path);
        return web.ask(HttpQuestion.get(at, deadline.left()), deadline);
    }
}
