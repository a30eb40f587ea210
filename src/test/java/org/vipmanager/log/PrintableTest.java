package org.vipmanager.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "released 10.0.0.9/24", "Zürich 東京 🐘 \u00a0"})
    void whatCanBeSeenStaysAsItIs(String text) {
        assertThat(Printable.line(text, 100)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, \\x00",
        "0x08, \\x08",
        "0x1b, \\x1b",
        "0x7f, \\x7f",
        "0x85, \\x85",
        "0x9b, \\x9b",
        "0xad, \\xad",
        "0x61c, \\u061c",
        "0x200b, \\u200b",
        "0x200e, \\u200e",
        "0x200f, \\u200f",
        "0x2028, \\u2028",
        "0x2029, \\u2029",
        "0x202a, \\u202a",
        "0x202e, \\u202e",
        "0x2066, \\u2066",
        "0x2069, \\u2069",
        "0xfeff, \\ufeff",
        "0xd800, \\ud800",
        "0xdfff, \\udfff",
        "0xe0001, \\u{e0001}",
    })
    void whatCannotBeSeenIsWrittenOut(String code, String written) {
        String text = "a" + Character.toString(Integer.decode(code)) + "b";

        assertThat(Printable.line(text, 100)).isEqualTo("a" + written + "b");
    }

    @Test
    void lineBreaksAndTabsBecomeSpaces() {
        assertThat(Printable.line("a\nb\rc\td", 100)).isEqualTo("a b c d");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        assertThat(Printable.line("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Printable.line("abcdefg", 6)).isEqualTo("abcdef... (7 characters)");
        assertThat(Printable.line("abcde🐘", 6)).isEqualTo("abcde... (7 characters)");
    }

    @Test
    void aQuotedNameOfAHostIsShownAsItIs() {
        assertThat(Printable.quoted("pg-\u00c4")).isEqualTo("\"pg-\u00c4\"");
    }

    @Test
    void whatCannotBeSeenIsWrittenOutBetweenQuotes() {
        assertThat(Printable.quoted("pg1\r\n\t\u001b[31m")).isEqualTo("\"pg1\\r\\n\\t\\x1b[31m\"");
    }

    @Test
    void aLongQuotedValueIsCut() {
        assertThat(Printable.quoted("x".repeat(100))).isEqualTo("\"" + "x".repeat(100) + "\"");
        assertThat(Printable.quoted("x".repeat(200_000)))
                .isEqualTo("\"" + "x".repeat(100) + "...\" (200000 characters)");
    }
}
