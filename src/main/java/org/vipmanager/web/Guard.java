package org.vipmanager.web;

import com.sun.net.httpserver.Headers;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who may read more than probes: with a token whoever shows it, and without one whoever names this
 * host as it is. A browser that was led here by a name of somebody else's, whose address was then
 * changed to ours (DNS rebinding), does not.
 *
 * @param names what this host is called
 * @param token to be shown as {@code Authorization: Bearer}
 */
record Guard(OwnNames names, Optional<Supplier<String>> token) {

    private static final String BEARER = "bearer ";

    /** What a browser can be asked for: the token is the password, whoever the user is. */
    private static final String BASIC = "basic ";

    /** Why the request is refused. */
    enum Refusal {
        NO_TOKEN,
        FOREIGN_NAME
    }

    Optional<Refusal> judge(Headers headers) {
        if (token.isPresent()) {
            return hasToken(headers.getFirst("Authorization"), token.get().get())
                    ? Optional.empty()
                    : Optional.of(Refusal.NO_TOKEN);
        }
        return isOwnName(headers.getFirst("Host"))
                ? Optional.empty()
                : Optional.of(Refusal.FOREIGN_NAME);
    }

    /** In a time that tells nothing about where the two differ. */
    private static boolean hasToken(@Nullable String shown, String wanted) {
        return shown != null
                && !wanted.isEmpty()
                && MessageDigest.isEqual(bytes(tokenIn(shown)), bytes(wanted));
    }

    /** Empty where there is none. */
    private static String tokenIn(String shown) {
        String scheme = shown.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BEARER)) {
            return shown.substring(BEARER.length()).strip();
        }
        return scheme.startsWith(BASIC) ? password(shown.substring(BASIC.length()).strip()) : "";
    }

    private static String password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** HTTP/1.0 names none. */
    private boolean isOwnName(@Nullable String written) {
        return written == null || names.contain(written);
    }
}
