package org.vipmanager.web.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.control.RealTime;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.status.Snapshots;
import org.vipmanager.status.StatusReader;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;
import org.vipmanager.web.WebServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/** Peers over real sockets that are broken in every way, each beside one that is not. */
final class PeerReaderTest {

    private static final String GOOD = RawPeer.status("pg2", "10.0.0.1", "standby", false, "pg1");

    @TempDir private Path folder;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void faults_areThePeersOwn() {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("", "did not answer within 2000 ms");
        answers.put("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(3 << 20), "more than 1048576 bytes");
        answers.put("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(100_000), "");
        answers.put("nonsense\r\n\r\n", "");
        answers.put(reply(200, "{"), "no status of a vip-manager");
        answers.put(reply(200, "[1,2]"), "no status of a vip-manager");
        answers.put(reply(200, "{\"schema\":1}"), "no status of a vip-manager");
        answers.put(reply(200, "[".repeat(100_000)), "no status of a vip-manager");
        answers.put(reply(200, "[" + "1,".repeat(200_000) + "1]"), "no status of a vip-manager");
        answers.put(reply(200, "{\"error\":\"it hangs\"}"), "it hangs");
        answers.put(reply(200, GOOD.replace("\"schema\":1", "\"schema\":2")), "newer version");
        answers.put(reply(302, ""), "status 302");
        answers.put(reply(401, ""), "http-token-file");
        answers.put(reply(403, ""), "its own host name");
        answers.put(reply(503, "the daemon has not looked"), "503: the daemon has not looked");
        List<URI> peers = new ArrayList<>();
        answers.keySet().forEach(answer -> peers.add(keep(RawPeer.answering(answer)).uri()));
        peers.add(keep(RawPeer.withBody(200, GOOD)).uri());
        peers.add(URI.create("http://127.0.0.1:1"));
        PeerReader reader = reader(peers, TlsContexts.SYSTEM);

        List<HostAnswer> told = reader.readAnew();

        int i = 0;
        for (String trouble : answers.values()) {
            HostAnswer answer = told.get(i++);
            assertThat(answer.status()).as(trouble).isEmpty();
            assertThat(answer.trouble()).isNotEmpty().contains(trouble);
        }
        assertThat(told.get(i).name()).isEqualTo("pg2");
        assertThat(told.getLast().trouble()).contains("127.0.0.1:1");
    }

    /** A value of another kind than expected is none, and ends nothing. */
    @Test
    void oddValues() throws IOException {
        HostStatus status =
                HostStatus.of(
                        "{\"schema\":1,\"daemon\":7,\"dcs\":[],\"addresses\":[null,{\"address\":{}},"
                                + "{\"why\":[[],null],\"trust\":4,\"present\":\"x\"}],"
                                + "\"events\":[{\"time\":\"never\"}]}");

        assertThat(status.addresses()).hasSize(3);
        assertThat(Cluster.of(List.of(HostAnswer.of("", status))).summary()).isNotEmpty();
    }

    @Test
    void silentPeer_keepsNobodyWaitingTwice() {
        PeerReader reader =
                reader(
                        List.of(
                                keep(RawPeer.answering("")).uri(),
                                keep(RawPeer.withBody(200, GOOD)).uri()),
                        TlsContexts.SYSTEM);

        List<HostAnswer> first = reader.read(Duration.ofMillis(1));
        assertThat(first.getFirst().trouble()).contains("did not answer");
        assertThat(first.getLast().status()).isPresent();

        await("it is asked again, and not waited for")
                .atMost(Duration.ofSeconds(30))
                .until(() -> isAskedAside(reader));
    }

    private static boolean isAskedAside(PeerReader reader) {
        HostAnswer other = reader.readAnew().getLast();
        return reader.isAsking() && other.status().isPresent();
    }

    /** Many who look at the same time ask once a second. */
    @Test
    void asksSeldom_withTheToken() {
        RawPeer peer = keep(RawPeer.withBody(200, GOOD));
        PeerReader reader =
                keep(
                        new PeerReader(
                                new RealTime(),
                                List.of(peer.uri()),
                                Optional.of(() -> "geheim"),
                                () -> TlsContexts.SYSTEM));
        assertThat(peer.asked()).isEmpty();

        long begun = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            reader.read(Duration.ofSeconds(10));
        }
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();

        assertThat(peer.asked()).hasSizeLessThanOrEqualTo((int) seconds + 1);
        assertThat(peer.asked().getFirst())
                .startsWith("GET /status HTTP/1.1\r\n")
                .contains("Authorization: Bearer geheim");
    }

    @Test
    void certificateOfAnotherAuthority() throws Exception {
        TestAuthority own = new TestAuthority(folder.resolve("own"), "own");
        TestAuthority other = new TestAuthority(folder.resolve("other"), "other");
        URI trusted = secured(own);

        assertThat(reader(List.of(trusted), trusting(own)).readAnew().getFirst().name())
                .isEqualTo("host1");
        HostAnswer refused = reader(List.of(trusted), trusting(other)).readAnew().getFirst();
        assertThat(refused.status()).isEmpty();
        assertThat(refused.trouble()).contains("certificate");
    }

    /** The certificate is for another name than the one that is asked. */
    @Test
    void certificateOfAnotherHost() throws Exception {
        TestAuthority own = new TestAuthority(folder.resolve("own"), "own");
        URI other = secured(own, "DNS:elsewhere.example.com");

        assertThat(reader(List.of(other), trusting(own)).readAnew().getFirst().trouble())
                .isNotEmpty();
    }

    private URI secured(TestAuthority authority) throws Exception {
        return secured(authority, "IP:127.0.0.1");
    }

    private URI secured(TestAuthority authority, String name) throws Exception {
        TestAuthority.Issued issued = authority.issueFor("localhost", name);
        ThreadLoop loop = keep(new ThreadLoop());
        WebServer server =
                keep(
                        WebServer.open(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                Snapshots.DAEMON,
                                new StatusReader(loop, () -> Snapshots.ofAddresses(1, "pg1")),
                                Optional.empty(),
                                Optional.of(
                                        new WebServer.Certificate(
                                                issued.certificate(), issued.key())),
                                reader(List.of(), TlsContexts.SYSTEM)));
        return URI.create("https://127.0.0.1:" + server.address().getPort());
    }

    private static TlsContexts trusting(TestAuthority authority) throws TlsFileException {
        SSLContext context =
                TlsMaterial.load(
                                new TlsFiles(
                                        Optional.of(authority.certificate()),
                                        Optional.empty(),
                                        Optional.empty()))
                        .context();
        return () -> context;
    }

    private PeerReader reader(List<URI> peers, TlsContexts tls) {
        return keep(new PeerReader(new RealTime(), peers, Optional.empty(), () -> tls));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    private static String reply(int status, String body) {
        return "HTTP/1.1 %d X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(status, body.length(), body);
    }
}
