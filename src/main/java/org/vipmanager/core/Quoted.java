package org.vipmanager.core;

/**
 * A value of the DCS as a log line shows it: whatever somebody has written there, it is told on one
 * line, what cannot be seen is written out, and a long one is cut.
 */
public final class Quoted {

    private static final int LONGEST = 100;

    private Quoted() {}

    public static String of(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints().limit(LONGEST).forEach(character -> append(text, character));
        return value.codePointCount(0, value.length()) <= LONGEST
                ? text.append('"').toString()
                : text.append("...\" (").append(value.length()).append(" characters)").toString();
    }

    private static void append(StringBuilder text, int character) {
        switch (character) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> Printable.append(text, character);
        }
    }
}
