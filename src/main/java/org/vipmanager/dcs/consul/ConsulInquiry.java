package org.vipmanager.dcs.consul;

import org.vipmanager.http.BoundedJson;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person asks an endpoint beside what the daemon does: who leads, which version it is, and
 * which keys there are.
 */
public final class ConsulInquiry {

    private final ConsulSettings settings;
    private final KeyRequests requests;

    /**
     * A key as Consul has it.
     *
     * @param value empty when it is absent
     * @param session that holds it; empty where none does
     */
    public record Entry(Optional<String> value, Optional<String> session) {}

    /**
     * Where an endpoint says that it cannot, or may not.
     *
     * @param denied whether the token is to blame
     */
    public record Refusal(String reason, boolean denied) {}

    public ConsulInquiry(ConsulSettings settings) {
        this.settings = settings;
        this.requests = new KeyRequests(settings);
    }

    /** Asks for one key, linearizably. */
    public HttpQuestion key(URI endpoint, String key) {
        return requests.read(endpoint, key);
    }

    /** Asks for the names of all keys that begin so. */
    public HttpQuestion keysBelow(URI endpoint, String prefix) {
        return requests.names(endpoint, prefix);
    }

    /** Asks who leads Consul's own servers; needs no token. */
    public HttpQuestion leader(URI endpoint) {
        return at(endpoint, "/v1/status/leader");
    }

    /** Asks for the version; the token may not be allowed to. */
    public HttpQuestion self(URI endpoint) {
        return at(endpoint, "/v1/agent/self");
    }

    /** What the answer to {@link #key} tells; empty when it tells of no key. */
    public static Optional<Entry> entry(HttpOutcome outcome) {
        if (!(outcome instanceof HttpAnswer answer)
                || !(ConsulAnswer.of(answer) instanceof ConsulAnswer.KeyState state)) {
            return Optional.empty();
        }
        Optional<String> session = Optional.empty();
        if (json(answer) instanceof List<?> list
                && list.getFirst() instanceof Map<?, ?> entry
                && entry.get("Session") instanceof String id
                && !id.isEmpty()) {
            session = Optional.of(id);
        }
        return Optional.of(new Entry(state.value(), session));
    }

    /** Why the answer to {@link #key} tells of no key. */
    public static Refusal refusal(HttpAnswer answer) {
        return switch (ConsulAnswer.of(answer)) {
            case ConsulAnswer.Denied(String reason) -> new Refusal(reason, true);
            case ConsulAnswer.Faulty faulty -> new Refusal(faulty.reason(), false);
            case ConsulAnswer.KeyState _ -> new Refusal("answered well", false);
        };
    }

    /** The names in the answer to {@link #keysBelow}; empty when it has none to tell. */
    public static List<String> names(HttpOutcome outcome) {
        return outcome instanceof HttpAnswer answer && json(answer) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** The address in the answer to {@link #leader}; empty while nobody leads. */
    public static Optional<String> leader(HttpAnswer answer) {
        return answer.status() == 200
                        && json(answer) instanceof String address
                        && !address.isEmpty()
                ? Optional.of(address)
                : Optional.empty();
    }

    /** The version in the answer to {@link #self}. */
    public static Optional<String> version(HttpOutcome outcome) {
        return outcome instanceof HttpAnswer answer
                        && json(answer) instanceof Map<?, ?> self
                        && self.get("Config") instanceof Map<?, ?> config
                        && config.get("Version") instanceof String version
                ? Optional.of(version)
                : Optional.empty();
    }

    private static Object json(HttpAnswer answer) {
        try {
            Object value = answer.status() == 200 ? BoundedJson.read(answer.body()) : null;
            return value == null ? "" : value;
        } catch (IOException unparsable) {
            return "";
        }
    }

    private HttpQuestion at(URI endpoint, String path) {
        String base = endpoint.toString().replaceFirst("/+$", "");
        return requests.withToken(HttpQuestion.get(URI.create(base + path), settings.timeout()));
    }
}
