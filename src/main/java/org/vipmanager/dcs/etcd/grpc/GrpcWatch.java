package org.vipmanager.dcs.etcd.grpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

import org.jspecify.annotations.Nullable;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdFailure;
import org.vipmanager.dcs.etcd.proto.WatchRequest;
import org.vipmanager.dcs.etcd.proto.WatchResponse;

import java.util.List;
import java.util.Optional;

/**
 * The watches of all keys on one stream. When the server ends one of them, all are over.
 *
 * <p>Belongs to the loop; gRPC's thread only hands over.
 */
final class GrpcWatch implements EtcdConnection.Watch {

    private final GrpcEtcdConnection connection;
    private final List<String> keys;
    private final long startRevision;
    private final EtcdConnection.WatchListener listener;
    private @Nullable ClientCall<WatchRequest, WatchResponse> stream;
    private Optional<String> sentWith = Optional.empty();
    private boolean over;

    GrpcWatch(
            GrpcEtcdConnection connection,
            List<String> keys,
            long startRevision,
            EtcdConnection.WatchListener listener) {
        this.connection = connection;
        this.keys = keys;
        this.startRevision = startRevision;
        this.listener = listener;
    }

    void start(ClientCall<WatchRequest, WatchResponse> call) {
        stream = call;
        sentWith = connection.token();
        call.start(new StreamListener(), GrpcLogin.Token.headers(sentWith));
        call.request(1);
        for (String key : keys) {
            call.sendMessage(EtcdMessages.watch(key, startRevision));
        }
    }

    @Override
    public void askWhetherAlive() {
        if (!over && stream != null) {
            stream.sendMessage(EtcdMessages.progress());
        }
    }

    void fail(EtcdFailure failure) {
        if (!over) {
            close();
            listener.ended(connection.noted(failure, sentWith));
        }
    }

    @Override
    public void close() {
        over = true;
        if (stream != null) {
            stream.cancel("no longer watched", null);
        }
    }

    private void received(WatchResponse response) {
        if (over || stream == null) {
            return;
        }
        if (response.getCanceled()) {
            fail(
                    connection
                            .failures()
                            .ofCanceled(
                                    response.getCancelReason(),
                                    response.getCompactRevision() != 0,
                                    "watch " + EtcdMessages.named(keys)));
            return;
        }
        stream.request(1);
        if (response.getEventsCount() > 0) {
            listener.changed(response.getHeader().getClusterId(), EtcdMessages.changes(response));
        } else if (!response.getCreated()) {
            listener.alive();
        }
    }

    /** Called by gRPC on its network thread. */
    private final class StreamListener extends ClientCall.Listener<WatchResponse> {

        @Override
        public void onMessage(WatchResponse response) {
            connection.execute(() -> received(response));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            EtcdFailure failure =
                    status.isOk()
                            ? connection
                                    .failures()
                                    .of(EtcdFailure.Kind.ENDED, "the server ended the watch")
                            : connection.failures().of(status, "watch the keys");
            connection.execute(() -> fail(failure));
        }
    }
}
