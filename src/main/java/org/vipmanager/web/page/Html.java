package org.vipmanager.web.page;

/** A text in HTML that grows: what is written is ours, and what is filled in is never markup. */
final class Html {

    private final StringBuilder text = new StringBuilder();

    /**
     * Appends markup.
     *
     * @param markup ours, with a {@code $} for each of the values
     */
    Html add(String markup, Object... values) {
        int next = 0;
        for (int i = 0; i < markup.length(); i++) {
            char c = markup.charAt(i);
            if (c == '$') {
                escape(String.valueOf(values[next++]));
            } else {
                text.append(c);
            }
        }
        if (next != values.length) {
            throw new IllegalArgumentException(markup);
        }
        return this;
    }

    /** All that may end a text or the value of an attribute. */
    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                case '\'' -> text.append("&#39;");
                default -> text.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
