package org.vipmanager.dcs.etcd.grpc;

import io.grpc.Metadata;

import org.jspecify.annotations.Nullable;
import org.vipmanager.dcs.etcd.EtcdFailure;
import org.vipmanager.dcs.etcd.proto.AuthGrpc;
import org.vipmanager.dcs.etcd.proto.AuthenticateRequest;
import org.vipmanager.dcs.etcd.proto.AuthenticateResponse;

import java.time.Duration;
import java.util.Optional;

/**
 * Logs the user of one connection in: fetches the password, and has it exchanged for the token that
 * all connections share. Belongs to the loop.
 */
final class GrpcLogin {

    private final GrpcEtcdConnection connection;
    private final GrpcEtcdCalls.Shared shared;
    private boolean fetching;
    private boolean asking;

    GrpcLogin(GrpcEtcdConnection connection, GrpcEtcdCalls.Shared shared) {
        this.connection = connection;
        this.shared = shared;
    }

    /** Whether nobody has to log in, or somebody has. */
    boolean isOver() {
        return shared.user().isEmpty() || shared.token().value().isPresent();
    }

    /** Whether the password is being fetched, of which the endpoint knows nothing. */
    boolean isFetching() {
        return fetching;
    }

    /** Whether the endpoint is being asked, for which a login has a patience of its own. */
    boolean isAsking() {
        return asking;
    }

    void begin() {
        if (!fetching && !asking && shared.user().isPresent()) {
            fetching = true;
            shared.password().fetch(this, this::logIn, this::cannotLogIn);
        }
    }

    /** Nobody needs it any more. */
    void giveUp() {
        shared.password().forget(this);
    }

    private void cannotLogIn(Throwable why) {
        fetching = false;
        connection.broken(connection.failures().of(why));
    }

    private void logIn(String password) {
        fetching = false;
        if (connection.isClosed()) {
            return;
        }
        asking = true;
        GrpcCall<AuthenticateRequest, AuthenticateResponse, String> login =
                new GrpcCall<>(
                        connection,
                        new GrpcCall.Question<>(
                                AuthGrpc.getAuthenticateMethod(),
                                EtcdMessages.logIn(shared.user().orElseThrow(), password),
                                "log in",
                                shared.token().patience(),
                                response -> Optional.of(response.getToken())),
                        this::obtained,
                        this::failed);
        connection.send(login, Duration.ZERO);
    }

    private void obtained(String token) {
        asking = false;
        shared.token().obtained(token);
        connection.use();
    }

    private void failed(EtcdFailure failure) {
        asking = false;
        if (failure.details().contains("authentication is not enabled")) {
            connection.use();
            return;
        }
        if (failure.kind() == EtcdFailure.Kind.SILENT) {
            shared.token().tookTooLong();
        }
        connection.broken(failure);
    }

    /**
     * The token by which the user is known, kept from one connection to the next.
     *
     * <p>All members of a cluster know it, until they restart or it expires. A login costs the
     * server 100 ms of bcrypt and more where many log in at once: one that took too long is given
     * more time the next time. Belongs to the loop.
     */
    static final class Token {

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
}
