package org.vipmanager.dcs.etcd;

import io.grpc.Metadata;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * The token by which the user is known, kept from one connection to the next.
 *
 * <p>All members of a cluster know it, until they restart or it expires. A login costs the server
 * 100 ms of bcrypt and more where many log in at once: one that took too long is given more time
 * the next time. Belongs to the loop.
 */
final class LoginToken {

    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(16);

    private static final Metadata.Key<String> HAS_LEADER = header("hasleader");
    private static final Metadata.Key<String> TOKEN = header("token");

    private @Nullable String token;
    private Duration patience = SHORTEST_PATIENCE;

    Optional<String> value() {
        return Optional.ofNullable(token);
    }

    /** How long to wait for a login. */
    Duration patience() {
        return patience;
    }

    void obtained(String value) {
        token = value;
        patience = SHORTEST_PATIENCE;
    }

    /**
     * The server does not know a token any more.
     *
     * @param refused which one; a newer one stays
     */
    void forget(Optional<String> refused) {
        if (refused.equals(value())) {
            token = null;
        }
    }

    /** What is sent with a call; a member without a leader must say so instead of waiting. */
    static Metadata headers(Optional<String> token) {
        Metadata headers = new Metadata();
        headers.put(HAS_LEADER, "true");
        token.ifPresent(value -> headers.put(TOKEN, value));
        return headers;
    }

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    void tookTooLong() {
        if (patience.compareTo(LONGEST_PATIENCE) < 0) {
            patience = patience.multipliedBy(2);
        }
    }
}
