package org.vipmanager.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vipmanager.ShippedFlags;
import org.vipmanager.dcs.etcd.proto.KVGrpc;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnRequest;
import org.vipmanager.dcs.etcd.proto.TxnResponse;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers in etcd's place that never stop sending, against a process with the memory that the
 * program is shipped with.
 */
final class FloodTest {

    /** One flood after the other, and at the end of the list an etcd that is well. */
    @Test
    @Timeout(300)
    void floodOfEveryKind_endsItsConnectionAndNothingElse() throws Exception {
        List<FaultyPeer> floods = new ArrayList<>();
        for (Http2Flood kind : Http2Flood.values()) {
            floods.add(new FaultyPeer(kind.manners(false)));
        }
        floods.add(new FaultyPeer(Http2Flood.PING.manners(true)));
        floods.add(new FaultyPeer(Http2Flood.SETTINGS.manners(true)));
        Server well =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new OneLeader())
                        .build()
                        .start();
        List<String> endpoints = new ArrayList<>();
        floods.forEach(flood -> endpoints.add("http://127.0.0.1:" + flood.port()));
        endpoints.add("http://127.0.0.1:" + well.getPort());
        Process process = ShippedFlags.start(AttackedSource.class, endpoints);
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.startsWith("seen")) {
                lines.add(line);
                line = output.readLine();
            }
            assertThat(line).as("what comes after %s", lines).isEqualTo("seen pg1");
            assertThat(floods).allMatch(flood -> flood.connections() > 0);
        } finally {
            process.destroyForcibly().waitFor();
            well.shutdownNow().awaitTermination();
            floods.forEach(FaultyPeer::close);
        }
    }

    private static final class OneLeader extends KVGrpc.KVImplBase {

        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> receiver) {
            ByteString key = request.getSuccess(0).getRequestRange().getKey();
            KeyValue leader =
                    KeyValue.newBuilder()
                            .setKey(key)
                            .setValue(ByteString.copyFromUtf8("pg1"))
                            .setModRevision(2)
                            .build();
            RangeResponse range = RangeResponse.newBuilder().addKvs(leader).build();
            receiver.onNext(
                    TxnResponse.newBuilder()
                            .setHeader(ResponseHeader.newBuilder().setClusterId(1).setRevision(2))
                            .addResponses(ResponseOp.newBuilder().setResponseRange(range))
                            .build());
            receiver.onCompleted();
        }
    }
}
