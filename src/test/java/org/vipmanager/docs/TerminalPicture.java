package org.vipmanager.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a terminal shows, as an SVG: white on its own dark ground, so that it is read on a light
 * page as on a dark one.
 */
public final class TerminalPicture {

    private static final int FONT = 13;
    private static final double LETTER = 7.83; // of a monospaced font of that size
    private static final int LINE = 18;
    private static final int MARGIN = 16;

    /** Colours that the program uses, and the end of one: ECMA-48, "select graphic rendition". */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[(\\d+)m");

    private final int columns;
    private final List<String> lines = new ArrayList<>();
    private String style = "";

    /**
     * @param columns of the terminal, at which lines that are longer go on below
     */
    public TerminalPicture(int columns) {
        this.columns = columns;
    }

    /** Shows a command line and what it printed, with its colours. */
    public TerminalPicture command(String prompt, String printed) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add("<tspan class=\"prompt\">" + escaped(prompt) + "</tspan>");
        printed.replace("\r", "").lines().forEach(this::add);
        return this;
    }

    /** The whole file. */
    public String svg(String title, String description) {
        int width = (int) Math.ceil(columns * LETTER) + 2 * MARGIN;
        int height = lines.size() * LINE + 2 * MARGIN;
        StringBuilder svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title description"
                     font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%d">
                  <title id="title">%s</title>
                  <desc id="description">%s</desc>
                  <style>
                    text { fill: #e6edf3; white-space: pre }
                    .prompt { fill: #79c0ff } .c1 { font-weight: 700 }
                    .c31 { fill: #ff7b72 } .c32 { fill: #56d364 } .c33 { fill: #e3b341 }
                  </style>
                  <rect width="%d" height="%d" rx="8" fill="#161b22" stroke="#7d8590"/>
                """
                        .formatted(
                                width,
                                height,
                                FONT,
                                escaped(title),
                                escaped(description),
                                width,
                                height));
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isEmpty()) {
                svg.append(
                        "  <text x=\"%d\" y=\"%d\" xml:space=\"preserve\">%s</text>\n"
                                .formatted(MARGIN, MARGIN + i * LINE + FONT, lines.get(i)));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private void add(String line) {
        StringBuilder shown = new StringBuilder();
        Matcher colour = COLOUR.matcher(line);
        int room = columns;
        int at = 0;
        while (at < line.length()) {
            boolean isColoured = colour.find(at);
            int end = isColoured ? colour.start() : line.length();
            while (at < end) {
                if (room == 0) {
                    lines.add(shown.toString());
                    shown.setLength(0);
                    room = columns;
                }
                int next = Math.min(end, at + room);
                shown.append(styled(line.substring(at, next)));
                room -= next - at;
                at = next;
            }
            if (isColoured) {
                style = colour.group(1).equals("0") ? "" : colour.group(1);
                at = colour.end();
            }
        }
        lines.add(shown.toString());
    }

    private String styled(String text) {
        return style.isEmpty()
                ? escaped(text)
                : "<tspan class=\"c" + style + "\">" + escaped(text) + "</tspan>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
