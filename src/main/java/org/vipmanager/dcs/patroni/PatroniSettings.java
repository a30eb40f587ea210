package org.vipmanager.dcs.patroni;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What a Patroni source needs to know.
 *
 * @param endpoint base URL of this host's own Patroni; another host's answers for that host
 * @param interval from one poll to the next
 * @param timeout for one poll
 * @param attempts how often a poll is tried before it counts as failed
 * @param retryAfter the pause before it is tried again
 */
public record PatroniSettings(
        URI endpoint, Duration interval, Duration timeout, int attempts, Duration retryAfter) {

    private static final Pattern NOT_IN_A_URI =
            Pattern.compile("%(?!\\p{XDigit}{2})|[^\\w.~:/?@!$&'()*+,;=%-]");

    /** The endpoint with a path, and perhaps a query, below it. */
    static URI below(URI endpoint, String path) {
        String base = endpoint.toString().replaceFirst("/+$", "");
        return URI.create(base + "/" + escaped(path.replaceFirst("^/+", "")));
    }

    /** What a URI may not hold (RFC 3986, section 2) is escaped, so that any setting makes one. */
    private static String escaped(String path) {
        return NOT_IN_A_URI
                .matcher(path)
                .replaceAll(
                        found ->
                                URLEncoder.encode(found.group(), StandardCharsets.UTF_8)
                                        .replace("+", "%20"));
    }
}
