package org.vipmanager.http;

import org.vipmanager.core.Moment;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A complete answer.
 *
 * @param headers the first value of each, by name in lower case
 * @param body decoded as UTF-8
 */
public record HttpAnswer(
        int status, Map<String, String> headers, String body, Moment sentAt, Moment receivedAt)
        implements HttpOutcome {

    private static final int EXCERPT = 160;

    public HttpAnswer {
        Map<String, String> byName = new TreeMap<>();
        headers.forEach((name, value) -> byName.put(name.toLowerCase(Locale.ROOT), value));
        headers = Map.copyOf(byName);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The beginning of the body on one line, fit for the log; empty when the body is. */
    public String excerpt() {
        String beginning = body.substring(0, Math.min(body.length(), 4 * EXCERPT));
        String line = beginning.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
    }
}
