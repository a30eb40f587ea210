package org.vipmanager.dcs.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** One question and its one answer. Belongs to the loop; gRPC's thread only hands over. */
final class GrpcCall<Q, A> {

    private final GrpcEtcdConnection connection;
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final String what;
    private final Duration deadline;
    private final Consumer<A> answered;
    private final Consumer<EtcdFailure> failed;
    private Loop.@Nullable Alarm expiry;
    private @Nullable ClientCall<Q, A> sent;
    private Optional<String> sentWith = Optional.empty();
    private boolean done;

    GrpcCall(
            GrpcEtcdConnection connection,
            MethodDescriptor<Q, A> method,
            Q request,
            String what,
            Duration deadline,
            Consumer<A> answered,
            Consumer<EtcdFailure> failed) {
        this.connection = connection;
        this.method = method;
        this.request = request;
        this.what = what;
        this.deadline = deadline;
        this.answered = answered;
        this.failed = failed;
    }

    Duration deadline() {
        return deadline;
    }

    /** Sets the alarm that ends it, instead of the one before. */
    void expireAt(Loop.Alarm alarm) {
        if (expiry != null) {
            expiry.cancel();
        }
        expiry = alarm;
    }

    void send(Channel channel) {
        ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
        sent = call;
        sentWith = connection.token();
        call.start(new Listener(), GrpcEtcdConnection.headers(sentWith));
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    void fail(EtcdFailure failure) {
        if (finish()) {
            if (sent != null) {
                sent.cancel("given up", null);
            }
            failed.accept(connection.noted(failure, sentWith));
        }
    }

    private void succeed(A answer) {
        if (finish()) {
            connection.noteAnswer();
            answered.accept(answer);
        }
    }

    private boolean finish() {
        if (done) {
            return false;
        }
        done = true;
        if (expiry != null) {
            expiry.cancel();
        }
        return true;
    }

    /** Called by gRPC on its network thread. */
    private final class Listener extends ClientCall.Listener<A> {
        private @Nullable A answer;

        @Override
        public void onMessage(A message) {
            answer = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            A received = answer;
            if (status.isOk() && received != null) {
                connection.execute(() -> succeed(received));
            } else {
                EtcdFailure failure = connection.failures().of(status, what);
                connection.execute(() -> fail(failure));
            }
        }
    }
}
