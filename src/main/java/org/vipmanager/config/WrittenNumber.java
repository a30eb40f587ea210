package org.vipmanager.config;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * Whole numbers in the forms that the Go program takes: {@code 24}, {@code +24}, {@code 0x18},
 * {@code 0b11000}, {@code 0o30} and {@code 030} (both octal), {@code 1_000}, {@code 1000.0}, {@code
 * 1e3}.
 *
 * <p>They are those of {@code strconv.ParseInt} with base 0, and YAML's floats without a fraction.
 */
final class WrittenNumber {

    private WrittenNumber() {}

    static OptionalLong parse(String written) {
        String text = written.strip();
        boolean isNegative = text.startsWith("-");
        String digits = isNegative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty() || digits.length() > 40 || !isDigit(digits.charAt(0))) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) > '~') {
                return OptionalLong.empty(); // The digits of other scripts, which Java would take.
            }
        }
        try {
            long value = isDecimal(digits) ? decimal(digits) : prefixed(digits);
            return OptionalLong.of(isNegative ? -value : value);
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isDecimal(String digits) {
        return digits.charAt(0) != '0' || digits.length() == 1 || digits.charAt(1) == '.';
    }

    private static long decimal(String digits) {
        String plain = digits.replace("_", "");
        for (int i = 0; i < plain.length(); i++) {
            if (!isDigit(plain.charAt(i))) {
                BigDecimal exact = new BigDecimal(plain);
                if (exact.precision() - exact.scale() > 18) {
                    throw new ArithmeticException("too large");
                }
                return exact.longValueExact();
            }
        }
        return Long.parseLong(plain);
    }

    private static long prefixed(String digits) {
        String rest = digits.substring(2).replace("_", "");
        return switch (digits.charAt(1)) {
            case 'x', 'X' -> Long.parseUnsignedLong(rest, 16) & Long.MAX_VALUE;
            case 'b', 'B' -> Long.parseUnsignedLong(rest, 2) & Long.MAX_VALUE;
            case 'o', 'O' -> Long.parseUnsignedLong(rest, 8) & Long.MAX_VALUE;
            default -> Long.parseUnsignedLong(digits.substring(1).replace("_", ""), 8);
        };
    }
}
