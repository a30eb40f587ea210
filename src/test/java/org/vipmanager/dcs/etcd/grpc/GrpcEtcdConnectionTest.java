package org.vipmanager.dcs.etcd.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.RealTime;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdFailure;
import org.vipmanager.dcs.etcd.proto.AuthGrpc;
import org.vipmanager.dcs.etcd.proto.AuthenticateRequest;
import org.vipmanager.dcs.etcd.proto.AuthenticateResponse;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a connection promises to whoever asks, whatever the server does. */
final class GrpcEtcdConnectionTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final DecisionLoop loop = new DecisionLoop(new RealTime(), Duration.ofHours(1));
    private final List<EtcdFailure> told = new ArrayList<>();
    private Server server;
    private GrpcEtcdCalls calls;

    @BeforeEach
    void serverThatKnowsNoUser() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = NettyServerBuilder.forAddress(any).addService(new NoUsers()).build().start();
        EtcdAccess access = new EtcdAccess(Optional.of("vip"), () -> "secret", TlsFiles.NONE);
        calls = new GrpcEtcdCalls(loop, access);
        Thread.ofPlatform().daemon().name("loop").start(loop::run);
    }

    @AfterEach
    void end() throws InterruptedException {
        loop.execute(
                () -> {
                    calls.close();
                    loop.stop();
                });
        server.shutdownNow().awaitTermination();
    }

    /** One login fails, and whoever hears of it first closes the connection. */
    @Test
    void callsThatWaitForALogin_areNotToldOnceTheFirstHasClosedTheConnection() throws Exception {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        loop.execute(
                () -> {
                    URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
                    EtcdConnection connection = calls.connect(endpoint);
                    for (int i = 0; i < 5; i++) {
                        connection.read(
                                List.of("/k" + i),
                                DEADLINE,
                                read -> {},
                                failure -> {
                                    told.add(failure);
                                    connection.close();
                                    loop.execute(() -> count.complete(told.size()));
                                });
                    }
                });

        assertThat(count.get(20, TimeUnit.SECONDS)).isOne();
        assertThat(told.getFirst().kind()).isEqualTo(EtcdFailure.Kind.LOGIN_REFUSED);
    }

    private static final class NoUsers extends AuthGrpc.AuthImplBase {

        @Override
        public void authenticate(
                AuthenticateRequest request, StreamObserver<AuthenticateResponse> receiver) {
            receiver.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription(
                                    "etcdserver: authentication failed, invalid user ID or"
                                            + " password")
                            .asRuntimeException());
        }
    }
}
