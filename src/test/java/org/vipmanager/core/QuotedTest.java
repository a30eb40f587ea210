package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QuotedTest {

    @Test
    void nameOfAHost_isShownAsItIs() {
        assertThat(Quoted.of("pg-\u00c4")).isEqualTo("\"pg-\u00c4\"");
    }

    @Test
    void whatCannotBeSeen_isWrittenOut() {
        assertThat(Quoted.of("pg1\r\n\t\u001b[31m")).isEqualTo("\"pg1\\r\\n\\t\\x1b[31m\"");
    }

    @Test
    void longValue_isCut() {
        assertThat(Quoted.of("x".repeat(100))).isEqualTo("\"" + "x".repeat(100) + "\"");
        assertThat(Quoted.of("x".repeat(200_000)))
                .isEqualTo("\"" + "x".repeat(100) + "...\" (200000 characters)");
    }
}
