package org.vipmanager.dcs.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.proto.AuthGrpc;
import org.vipmanager.dcs.etcd.proto.AuthenticateRequest;
import org.vipmanager.dcs.etcd.proto.AuthenticateResponse;
import org.vipmanager.dcs.etcd.proto.KVGrpc;
import org.vipmanager.dcs.etcd.proto.LeaseGrpc;
import org.vipmanager.dcs.etcd.proto.WatchGrpc;
import org.vipmanager.tls.TlsFileException;

import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/**
 * A connection over gRPC: opened on a thread of its own, logged in if there is a user, then used.
 *
 * <p>Calls that come earlier wait, each until its deadline. Fields belong to the loop.
 */
final class GrpcEtcdConnection implements EtcdConnection {

    private static final Metadata.Key<String> HAS_LEADER = header("hasleader");
    private static final Metadata.Key<String> TOKEN = header("token");

    /** bcrypt takes 100 ms at the server, more when many log in at once. */
    private static final Duration LOGIN_DEADLINE = Duration.ofSeconds(10);

    private final Loop loop;
    private final GrpcChannels channels;
    private final EtcdAccess access;
    private final EndpointAddress address;
    private final GrpcFailures failures;

    private GrpcChannels.@Nullable Opened opened;
    private String password = "";
    private @Nullable String token;
    private boolean usable;
    private boolean answered;
    private boolean loggingIn;
    private @Nullable EtcdFailure broken;
    private boolean closed;
    private final List<GrpcCall<?, ?>> waiting = new ArrayList<>();

    GrpcEtcdConnection(Loop loop, GrpcChannels channels, EtcdAccess access, URI endpoint) {
        this.loop = loop;
        this.channels = channels;
        this.access = access;
        this.address = EndpointAddress.of(endpoint);
        this.failures = new GrpcFailures(endpoint, access.user());
        Thread.ofPlatform().daemon().name("etcd-connect").start(this::open);
    }

    @Override
    public void read(
            List<String> keys,
            Duration deadline,
            Consumer<EtcdRead> answered,
            Consumer<EtcdFailure> failed) {
        call(
                KVGrpc.getTxnMethod(),
                EtcdMessages.read(keys),
                "read " + named(keys),
                deadline,
                response -> answered.accept(EtcdMessages.read(keys, response)),
                failed);
    }

    @Override
    public void timeToLive(
            long leaseId,
            Duration deadline,
            Consumer<LeaseProof.Answer> answered,
            Consumer<EtcdFailure> failed) {
        call(
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                EtcdMessages.timeToLive(leaseId),
                "ask how long the lease of the leader key lasts (older servers demand read"
                        + " permission on every key of that lease)",
                deadline,
                response -> answered.accept(EtcdMessages.timeToLive(response)),
                failed);
    }

    @Override
    public EtcdWatch watch(List<String> keys, long startRevision, EtcdWatch.Listener listener) {
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
        return ready != null && channels.isOutdated(ready.material());
    }

    @Override
    public void close() {
        closed = true;
        usable = false;
        waiting.clear();
        if (opened != null) {
            opened.channel().shutdownNow();
        }
    }

    // ---- for the calls -----------------------------------------------------------------------

    /** Runs a task on the loop, unless the connection is closed before. */
    void execute(Runnable task) {
        loop.execute(
                () -> {
                    if (!closed) {
                        task.run();
                    }
                });
    }

    GrpcFailures failures() {
        return failures;
    }

    Metadata headers() {
        Metadata headers = new Metadata();
        headers.put(HAS_LEADER, "true");
        if (token != null) {
            headers.put(TOKEN, token);
        }
        return headers;
    }

    /** What every failure passes on its way to whoever asked. */
    EtcdFailure noted(EtcdFailure failure) {
        switch (failure.kind()) {
            case TOKEN_EXPIRED -> {
                token = null;
                usable = access.user().isEmpty();
            }
            case SILENT -> channels.wasSilent(address);
            case ENDED -> {
                return answered ? failure : failures.unwelcome();
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

    /** The endpoint has answered something. */
    void noteAnswer() {
        answered = true;
    }

    static String named(List<String> keys) {
        return keys.size() == 1
                ? "\"" + keys.getFirst() + "\""
                : "\"" + keys.getFirst() + "\" and " + (keys.size() - 1) + " more keys";
    }

    // ---- calling -----------------------------------------------------------------------------

    private <Q, A> void call(
            MethodDescriptor<Q, A> method,
            Q request,
            String what,
            Duration deadline,
            Consumer<A> answered,
            Consumer<EtcdFailure> failed) {
        GrpcCall<Q, A> call = new GrpcCall<>(this, method, request, what, answered, failed);
        call.expireAt(loop.at(loop.now().plus(deadline), () -> expired(call, deadline)));
        if (broken != null) {
            EtcdFailure reason = broken;
            execute(() -> call.fail(reason));
        } else if (usable && opened != null) {
            call.send(opened.channel());
        } else {
            waiting.add(call);
            logIn();
        }
    }

    private void expired(GrpcCall<?, ?> call, Duration deadline) {
        if (!closed) {
            waiting.remove(call);
            call.fail(
                    failures.of(
                            EtcdFailure.Kind.SILENT,
                            "no answer within " + deadline.toMillis() + " ms"));
        }
    }

    // ---- opening -----------------------------------------------------------------------------

    /** On a thread of its own: names, files and passwords may take their time. */
    private void open() {
        try {
            GrpcChannels.Opened ready = channels.open(address);
            try {
                String secret = access.user().isPresent() ? access.password().get() : "";
                loop.execute(() -> opened(ready, secret));
            } catch (RuntimeException e) {
                ready.channel().shutdownNow();
                throw e;
            }
        } catch (TlsFileException | SSLException e) {
            String trouble = String.valueOf(e.getMessage());
            execute(() -> broken(failures.of(EtcdFailure.Kind.TLS, trouble)));
        } catch (UnknownHostException e) {
            String trouble = "the host name " + address.host() + " cannot be resolved";
            execute(() -> broken(failures.of(EtcdFailure.Kind.UNREACHABLE, trouble)));
        } catch (RuntimeException e) {
            execute(() -> broken(failures.of(EtcdFailure.Kind.UNEXPECTED, e.toString())));
        }
    }

    private void opened(GrpcChannels.Opened ready, String secret) {
        ManagedChannel channel = ready.channel();
        if (closed) {
            channel.shutdownNow();
            return;
        }
        opened = ready;
        password = secret;
        if (access.user().isPresent()) {
            logIn();
        } else {
            use();
        }
    }

    private void logIn() {
        GrpcChannels.Opened ready = opened;
        if (ready == null || loggingIn || access.user().isEmpty()) {
            return;
        }
        loggingIn = true;
        String user = access.user().get();
        GrpcCall<AuthenticateRequest, AuthenticateResponse> call =
                new GrpcCall<>(
                        this,
                        AuthGrpc.getAuthenticateMethod(),
                        AuthenticateRequest.newBuilder()
                                .setName(user)
                                .setPassword(password)
                                .build(),
                        "log in",
                        response -> {
                            token = response.getToken();
                            use();
                        },
                        this::loginFailed);
        call.expireAt(
                loop.at(loop.now().plus(LOGIN_DEADLINE), () -> expired(call, LOGIN_DEADLINE)));
        call.send(ready.channel());
    }

    private void loginFailed(EtcdFailure failure) {
        if (failure.details().contains("authentication is not enabled")) {
            use();
        } else {
            broken(failure);
        }
    }

    private void use() {
        loggingIn = false;
        GrpcChannels.Opened ready = opened;
        if (ready == null) {
            return;
        }
        usable = true;
        Channel channel = ready.channel();
        List<GrpcCall<?, ?>> now = List.copyOf(waiting);
        waiting.clear();
        now.forEach(call -> call.send(channel));
    }

    private void broken(EtcdFailure failure) {
        loggingIn = false;
        broken = failure;
        List<GrpcCall<?, ?>> now = List.copyOf(waiting);
        waiting.clear();
        now.forEach(call -> call.fail(failure));
    }

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
