package org.vipmanager;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Records and switches of every kind, for {@link PrelinkTest}, which loads this class twice. */
public final class PrelinkSamples {

    private PrelinkSamples() {}

    private record Empty() {}

    private record Numbers(
            boolean flag, byte small, short shorter, char letter, int number, long longer) {}

    private record Fractions(float single, double precise) {}

    private record Generic<T>(T value, List<T> values) implements Shape {}

    private record Named(String name, int[] array) implements Shape {
        @Override
        public String toString() {
            return name + Arrays.toString(array);
        }
    }

    private sealed interface Shape {
        default String told() {
            return switch (this) {
                case Named named -> "named " + named.name();
                case Generic<?> generic -> "generic " + generic.value();
            };
        }
    }

    private enum Color {
        RED,
        GREEN
    }

    /** What the samples do, in words. */
    public static List<String> results() {
        List<Object> all =
                Arrays.asList(
                        new Empty(),
                        new Empty(),
                        new Numbers(true, (byte) -1, (short) -2, 'x', 3, 1L << 40),
                        new Numbers(true, (byte) -1, (short) -2, 'x', 3, 1L << 40),
                        new Numbers(false, (byte) -1, (short) -2, 'x', 3, 1L << 40),
                        new Numbers(true, (byte) -1, (short) -2, 'x', 3, 1L << 41),
                        new Fractions(Float.NaN, -0.0),
                        new Fractions(Float.NaN, 0.0),
                        new Fractions(Float.NaN, -0.0),
                        new Generic<>("a", List.of("a")),
                        new Generic<>("a", List.of("a")),
                        new Generic<>(null, List.of()),
                        new Generic<>(new Generic<>(5, null), null),
                        new Named("n", null),
                        new Named("", null),
                        Color.GREEN,
                        "text",
                        7,
                        7L,
                        null);
        List<String> results = new ArrayList<>();
        for (Object one : all) {
            results.add(one + " " + kind(one));
            if (one instanceof Record) {
                results.add(Integer.toString(one.hashCode()));
                all.forEach(other -> results.add(Boolean.toString(one.equals(other))));
            }
            if (one instanceof Shape shape) {
                results.add(shape.told());
            }
        }
        return results;
    }

    private static String kind(Object one) {
        return switch (one) {
            case null -> "nothing";
            case Integer number when number > 7 -> "large";
            case Integer number when number > 6 -> "six to seven";
            case Integer _ -> "small";
            case Generic<?>(String text, var others) -> "generic text " + text + others;
            case Generic<?>(Integer number, _) -> "generic number " + number;
            case Generic<?> _ -> "generic";
            case Named named when named.name().isEmpty() -> "without a name";
            case Shape _ -> "shape";
            case Color color when color == Color.RED -> "red";
            case String text -> text;
            case Record _ -> "record";
            default -> "something else";
        };
    }
}
