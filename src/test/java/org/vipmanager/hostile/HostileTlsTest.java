package org.vipmanager.hostile;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.grpc.Server;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.consul.ConsulLeaderSource;
import org.vipmanager.dcs.consul.ConsulSettings;
import org.vipmanager.dcs.etcd.AnsweringEtcd;
import org.vipmanager.dcs.etcd.EtcdLeaderSource;
import org.vipmanager.dcs.etcd.EtcdPolicy;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;
import org.vipmanager.dcs.patroni.PatroniLeaderSource;
import org.vipmanager.dcs.patroni.PatroniSettings;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

/**
 * Etcd, Consul and Patroni, or what has taken their ports, speak TLS that is wrong in every way.
 */
final class HostileTlsTest {

    /** On a busy machine a handshake takes a second; the peer ends what is silent before. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private static final String ENTRY =
            "[{\"Key\":\"k\",\"Flags\":0,\"Value\":\"cGcx\",\"Session\":\"s\",\"CreateIndex\":39,"
                    + "\"ModifyIndex\":42}]";

    @TempDir private Path folder;
    private TlsFiles trust;
    private Issued good;
    private List<Issued> odd;

    @BeforeEach
    void issue() {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority stranger = new TestAuthority(folder, "stranger");
        trust =
                new TlsFiles(
                        Optional.of(authority.certificate()), Optional.empty(), Optional.empty());
        good = authority.issueFor("good", "IP:127.0.0.1");
        odd =
                List.of(
                        stranger.issueFor("stranger", "IP:127.0.0.1"),
                        authority.issueExpired("expired"),
                        authority.issueFor("another", "IP:127.0.0.2"),
                        authority.issueFor("none", ""),
                        authority.issueFor("many", "DNS:" + "x,DNS:".repeat(3000) + "x"),
                        authority.issueFor("\u001b[31m\u202e\u0007", ""));
    }

    @Test
    void etcd() throws Exception {
        Server server = etcd(good);
        List<Server> others = new ArrayList<>();
        for (Issued issued : odd) {
            others.add(etcd(issued));
        }
        try (Ordeal ordeal = new Ordeal(BrokenTls.passing(server.getPort()))) {
            EtcdPolicy policy = QuickSettings.etcd(uri(ordeal), TIMEOUT);
            EtcdAccess access = new EtcdAccess(Optional.empty(), () -> "", trust);
            LeaderSource source =
                    new EtcdLeaderSource(
                            ordeal.loop(), new GrpcEtcdCalls(ordeal.loop(), access), policy);
            BrokenTls broken =
                    new BrokenTls(server.getPort(), others.stream().map(Server::getPort).toList());
            ordeal.follow(source, AnsweringEtcd.TRIGGER, broken::manners);
        } finally {
            server.shutdownNow();
            others.forEach(Server::shutdownNow);
        }
    }

    @Test
    void consul() throws Exception {
        try (Https https = new Https(ENTRY);
                Ordeal ordeal = new Ordeal(BrokenTls.passing(https.start(good)))) {
            ConsulSettings settings = QuickSettings.consul(uri(ordeal), TIMEOUT);
            ordeal.follow(
                    new ConsulLeaderSource(ordeal.loop(), sender(ordeal), settings),
                    new Trigger("k", "pg1"),
                    broken(https)::manners);
        }
    }

    @Test
    void patroni() throws Exception {
        try (Https https = new Https("{\"state\": \"running\"}");
                Ordeal ordeal = new Ordeal(BrokenTls.passing(https.start(good)))) {
            PatroniSettings settings = QuickSettings.patroni(uri(ordeal), TIMEOUT);
            ordeal.follow(
                    new PatroniLeaderSource(ordeal.loop(), sender(ordeal), settings),
                    new Trigger("k", "200"),
                    broken(https)::manners);
        }
    }

    private static Server etcd(Issued issued) throws Exception {
        return AnsweringEtcd.on(0)
                .useTransportSecurity(issued.certificate().toFile(), issued.key().toFile())
                .build()
                .start();
    }

    private BrokenTls broken(Https https) throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (Issued issued : odd) {
            ports.add(https.start(issued));
        }
        return new BrokenTls(https.start(good), ports);
    }

    private static URI uri(Ordeal ordeal) {
        return URI.create("https://127.0.0.1:" + ordeal.peer().port());
    }

    private SocketHttpSender sender(Ordeal ordeal) throws Exception {
        SSLContext context = TlsMaterial.load(trust).context();
        return new SocketHttpSender(
                ordeal.loop(), new SocketHttpSender.Limits(TIMEOUT, 1 << 20), () -> context);
    }

    /** Servers that give one answer to everything, each with a certificate of its own. */
    private static final class Https implements AutoCloseable {

        /** What a server remembers is in the same heap as what the source does. */
        private static final int MOST_SESSIONS = 16;

        static {
            // Each keeps the buffers of a connection that was cut off, for half a minute.
            System.setProperty("sun.net.httpserver.maxIdleConnections", "8");
            System.setProperty("sun.net.httpserver.maxReqTime", "2");
            System.setProperty("sun.net.httpserver.maxRspTime", "2");
            System.setProperty("sun.net.httpserver.idleInterval", "1");
        }

        private final byte[] answer;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<HttpsServer> servers = new ArrayList<>();

        Https(String answer) {
            this.answer = answer.getBytes(StandardCharsets.UTF_8);
        }

        int start(Issued issued) throws Exception {
            TlsFiles own =
                    new TlsFiles(
                            Optional.of(issued.authority()),
                            Optional.of(issued.certificate()),
                            Optional.of(issued.key()));
            HttpsServer server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            SSLContext context = TlsMaterial.load(own).context();
            context.getServerSessionContext().setSessionCacheSize(MOST_SESSIONS);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            server.setExecutor(threads);
            server.createContext(
                    "/",
                    exchange -> {
                        try (exchange) {
                            if (String.valueOf(exchange.getRequestURI()).contains("index=")) {
                                pause(); // as long as nothing changes
                            }
                            exchange.getResponseHeaders().add("X-Consul-Index", "42");
                            exchange.sendResponseHeaders(200, answer.length);
                            exchange.getResponseBody().write(answer);
                        }
                    });
            server.start();
            servers.add(server);
            return server.getAddress().getPort();
        }

        private static void pause() {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            servers.forEach(server -> server.stop(0));
            threads.shutdownNow();
        }
    }
}
