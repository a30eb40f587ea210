package org.vipmanager.hetzner;

import org.jspecify.annotations.Nullable;
import org.vipmanager.http.BoundedJson;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A value of an answer: whatever is missing, null or of another kind is empty. */
record Json(@Nullable Object value) {

    /** Of what is no JSON, empty. */
    static Optional<Json> of(String text) {
        try {
            return Optional.of(new Json(BoundedJson.read(text)));
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    Json get(String name) {
        return new Json(value instanceof Map<?, ?> object ? object.get(name) : null);
    }

    Optional<String> text() {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    OptionalLong number() {
        return value instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    Stream<Json> items() {
        return value instanceof List<?> list ? list.stream().map(Json::new) : Stream.empty();
    }

    boolean isObject() {
        return value instanceof Map<?, ?>;
    }

    boolean isNull() {
        return value == null;
    }
}
