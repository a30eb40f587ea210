package org.vipmanager.log;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Makes a line of a log record: {@code 2026-11-23T08:00:00.123Z INFO released ...}, or for the
 * journal {@code <6>released ...}.
 *
 * <p>By hand rather than with the JDK's formatters, which take 50 ms to load and write {@code
 * 2,379} for a port.
 *
 * @param forJournal sd-daemon(3) priorities instead of time and level; the journal has its own time
 * @param stackTraces whether the stack trace of an exception follows its line
 */
record LineFormat(boolean forJournal, boolean stackTraces) {

    /** What systemd's journal takes as one entry is six times as long. */
    private static final int LONGEST = 8000;

    /** Of what an exception says, which is often the word of somebody else. */
    private static final int LONGEST_REASON = 1000;

    private static final int MOST_CAUSES = 8;
    private static final int MOST_FRAMES = 60;

    String line(LogRecord entry) {
        StringBuilder line = new StringBuilder(120);
        if (forJournal) {
            line.append('<').append(priority(entry.getLevel())).append('>');
        } else {
            appendTime(line, entry.getInstant());
            line.append(' ').append(name(entry.getLevel())).append(' ');
        }
        StringBuilder message = new StringBuilder(120);
        appendMessage(message, entry);
        line.append(Printable.line(message.toString(), LONGEST));
        Throwable thrown = entry.getThrown();
        if (thrown != null) {
            String reason = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
            line.append(": ").append(Printable.line(reason, LONGEST_REASON));
        }
        line.append('\n');
        if (thrown != null && stackTraces) {
            appendStackTrace(line, thrown);
        }
        return line.toString();
    }

    private static void appendMessage(StringBuilder line, LogRecord entry) {
        String message = entry.getMessage() == null ? "" : entry.getMessage();
        Object[] values = entry.getParameters();
        if (values == null || values.length == 0) {
            line.append(message);
            return;
        }
        int from = 0;
        while (from < message.length()) {
            int open = message.indexOf('{', from);
            int close = open < 0 ? -1 : message.indexOf('}', open);
            int index = close < 0 ? -1 : index(message, open + 1, close, values.length);
            if (open < 0 || close < 0) {
                break;
            }
            line.append(message, from, open);
            if (index >= 0) {
                line.append(values[index]);
            } else {
                line.append(message, open, close + 1);
            }
            from = close + 1;
        }
        line.append(message, from, message.length());
    }

    /** The number between the braces, or -1 when it is none or has no value. */
    private static int index(String message, int from, int to, int count) {
        if (to - from != 1) {
            return -1;
        }
        int digit = message.charAt(from) - '0';
        return digit >= 0 && digit < count ? digit : -1;
    }

    private static void appendTime(StringBuilder line, Instant instant) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(
                        instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
        line.append(time.getYear());
        appendTwo(line.append('-'), time.getMonthValue());
        appendTwo(line.append('-'), time.getDayOfMonth());
        appendTwo(line.append('T'), time.getHour());
        appendTwo(line.append(':'), time.getMinute());
        appendTwo(line.append(':'), time.getSecond());
        int millis = time.getNano() / 1_000_000;
        line.append('.').append(millis / 100);
        appendTwo(line, millis % 100);
        line.append('Z');
    }

    private static void appendTwo(StringBuilder line, int number) {
        line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static String name(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    /** Priorities of syslog(3): error 3, warning 4, informational 6, debug 7. */
    private static int priority(Level level) {
        return switch (name(level)) {
            case "ERROR" -> 3;
            case "WARN" -> 4;
            case "INFO" -> 6;
            default -> 7;
        };
    }

    /** Not with printStackTrace, whose lines may be those of a message. */
    private static void appendStackTrace(StringBuilder text, Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            text.append(i == 0 ? "" : "Caused by: ")
                    .append(Printable.line(cause.toString(), LONGEST_REASON))
                    .append('\n');
            StackTraceElement[] frames = cause.getStackTrace();
            for (int frame = 0; frame < Math.min(frames.length, MOST_FRAMES); frame++) {
                text.append("\tat ")
                        .append(Printable.line(frames[frame].toString(), LONGEST_REASON))
                        .append('\n');
            }
            cause = cause.getCause();
        }
    }
}
