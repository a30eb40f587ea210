package org.vipmanager.dcs.consul;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Sighting.Origin;
import org.vipmanager.http.BoundedJson;
import org.vipmanager.http.HttpAnswer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an answer to {@code GET /v1/kv/KEY} means. */
sealed interface ConsulAnswer {

    /**
     * The state of the key.
     *
     * @param index {@code X-Consul-Index}: the key's modify index, or the table's when it is absent
     * @param modifyIndex when the key was last written; 0 when absent
     */
    record KeyState(Optional<String> value, long index, long modifyIndex) implements ConsulAnswer {

        Sighting sighting(String key, Origin origin, Moment asOf, Moment receivedAt) {
            return new Sighting(
                    key, value, origin, new Revision(0, index), modifyIndex, 0, asOf, receivedAt);
        }
    }

    /** The token may not read the key. */
    record Denied(String reason) implements ConsulAnswer {}

    /**
     * No leader, an error inside Consul, or no Consul at all.
     *
     * @param needsAPerson whether it will be so until somebody mends something: nothing that a
     *     Consul says, which may be well in a moment
     */
    record Faulty(String reason, boolean needsAPerson) implements ConsulAnswer {}

    /** Reads an HTTP answer; whatever it holds, this does not throw. */
    static ConsulAnswer of(HttpAnswer answer) {
        Optional<Long> index = index(answer);
        return switch (answer.status()) {
            case 200 ->
                    index.isPresent()
                            ? found(answer, index.get())
                            : nonsense("answered without X-Consul-Index: it is no Consul");
            case 404 ->
                    // Consul tells the index of an absent key too; a proxy's 404 has none.
                    index.isPresent()
                            ? new KeyState(Optional.empty(), index.get(), 0)
                            : nonsense(said("answered 404 without X-Consul-Index", answer));
            case 401, 403 -> new Denied(said("answered " + answer.status(), answer));
            default ->
                    new Faulty(
                            said("answered " + answer.status(), answer),
                            isLasting(answer.status()));
        };
    }

    private static ConsulAnswer found(HttpAnswer answer, long index) {
        try {
            if (BoundedJson.read(answer.body()) instanceof List<?> list && list.size() == 1) {
                return state(list.getFirst(), index);
            }
            return nonsense("sent JSON that is not one key with Value and ModifyIndex");
        } catch (IOException | IllegalArgumentException unparsable) {
            return nonsense("sent an answer that cannot be parsed");
        }
    }

    /**
     * The keys in an answer to {@code ?recurse}, as they are stored; empty when it is none.
     *
     * <p>A key that is not among them is absent, or may not be read.
     */
    static Optional<Map<String, KeyState>> below(HttpAnswer answer) {
        try {
            if (answer.status() == 404) {
                return Optional.of(Map.of());
            }
            if (answer.status() != 200
                    || !(BoundedJson.read(answer.body()) instanceof List<?> list)) {
                return Optional.empty();
            }
            Map<String, KeyState> found = new HashMap<>();
            for (Object one : list) {
                if (!(one instanceof Map<?, ?> entry
                        && entry.get("Key") instanceof String key
                        && entry.get("ModifyIndex") instanceof Long modifyIndex
                        && state(one, modifyIndex) instanceof KeyState state)) {
                    return Optional.empty();
                }
                found.put(key, state);
            }
            return Optional.of(found);
        } catch (IOException | IllegalArgumentException unparsable) {
            return Optional.empty();
        }
    }

    /** {@code X-Consul-Index}, which every answer of Consul has that tells of keys. */
    static Optional<Long> index(HttpAnswer answer) {
        return answer.header("X-Consul-Index").flatMap(ConsulAnswer::number);
    }

    private static ConsulAnswer state(@Nullable Object one, long index) {
        if (one instanceof Map<?, ?> entry
                && entry.get("ModifyIndex") instanceof Long modifyIndex
                && modifyIndex >= 0
                && entry.containsKey("Value")) {
            return switch (entry.get("Value")) {
                case null -> new KeyState(Optional.of(""), index, modifyIndex);
                case String base64 ->
                        new KeyState(Optional.of(decoded(base64)), index, modifyIndex);
                default -> nonsense("sent a value that is no text");
            };
        }
        return nonsense("sent JSON that is not one key with Value and ModifyIndex");
    }

    /** An error of the server may be over in a moment, and so may having too much to do. */
    private static boolean isLasting(int status) {
        return status < 500 && status != 408 && status != 429;
    }

    private static Faulty nonsense(String reason) {
        return new Faulty(reason, true);
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static String said(String what, HttpAnswer answer) {
        String excerpt = answer.excerpt();
        return excerpt.isEmpty() ? what : what + " (" + excerpt + ")";
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseUnsignedLong(text.strip())).filter(value -> value >= 0);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
