package org.vipmanager.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.ShippedFlags;
import org.vipmanager.dcs.etcd.proto.KVGrpc;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnRequest;
import org.vipmanager.dcs.etcd.proto.TxnResponse;
import org.vipmanager.hostile.FaultyPeer.Manners;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Servers in etcd's place that never stop sending, against a process with the memory that the
 * program is shipped with.
 */
final class FloodTest {

    @TempDir private Path folder;

    /** One flood after the other, an etcd that is well, and after its end all of it again. */
    @Test
    @Timeout(300)
    void floodOfEveryKind_endsItsConnectionAndNothingElse() throws Exception {
        endsItsConnectionAndNothingElse("http", "", manners -> manners, etcd -> etcd);
    }

    /** The same by servers that the daemon has to trust first. */
    @Test
    @Timeout(300)
    void floodThroughTls_endsItsConnectionAndNothingElse() throws Exception {
        Issued issued = new TestAuthority(folder, "authority").issueFor("etcd", "IP:127.0.0.1");
        TlsFiles files =
                new TlsFiles(
                        Optional.of(issued.authority()),
                        Optional.of(issued.certificate()),
                        Optional.of(issued.key()));
        SSLSocketFactory sockets = TlsMaterial.load(files).context().getSocketFactory();
        endsItsConnectionAndNothingElse(
                "https",
                issued.authority().toString(),
                manners -> plain -> manners.speak(secured(sockets, plain)),
                etcd ->
                        etcd.useTransportSecurity(
                                issued.certificate().toFile(), issued.key().toFile()));
    }

    private static Socket secured(SSLSocketFactory sockets, Socket plain) throws IOException {
        SSLSocket secured = (SSLSocket) sockets.createSocket(plain, null, true);
        secured.setUseClientMode(false);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        secured.setSSLParameters(parameters);
        return secured;
    }

    private static void endsItsConnectionAndNothingElse(
            String scheme,
            String authority,
            UnaryOperator<Manners> wrap,
            UnaryOperator<NettyServerBuilder> secure)
            throws Exception {
        List<FaultyPeer> floods = new ArrayList<>();
        for (Http2Flood kind : Http2Flood.values()) {
            floods.add(new FaultyPeer(wrap.apply(kind.manners(false))));
        }
        floods.add(new FaultyPeer(wrap.apply(Http2Flood.PING.manners(true))));
        floods.add(new FaultyPeer(wrap.apply(Http2Flood.SETTINGS.manners(true))));
        Server well = secure.apply(etcdLedBy("pg1")).build().start();
        Server next = secure.apply(etcdLedBy("pg2")).build().start();
        List<String> floodUris =
                floods.stream().map(flood -> scheme + "://127.0.0.1:" + flood.port()).toList();
        List<String> arguments = new ArrayList<>(List.of(authority));
        arguments.addAll(floodUris);
        // Its certificates may be read for longer than the first is waited for, on a busy machine.
        arguments.add(floodUris.getFirst());
        arguments.add(scheme + "://127.0.0.1:" + well.getPort());
        arguments.addAll(floodUris);
        arguments.add(scheme + "://127.0.0.1:" + next.getPort());
        Process process = ShippedFlags.start(AttackedSource.class, arguments);
        try (BufferedReader output = process.inputReader()) {
            awaitSeen(output, "pg1");
            List<Integer> before = floods.stream().map(FaultyPeer::connections).toList();
            assertThat(before).allMatch(connections -> connections > 0);
            // It follows now, and is flooded again on its way to the next.
            well.shutdownNow().awaitTermination();
            awaitSeen(output, "pg2");
            for (int i = 0; i < floods.size(); i++) {
                assertThat(floods.get(i).connections()).isGreaterThan(before.get(i));
            }
        } finally {
            process.destroyForcibly().waitFor();
            well.shutdownNow().awaitTermination();
            next.shutdownNow().awaitTermination();
            floods.forEach(FaultyPeer::close);
        }
    }

    private static void awaitSeen(BufferedReader output, String value) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = output.readLine();
        while (line != null && !line.equals("seen " + value)) {
            lines.add(line);
            line = output.readLine();
        }
        assertThat(line).as("what comes after %s", lines).isNotNull();
        assertThat(lines).noneMatch(text -> text.contains("certificate"));
    }

    /** An etcd that is well. */
    private static NettyServerBuilder etcdLedBy(String leader) {
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new OneLeader(leader));
    }

    private static final class OneLeader extends KVGrpc.KVImplBase {

        private final String leader;

        OneLeader(String leader) {
            this.leader = leader;
        }

        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> receiver) {
            ByteString key = request.getSuccess(0).getRequestRange().getKey();
            KeyValue found =
                    KeyValue.newBuilder()
                            .setKey(key)
                            .setValue(ByteString.copyFromUtf8(leader))
                            .setModRevision(2)
                            .build();
            RangeResponse range = RangeResponse.newBuilder().addKvs(found).build();
            receiver.onNext(
                    TxnResponse.newBuilder()
                            .setHeader(ResponseHeader.newBuilder().setClusterId(1).setRevision(2))
                            .addResponses(ResponseOp.newBuilder().setResponseRange(range))
                            .build());
            receiver.onCompleted();
        }
    }
}
