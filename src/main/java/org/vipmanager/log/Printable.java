package org.vipmanager.log;

/**
 * Text as a terminal may get it: on one line, of a bounded length, and with everything written out
 * that would move its cursor, turn its direction or not be seen.
 *
 * <p>Much of what is told comes from others: a server's message, a name in a certificate, a label.
 */
public final class Printable {

    private static final int LONGEST_QUOTED = 100;

    private Printable() {}

    /** The text on one line: its line breaks and tabs become spaces. */
    public static String line(String text, int longest) {
        int end = end(text, longest);
        if (end == text.length() && isPlain(text)) {
            return text;
        }
        StringBuilder line = new StringBuilder(end + 32);
        for (int i = 0; i < end; ) {
            int character = text.codePointAt(i);
            if (character == '\n' || character == '\r' || character == '\t') {
                line.append(' ');
            } else {
                append(line, character);
            }
            i += Character.charCount(character);
        }
        return end == text.length()
                ? line.toString()
                : line.append("... (").append(text.length()).append(" characters)").toString();
    }

    /**
     * A value of the DCS between quotation marks: whatever somebody has written there, its line
     * breaks and tabs are written out, too, and of a long one there are the first 100 characters.
     */
    public static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints()
                .limit(LONGEST_QUOTED)
                .forEach(character -> appendQuoted(text, character));
        return value.codePointCount(0, value.length()) <= LONGEST_QUOTED
                ? text.append('"').toString()
                : text.append("...\" (").append(value.length()).append(" characters)").toString();
    }

    private static void appendQuoted(StringBuilder text, int character) {
        switch (character) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> append(text, character);
        }
    }

    /** Appends a character as it is, or as {@code \x1b}, beyond a byte with a u and four digits. */
    private static void append(StringBuilder text, int character) {
        if (!isUnseen(character)) {
            text.appendCodePoint(character);
        } else if (character <= 0xff) {
            text.append("\\x").append(hex(character, 2));
        } else if (Character.isBmpCodePoint(character)) {
            text.append("\\u").append(hex(character, 4));
        } else {
            text.append("\\u{").append(Integer.toHexString(character)).append('}');
        }
    }

    /** Nearly every line is, and is then not copied. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    /**
     * C0, DEL and C1; the marks that turn the direction of what follows, and others that take no
     * space; the line ends that only Unicode knows; halves of characters.
     */
    private static boolean isUnseen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            default -> false;
        };
    }

    private static String hex(int character, int digits) {
        String written = Integer.toHexString(character);
        return "0".repeat(digits - written.length()) + written;
    }

    private static int end(String text, int longest) {
        if (text.length() <= longest) {
            return text.length();
        }
        return Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    }
}
