package org.vipmanager.dcs.etcd.grpc;

import io.grpc.CallOptions;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdFailure;
import org.vipmanager.dcs.etcd.proto.KVGrpc;
import org.vipmanager.dcs.etcd.proto.LeaseGrpc;
import org.vipmanager.dcs.etcd.proto.WatchGrpc;
import org.vipmanager.http.Origin;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection over gRPC: opened elsewhere, logged in if there is a user, then used.
 *
 * <p>Calls that come earlier wait, each until its deadline, to which the {@link FirstAnswers} add.
 * Fields belong to the loop.
 */
final class GrpcEtcdConnection implements EtcdConnection {

    private final GrpcEtcdCalls.Shared shared;
    private final URI endpoint;
    private final Origin server;
    private final GrpcFailures failures;
    private final GrpcLogin login;

    private GrpcChannels.@Nullable Opened opened;
    private boolean usable;
    private boolean answered;
    private @Nullable EtcdFailure broken;
    private boolean closed;
    private final List<GrpcCall<?, ?, ?>> waiting = new ArrayList<>();

    GrpcEtcdConnection(GrpcEtcdCalls.Shared shared, URI endpoint) {
        this.shared = shared;
        this.endpoint = endpoint;
        this.server = Origin.of(endpoint, GrpcEtcdCalls.DEFAULT_PORT);
        this.failures = new GrpcFailures(endpoint, shared.user());
        this.login = new GrpcLogin(this, shared);
    }

    @Override
    public void read(
            List<String> keys,
            Duration deadline,
            Consumer<EtcdConnection.Answer> answered,
            Consumer<EtcdFailure> failed) {
        call(
                new GrpcCall.Question<>(
                        KVGrpc.getTxnMethod(),
                        EtcdMessages.read(keys),
                        "read " + EtcdMessages.named(keys),
                        deadline,
                        response -> EtcdMessages.read(keys, response)),
                answered,
                failed);
    }

    @Override
    public void timeToLive(
            long leaseId,
            Duration deadline,
            Consumer<LeaseProof.Answer> answered,
            Consumer<EtcdFailure> failed) {
        call(
                new GrpcCall.Question<>(
                        LeaseGrpc.getLeaseTimeToLiveMethod(),
                        EtcdMessages.timeToLive(leaseId),
                        "ask how long the lease of the leader key lasts (older servers demand read"
                                + " permission on every key of that lease)",
                        deadline,
                        response -> EtcdMessages.timeToLive(leaseId, response)),
                answered,
                failed);
    }

    @Override
    public Watch watch(List<String> keys, long startRevision, WatchListener listener) {
        GrpcWatch watch = new GrpcWatch(this, keys, startRevision, listener);
        GrpcChannels.Opened ready = opened;
        if (ready != null && usable) {
            watch.start(ready.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT));
        } else {
            EtcdFailure reason =
                    broken != null
                            ? broken
                            : failures.of(EtcdFailure.Kind.ENDED, "there is no connection yet");
            execute(() -> watch.fail(reason));
        }
        return watch;
    }

    @Override
    public boolean isOutdated() {
        GrpcChannels.Opened ready = opened;
        return ready != null && shared.channels().isOutdated(ready.material());
    }

    @Override
    public void close() {
        closed = true;
        usable = false;
        waiting.clear();
        login.giveUp();
        if (opened != null) {
            opened.channel().shutdownNow();
        }
    }

    // ---- for the calls -----------------------------------------------------------------------

    /** Runs a task on the loop, unless the connection is closed before. */
    void execute(Runnable task) {
        shared.loop()
                .execute(
                        () -> {
                            if (!closed) {
                                task.run();
                            }
                        });
    }

    boolean isClosed() {
        return closed;
    }

    GrpcFailures failures() {
        return failures;
    }

    /** The token that a call is sent with; by the time it fails there may be another. */
    Optional<String> token() {
        return shared.token().value();
    }

    /**
     * What every failure passes on its way to whoever asked.
     *
     * @param sentWith the token of the call
     */
    EtcdFailure noted(EtcdFailure failure, Optional<String> sentWith) {
        switch (failure.kind()) {
            case TOKEN_EXPIRED -> {
                shared.token().forget(sentWith);
                usable = login.isOver();
            }
            case SILENT -> shared.channels().wasSilent(server);
            case ENDED -> {
                return answered ? failure : failures.unwelcome(failure, heard(), isKnown());
            }
            case UNREACHABLE,
                    NO_LEADER,
                    COMPACTED,
                    LOGIN_REFUSED,
                    PERMISSION_DENIED,
                    TLS,
                    UNEXPECTED -> {}
        }
        return failure;
    }

    private FloodGuard.Heard heard() {
        GrpcChannels.Opened ready = opened;
        return ready == null ? FloodGuard.Heard.NOTHING : ready.sockets().heard();
    }

    private boolean isKnown() {
        return shared.firstAnswers().hasAnswered(endpoint);
    }

    /** The endpoint has answered something. */
    void noteAnswer() {
        if (!answered) {
            answered = true;
            shared.firstAnswers().answered(endpoint);
        }
    }

    // ---- calling -----------------------------------------------------------------------------

    <Q, A, R> void call(
            GrpcCall.Question<Q, A, R> question,
            Consumer<R> answered,
            Consumer<EtcdFailure> failed) {
        GrpcCall<Q, A, R> call = new GrpcCall<>(this, question, answered, failed);
        expire(call, addition());
        if (broken != null) {
            EtcdFailure reason = broken;
            execute(() -> call.fail(reason));
        } else if (usable && opened != null) {
            call.send(opened.channel());
        } else {
            waiting.add(call);
            logInIfOpened();
        }
    }

    private Duration addition() {
        return answered ? Duration.ZERO : shared.firstAnswers().addition(endpoint);
    }

    private void expire(GrpcCall<?, ?, ?> call, Duration addition) {
        Duration patience = call.deadline().plus(addition);
        Loop loop = shared.loop();
        call.expireAt(loop.at(loop.now().plus(patience), () -> expired(call, patience)));
    }

    private void expired(GrpcCall<?, ?, ?> call, Duration waited) {
        boolean waitsForLogin = login.isAsking() && waiting.contains(call);
        if (!closed && !waitsForLogin) {
            waiting.remove(call);
            GrpcChannels.Opened ready = opened;
            // A login has a patience of its own, and of a file the endpoint knows nothing.
            boolean unanswered = !answered && !login.isAsking() && !login.isFetching();
            if (unanswered && ready != null && ready.sockets().isConnected()) {
                shared.firstAnswers().tookTooLong(endpoint, call.deadline(), waited);
            }
            call.fail(
                    failures.of(
                            EtcdFailure.Kind.SILENT,
                            "no answer within " + call.deadline().toMillis() + " ms"));
        }
    }

    // ---- opening -----------------------------------------------------------------------------

    void opened(GrpcChannels.Opened ready) {
        if (closed) {
            ready.channel().shutdownNow();
            return;
        }
        opened = ready;
        if (login.isOver()) {
            use();
        } else {
            login.begin();
        }
    }

    void cannotOpen(Throwable why) {
        if (!closed) {
            broken(failures.of(why));
        }
    }

    private void logInIfOpened() {
        if (opened != null) {
            login.begin();
        }
    }

    /** Nothing stands in the way of the calls any more. */
    void use() {
        usable = opened != null;
        if (usable) {
            takeWaiting().forEach(call -> send(call, addition())); // the login took their time
        }
    }

    /** Sends a call, and gives it its time from now on. */
    void send(GrpcCall<?, ?, ?> call, Duration addition) {
        GrpcChannels.Opened ready = opened;
        if (ready != null) {
            expire(call, addition);
            call.send(ready.channel());
        }
    }

    void broken(EtcdFailure failure) {
        broken = failure;
        takeWaiting().forEach(call -> call.fail(failure));
    }

    private List<GrpcCall<?, ?, ?>> takeWaiting() {
        List<GrpcCall<?, ?, ?>> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }
}
