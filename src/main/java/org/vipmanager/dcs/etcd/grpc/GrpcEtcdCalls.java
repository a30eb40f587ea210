package org.vipmanager.dcs.etcd.grpc;

import org.vipmanager.control.Loop;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.http.Origin;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Calls to a real etcd, over gRPC. */
public final class GrpcEtcdCalls implements EtcdCalls {

    static final int DEFAULT_PORT = 2379;

    private final Shared shared;
    private final Map<URI, Fetching<GrpcChannels.Opened>> openings = new HashMap<>();

    /** What one connection leaves to the next. */
    record Shared(
            Loop loop,
            GrpcChannels channels,
            Optional<String> user,
            Fetching<String> password,
            GrpcLogin.Token token,
            FirstAnswers firstAnswers) {}

    /** Starts the network thread; connects to nothing yet. */
    public GrpcEtcdCalls(Loop loop, EtcdAccess access) {
        shared =
                new Shared(
                        loop,
                        new GrpcChannels(access.tls()),
                        access.user(),
                        new Fetching<>(loop, access.password()::get, threads("etcd-password")),
                        new GrpcLogin.Token(),
                        new FirstAnswers());
    }

    /** An opening is for the newest connection to its endpoint: those before it were given up. */
    @Override
    public EtcdConnection connect(URI endpoint) {
        return open(endpoint);
    }

    /** The same, for more questions than a daemon has. */
    GrpcEtcdConnection open(URI endpoint) {
        GrpcEtcdConnection connection = new GrpcEtcdConnection(shared, endpoint);
        openings.computeIfAbsent(endpoint, this::opening)
                .fetch(endpoint, connection::opened, connection::cannotOpen);
        return connection;
    }

    private Fetching<GrpcChannels.Opened> opening(URI endpoint) {
        return new Fetching<>(
                shared.loop(),
                () -> shared.channels().open(Origin.of(endpoint, DEFAULT_PORT)),
                threads("etcd-connect"));
    }

    private static Executor threads(String name) {
        return task -> Thread.ofPlatform().daemon().name(name).start(task);
    }

    @Override
    public void close() {
        shared.channels().close();
    }
}
