package org.vipmanager.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Durations: milliseconds when bare, or with {@code ms}, {@code s} or {@code min}. */
final class WrittenDuration {

    /** What messages suggest. */
    static final String FORMS = "milliseconds, or a number with ms, s or min, such as 1500, 2s";

    private static final int LONGEST_TEXT = 11;

    private WrittenDuration() {}

    static Optional<Duration> parse(String written) {
        String text = written.strip().toLowerCase(Locale.ROOT);
        if (text.endsWith("ms")) {
            return scaled(text, 2, 1);
        }
        if (text.endsWith("min")) {
            return scaled(text, 3, 60_000);
        }
        if (text.endsWith("s")) {
            return scaled(text, 1, 1000);
        }
        OptionalLong milliseconds = WrittenNumber.parse(text);
        return milliseconds.isPresent() && Math.abs(milliseconds.getAsLong()) < Integer.MAX_VALUE
                ? Optional.of(Duration.ofMillis(milliseconds.getAsLong()))
                : Optional.empty();
    }

    /** The shortest way to write it. */
    static String write(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0 || millis % 1000 != 0) {
            return millis + "ms";
        }
        return millis % 60_000 == 0 ? millis / 60_000 + "min" : millis / 1000 + "s";
    }

    /** Whether seconds were meant, where {@code 60} or {@code 60ms} cannot have been. */
    static String meant(String written) {
        String text = written.strip().toLowerCase(Locale.ROOT);
        String number = text.endsWith("ms") ? text.substring(0, text.length() - 2).strip() : text;
        return WrittenNumber.parse(number).isEmpty() ? "" : " (is " + number + "s meant?)";
    }

    private static Optional<Duration> scaled(String text, int unitLength, long millis) {
        String number = text.substring(0, text.length() - unitLength).strip();
        if (number.isEmpty() || number.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        boolean isWhole = true;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            boolean isSign = i == 0 && (c == '-' || c == '+');
            boolean isDigit = c >= '0' && c <= '9';
            if (!isSign && !isDigit && c != '.') {
                return Optional.empty();
            }
            isWhole &= c != '.';
        }
        try {
            // BigDecimal takes 17 ms to load, which the usual durations need not pay.
            long exact = isWhole ? Long.parseLong(number) * millis : fraction(number, millis);
            return Math.abs(exact) < Integer.MAX_VALUE
                    ? Optional.of(Duration.ofMillis(exact))
                    : Optional.empty();
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long fraction(String number, long millis) {
        return new BigDecimal(number).multiply(BigDecimal.valueOf(millis)).longValueExact();
    }
}
