package org.vipmanager.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads JSON that may come from anybody: bounded in depth and in number of values, so that it fits
 * into a small stack and a small heap.
 */
public final class BoundedJson {

    /** Patroni's configuration, which its users write, is nested a handful of times. */
    private static final int DEEPEST = 32;

    /** Ten for each of a few thousand keys. */
    private static final int MOST_VALUES = 50_000;

    private static final int LONGEST_NUMBER = 40;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST)
                                    .maxNumberLength(LONGEST_NUMBER)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // Names that others invent are not remembered.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build();

    private final JsonParser parser;
    private final int mostValues;
    private int values;

    private BoundedJson(JsonParser parser, int mostValues) {
        this.parser = parser;
        this.mostValues = mostValues;
    }

    /** The object that this is; an empty one where it is anything else. */
    public static Map<?, ?> object(String text) {
        try {
            return read(text) instanceof Map<?, ?> object ? object : Map.of();
        } catch (IOException unparsable) {
            return Map.of();
        }
    }

    /** The words that a value of an object is; empty where there are none. */
    public static Optional<String> text(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty();
    }

    /**
     * The value: a {@link Map} by name, a {@link List}, a {@link String}, a {@link Boolean}, a
     * {@link Long}, a {@link Double} where it is no whole number, or null.
     *
     * @throws IOException whatever is wrong with the text
     */
    public static @Nullable Object read(String text) throws IOException {
        return read(text, MOST_VALUES);
    }

    /** The same with so many values at most. */
    public static @Nullable Object read(String text, int mostValues) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Object value = new BoundedJson(parser, mostValues).value();
            if (parser.nextToken() != null) {
                throw new IOException("there is more behind it");
            }
            return value;
        } catch (RuntimeException | StackOverflowError defect) {
            // Of the library's; what others send must not end anything of ours.
            throw new IOException(defect);
        }
    }

    private @Nullable Object value() throws IOException {
        if (++values > mostValues) {
            throw new IOException("it has more than " + mostValues + " values");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("it is not complete");
        };
    }

    private Map<String, @Nullable Object> object() throws IOException {
        Map<String, @Nullable Object> object = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value());
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("it is not complete");
        }
        return object;
    }

    private List<@Nullable Object> array() throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value());
        }
        return array;
    }
}
