package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.DcsConfig;
import org.vipmanager.config.Secret;
import org.vipmanager.dcs.consul.ConsulInquiry;
import org.vipmanager.dcs.consul.ConsulSettings;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Consul, through the HTTP client of the daemon. */
final class ConsulStore implements Store {

    private final Web web;
    private final ConsulInquiry consul;
    private final Duration timeout;

    ConsulStore(Inquiries inquiries, Config config, DcsConfig.Consul consul) {
        this.web = new Web(inquiries, consul.tls(), consul.endpoints(), Check.patience(config));
        this.timeout = config.dcsTimeout();
        this.consul =
                new ConsulInquiry(
                        new ConsulSettings(
                                consul.endpoints(),
                                consul.token().map(Secret::current),
                                config.interval(),
                                Check.patience(config),
                                1,
                                config.retryAfter(),
                                ConsulSettings.USUAL_LONG_POLL));
    }

    @Override
    public Survey survey(URI endpoint, Set<String> keys, Deadline deadline) {
        Optional<HttpOutcome> leader = web.ask(consul.leader(endpoint), deadline);
        return switch (leader.orElse(null)) {
            case null -> Survey.silent(endpoint);
            case HttpFailure failure ->
                    Survey.failed(
                            endpoint,
                            Finding.error(
                                    Item.ENDPOINT,
                                    failure.trouble(),
                                    "is Consul running there, and is the way to it open? Look at"
                                            + " dcs-endpoints and at the consul-*-file settings"));
            case HttpAnswer answer when answer.status() != 200 ->
                    Survey.failed(
                            endpoint,
                            Finding.error(
                                    Item.ENDPOINT,
                                    endpoint
                                            + " answers "
                                            + answer.status()
                                            + " when asked who leads Consul",
                                    "is it a Consul? Its HTTP interface usually has port 8500"));
            case HttpAnswer answer when ConsulInquiry.leader(answer).isEmpty() ->
                    Survey.failed(
                            endpoint,
                            Finding.error(
                                    Item.ENDPOINT,
                                    endpoint + " answers, and Consul has no leader",
                                    "Consul has lost its quorum, or is electing: consul members"));
            case HttpAnswer answer -> read(endpoint, keys, deadline);
        };
    }

    private Survey read(URI endpoint, Set<String> keys, Deadline deadline) {
        Map<String, KeyState> states = new HashMap<>();
        Duration took = Duration.ZERO;
        for (String key : keys) {
            long asked = System.nanoTime();
            Optional<HttpOutcome> outcome = web.ask(consul.key(endpoint, key), deadline);
            Optional<ConsulInquiry.Entry> entry = outcome.flatMap(ConsulInquiry::entry);
            if (entry.isEmpty()) {
                return refused(endpoint, key, outcome);
            }
            states.put(key, state(entry.get()));
            took = Duration.ofNanos(System.nanoTime() - asked);
        }
        String version =
                web.ask(consul.self(endpoint), deadline)
                        .flatMap(ConsulInquiry::version)
                        .map(number -> "Consul " + number)
                        .orElse("Consul, which tells its version to no one without agent:read");
        Finding told = Survey.told(endpoint, version + ", with a leader", took, timeout);
        return new Survey(endpoint, List.of(told), Optional.empty(), Optional.of(states));
    }

    private static KeyState state(ConsulInquiry.Entry entry) {
        return new KeyState(
                entry.value(),
                entry.session().isPresent() ? new KeyState.Session() : new KeyState.Nothing());
    }

    private static Survey refused(URI endpoint, String key, Optional<HttpOutcome> outcome) {
        return switch (outcome.orElse(null)) {
            case null -> Survey.silent(endpoint);
            case HttpFailure failure ->
                    Survey.failed(
                            endpoint,
                            Finding.error(
                                    Item.ENDPOINT, failure.trouble(), "look at the log of Consul"));
            case HttpAnswer answer -> {
                ConsulInquiry.Refusal refusal = ConsulInquiry.refusal(answer);
                yield Survey.failed(
                        endpoint,
                        Finding.error(
                                Item.ENDPOINT,
                                endpoint + " " + refusal.reason() + " when asked for " + key,
                                refusal.denied()
                                        ? "check consul-token, and give its policy key:read on the key"
                                        : "look at the log of Consul"));
            }
        };
    }

    @Override
    public List<String> keysBelow(URI endpoint, String prefix, Deadline deadline) {
        boolean isSlashed = prefix.startsWith("/");
        return web
                .ask(consul.keysBelow(endpoint, prefix), deadline)
                .map(ConsulInquiry::names)
                .orElse(List.of())
                .stream()
                .map(name -> isSlashed ? "/" + name : name)
                .toList();
    }

    @Override
    public Optional<String> value(URI endpoint, String key, Deadline deadline) {
        return web.ask(consul.key(endpoint, key), deadline)
                .flatMap(ConsulInquiry::entry)
                .flatMap(ConsulInquiry.Entry::value);
    }

    @Override
    public void close() {
        web.close();
    }
}
