package org.vipmanager.status;

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
public record StatusValue(Map<?, ?> fields) {

    private static final int LONGEST_TEXT = 8000;

    /** The object that this is; an empty one where it is anything else. */
    public static StatusValue of(@Nullable Object value) {
        return new StatusValue(value instanceof Map<?, ?> map ? map : Map.of());
    }

    public boolean has(String name) {
        return fields.get(name) != null;
    }

    public StatusValue object(String name) {
        return of(fields.get(name));
    }

    public List<StatusValue> objects(String name) {
        return list(name).stream().map(StatusValue::of).toList();
    }

    public List<String> texts(String name) {
        return list(name).stream().map(StatusValue::printable).toList();
    }

    private List<?> list(String name) {
        return fields.get(name) instanceof List<?> list ? list : List.of();
    }

    /** Fit for a terminal; empty for none. */
    public String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : printable(value);
    }

    public Optional<Boolean> truth(String name) {
        return fields.get(name) instanceof Boolean truth ? Optional.of(truth) : Optional.empty();
    }

    public OptionalDouble number(String name) {
        return fields.get(name) instanceof Number number
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    private static String printable(@Nullable Object value) {
        return Printable.line(String.valueOf(value), LONGEST_TEXT);
    }
}
