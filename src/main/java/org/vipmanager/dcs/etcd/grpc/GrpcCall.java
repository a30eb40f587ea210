package org.vipmanager.dcs.etcd.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.dcs.etcd.EtcdFailure;

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

    /**
     * What is asked.
     *
     * @param what in words, such as {@code read "/leader"}
     * @param reading takes the answer apart; empty when it makes no sense
     */
    record Question<Q, A, R>(
            MethodDescriptor<Q, A> method,
            Q request,
            String what,
            Duration deadline,
            Function<A, Optional<R>> reading) {}

    private final GrpcEtcdConnection connection;
    private final Question<Q, A, R> question;
    private final Consumer<R> answered;
    private final Consumer<EtcdFailure> failed;
    private Loop.@Nullable Alarm expiry;
    private @Nullable ClientCall<Q, A> sent;
    private Optional<String> sentWith = Optional.empty();
    private boolean done;

    GrpcCall(
            GrpcEtcdConnection connection,
            Question<Q, A, R> question,
            Consumer<R> answered,
            Consumer<EtcdFailure> failed) {
        this.connection = connection;
        this.question = question;
        this.answered = answered;
        this.failed = failed;
    }

    Duration deadline() {
        return question.deadline();
    }

    /** Sets the alarm that ends it, instead of the one before. */
    void expireAt(Loop.Alarm alarm) {
        if (expiry != null) {
            expiry.cancel();
        }
        expiry = alarm;
    }

    void send(Channel channel) {
        ClientCall<Q, A> call = channel.newCall(question.method(), CallOptions.DEFAULT);
        sent = call;
        sentWith = connection.token();
        call.start(new Listener(), GrpcLogin.Token.headers(sentWith));
        call.request(2);
        call.sendMessage(question.request());
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
            answer = question.reading().apply(message).orElse(null);
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
                                ? connection.failures().nonsense(question.what())
                                : connection.failures().of(status, question.what());
                connection.execute(() -> fail(failure));
            }
        }
    }
}
