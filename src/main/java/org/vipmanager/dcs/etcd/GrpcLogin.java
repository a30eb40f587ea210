package org.vipmanager.dcs.etcd;

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
}
