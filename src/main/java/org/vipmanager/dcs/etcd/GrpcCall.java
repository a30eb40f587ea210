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
import java.util.function.Function;

/**
 * One question and its one answer. Belongs to the loop; gRPC's thread reads the answer and hands it
 * over: what a server puts into a message beside what was asked for is not kept.
 *
 * @param <Q> the question's message
 * @param <A> the answer's message
 * @param <R> what is read from it
 */
final class GrpcCall<Q, A, R> {

    private final GrpcEtcdConnection connection;
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final String what;
    private final Duration deadline;
    private final Function<A, Optional<R>> reading;
    private final Consumer<R> answered;
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
            Function<A, Optional<R>> reading,
            Consumer<R> answered,
            Consumer<EtcdFailure> failed) {
        this.connection = connection;
        this.method = method;
        this.request = request;
        this.what = what;
        this.deadline = deadline;
        this.reading = reading;
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

    private void succeed(R answer) {
        if (finish()) {
            connection.noteAnswer();
            answered.accept(answer);
        }
    }

    private boolean finish() {
        if (done || connection.isClosed()) {
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
        private @Nullable R answer;
        private boolean makesNoSense;

        @Override
        public void onMessage(A message) {
            answer = reading.apply(message).orElse(null);
            makesNoSense = answer == null;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            R received = answer;
            if (status.isOk() && received != null) {
                connection.execute(() -> succeed(received));
            } else {
                EtcdFailure failure =
                        status.isOk() && makesNoSense
                                ? connection.failures().nonsense(what)
                                : connection.failures().of(status, what);
                connection.execute(() -> fail(failure));
            }
        }
    }
}
