package org.vipmanager.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a terminal shows becomes text of a picture. */
final class TerminalPictureTest {

    @Test
    void coloursAndMarks() {
        assertThat(svg("a \u001b[32mgreen\u001b[0m <b> & c\r\n"))
                .contains(">a <tspan class=\"c32\">green</tspan> &lt;b&gt; &amp; c</text>");
    }

    @Test
    void longLinesGoOnBelow_inTheirColour() {
        assertThat(svg("\u001b[33m" + "x".repeat(45) + "\u001b[0m"))
                .contains(">" + "<tspan class=\"c33\">" + "x".repeat(40) + "</tspan></text>")
                .contains(">" + "<tspan class=\"c33\">" + "x".repeat(5) + "</tspan></text>");
    }

    private static String svg(String printed) {
        return new TerminalPicture(40).command("$ one", printed).svg("title", "description");
    }
}
