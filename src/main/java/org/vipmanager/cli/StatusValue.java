package org.vipmanager.cli;

import org.jspecify.annotations.Nullable;
import org.vipmanager.log.Printable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An object of a status document. What is missing or of another kind than expected is empty: it may
 * come from another version, or from nobody's daemon at all.
 */
record StatusValue(Map<?, ?> fields) {

    private static final int LONGEST_TEXT = 8000;

    static StatusValue of(@Nullable Object value) {
        return new StatusValue(value instanceof Map<?, ?> map ? map : Map.of());
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    StatusValue object(String name) {
        return of(fields.get(name));
    }

    List<StatusValue> objects(String name) {
        return list(name).stream().map(StatusValue::of).toList();
    }

    List<String> texts(String name) {
        return list(name).stream().map(StatusValue::printable).toList();
    }

    private List<?> list(String name) {
        return fields.get(name) instanceof List<?> list ? list : List.of();
    }

    /** Fit for a terminal; empty for none. */
    String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : printable(value);
    }

    Optional<Boolean> truth(String name) {
        return fields.get(name) instanceof Boolean truth ? Optional.of(truth) : Optional.empty();
    }

    OptionalDouble number(String name) {
        return fields.get(name) instanceof Number number
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    private static String printable(@Nullable Object value) {
        return Printable.line(String.valueOf(value), LONGEST_TEXT);
    }
}
