package org.vipmanager.web.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalDouble;

/** Times and spans of time as people read them. */
final class Spans {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Spans() {}

    /** Such as {@code 8.2 s} or {@code 4 min 2 s}; a dash where it is not known. */
    static String of(OptionalDouble seconds) {
        return seconds.isPresent() ? of(seconds.getAsDouble()) : "–";
    }

    private static String of(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", Math.max(0, seconds));
        }
        long whole = Math.round(Math.min(seconds, 1e12));
        if (whole < 3600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        return whole < 86_400
                ? whole / 3600 + " h " + whole % 3600 / 60 + " min"
                : whole / 86_400 + " d " + whole % 86_400 / 3600 + " h";
    }

    /** Without what is zero: {@code 15 min}. */
    static String round(Duration span) {
        long minutes = span.toMinutes();
        if (minutes < 60) {
            return minutes + " min";
        }
        return minutes < 1440 ? minutes / 60 + " h" : minutes / 1440 + " d";
    }

    static String millis(OptionalDouble seconds) {
        return seconds.isPresent()
                ? String.format(Locale.ROOT, "%.0f ms", seconds.getAsDouble() * 1000)
                : "–";
    }

    /** In UTC, to the millisecond. */
    static String clock(Instant time) {
        return CLOCK.format(time);
    }

    static String day(Instant time) {
        return DAY.format(time);
    }
}
