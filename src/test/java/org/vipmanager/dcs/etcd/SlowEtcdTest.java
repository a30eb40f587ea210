package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An etcd that answers each question in time, though not the first one of a connection, before
 * which the connection has to be set up.
 */
final class SlowEtcdTest {

    private static final Trigger TRIGGER = AnsweringEtcd.TRIGGER;

    @TempDir Path folder;

    @Test
    void connectionThatTakesLongerThanAnAnswerMay_isWaitedForAtTheNextAttempt() throws Exception {
        Duration timeout = Duration.ofMillis(800);
        try (Running server = new Running(AnsweringEtcd.on(0));
                SlowNetwork network = new SlowNetwork(server.port(), Duration.ofMillis(300));
                LiveSource source =
                        follow(
                                timeout,
                                EtcdAccess.ANONYMOUS,
                                "http://127.0.0.1:" + network.port())) {
            source.awaitValue("pg1");
            assertThat(source.failures).allMatch(text -> text.contains("within 800 ms"));
            assertThat(source.failures).as("it was not known before").isNotEmpty();

            source.restart();
            Sighting again = source.awaitFreshRead();
            assertThat(again.asOf().until(again.receivedAt()))
                    .as(
                            "from the sending: there and back, and the connection if it waited for that")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(600));
        }
    }

    @Test
    void tlsThatTakesLongerThanAnAnswerMay_isWaitedForSoonerOrLater() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority.Issued issued = authority.issue("etcd", TestAuthority.KeyKind.EC_PKCS8);
        NettyServerBuilder builder =
                AnsweringEtcd.on(0)
                        .useTransportSecurity(issued.certificate().toFile(), issued.key().toFile());
        TlsFiles trust =
                new TlsFiles(
                        Optional.of(authority.certificate()), Optional.empty(), Optional.empty());
        try (Running server = new Running(builder);
                SlowNetwork network = new SlowNetwork(server.port(), Duration.ofMillis(200));
                LiveSource source =
                        follow(
                                Duration.ofMillis(600),
                                new EtcdAccess(Optional.empty(), () -> "", trust),
                                "https://127.0.0.1:" + network.port())) {
            source.awaitValue("pg1");
            assertThat(source.failures).allMatch(text -> text.contains("within 600 ms"));
            assertThat(source.failures).isNotEmpty();
        }
    }

    /**
     * It accepts connections, as the kernel does for a process that is frozen, and says nothing. If
     * it kept what was added to its time, the third round would wait for it for 7.5 s.
     */
    @Test
    void silentEndpoint_costsOneDeadlineEachTime() throws Exception {
        try (Running server = new Running(AnsweringEtcd.on(0));
                ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                LiveSource source =
                        follow(
                                Duration.ofMillis(1500),
                                EtcdAccess.ANONYMOUS,
                                "http://127.0.0.1:" + silent.getLocalPort(),
                                "http://127.0.0.1:" + server.port())) {
            source.awaitValue("pg1");
            for (int i = 0; i < 3; i++) {
                source.failures.clear();
                server.stop();
                source.awaitFailure("connection refused");
                Moment refused = LiveSource.now();
                server.start();
                Sighting next = source.awaitFreshRead();
                assertThat(source.failures).anyMatch(text -> text.contains("within 1500 ms"));
                assertThat(refused.until(next.receivedAt())).isLessThan(Duration.ofSeconds(6));
            }
        }
    }

    private static LiveSource follow(Duration timeout, EtcdAccess access, String... endpoints) {
        List<URI> uris = List.of(endpoints).stream().map(URI::create).toList();
        EtcdPolicy policy =
                new EtcdPolicy(uris, LiveSource.INTERVAL, timeout, 3, Duration.ofMillis(100), true);
        return LiveSource.follow(policy, access, TRIGGER);
    }

    /** A server that runs until it is closed. */
    private static final class Running implements AutoCloseable {
        private final int port;
        private Server server;

        Running(NettyServerBuilder builder) throws IOException {
            server = builder.build().start();
            port = server.getPort();
        }

        int port() {
            return port;
        }

        void stop() throws InterruptedException {
            server.shutdownNow().awaitTermination();
        }

        void start() throws IOException {
            server = AnsweringEtcd.on(port).build().start();
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
