package org.vipmanager.tls;

/**
 * Text of a certificate, or of an error about one, as messages show it: whoever made it chose it,
 * so it is one line of a bounded length.
 */
final class Shown {

    private static final int LONGEST = 200;

    private Shown() {}

    /** The first line of a message. */
    static String message(Throwable failure) {
        return text(String.valueOf(failure.getMessage()));
    }

    /** The first line of a text. */
    static String text(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end <= LONGEST ? text.substring(0, end) : text.substring(0, LONGEST) + "...";
    }
}
