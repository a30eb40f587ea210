package org.vipmanager.dcs.etcd;

import com.google.protobuf.ByteString;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.proto.KVGrpc;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnRequest;
import org.vipmanager.dcs.etcd.proto.TxnResponse;
import org.vipmanager.dcs.etcd.proto.WatchGrpc;
import org.vipmanager.dcs.etcd.proto.WatchRequest;
import org.vipmanager.dcs.etcd.proto.WatchResponse;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What passes for an etcd with one leader key, where a real one would be too slow to start. */
public final class AnsweringEtcd {

    /** The key and its value. */
    public static final Trigger TRIGGER = new Trigger("/leader", "pg1");

    private AnsweringEtcd() {}

    /**
     * A server on the loopback interface, not started yet.
     *
     * @param port 0 for any
     */
    public static NettyServerBuilder on(int port) {
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(new OneKey())
                .addService(new Silence());
    }

    /** Whatever is asked, there is one leader. */
    private static final class OneKey extends KVGrpc.KVImplBase {

        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> receiver) {
            KeyValue leader =
                    KeyValue.newBuilder()
                            .setKey(ByteString.copyFromUtf8(TRIGGER.key()))
                            .setValue(ByteString.copyFromUtf8(TRIGGER.value()))
                            .setModRevision(2)
                            .build();
            receiver.onNext(
                    TxnResponse.newBuilder()
                            .setHeader(ResponseHeader.newBuilder().setClusterId(1).setRevision(2))
                            .addResponses(
                                    ResponseOp.newBuilder()
                                            .setResponseRange(
                                                    RangeResponse.newBuilder().addKvs(leader)))
                            .build());
            receiver.onCompleted();
        }
    }

    /** Nothing ever changes. */
    private static final class Silence extends WatchGrpc.WatchImplBase {

        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> receiver) {
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }
}
