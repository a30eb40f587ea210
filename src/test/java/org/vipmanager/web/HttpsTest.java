package org.vipmanager.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.status.Snapshots;
import org.vipmanager.status.StatusReader;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A real authority, real handshakes. */
final class HttpsTest {

    @TempDir private Path folder;
    private final ThreadLoop loop = new ThreadLoop();
    private WebServer server;
    private int addresses = 1;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
        loop.close();
    }

    @Test
    void answers_andTakesReplacedFiles() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority.Issued first = authority.issueFor("localhost", "IP:127.0.0.1");
        Path certificate = Files.copy(first.certificate(), folder.resolve("http.pem"));
        Path key = Files.copy(first.key(), folder.resolve("http-key.pem"));
        server = open(certificate, key);
        SSLContext trusting =
                TlsMaterial.load(
                                new TlsFiles(
                                        Optional.of(authority.certificate()),
                                        Optional.empty(),
                                        Optional.empty()))
                        .context();
        assertThat(get(trusting)).startsWith("HTTP/1.1 200").endsWith("ok\n");
        Object before = serial(trusting);

        TestAuthority.Issued second = authority.issueFor("localhost", "IP:127.0.0.1");
        Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> !serial(freshly(authority)).equals(before));
        assertThat(get(freshly(authority))).startsWith("HTTP/1.1 200");
        Files.writeString(certificate, "nonsense");
        assertThat(get(freshly(authority))).startsWith("HTTP/1.1 200");
    }

    /** Who begins no handshake, or speaks HTTP, ends nothing but his own connection. */
    @Test
    void nonsense() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority.Issued issued = authority.issueFor("localhost", "IP:127.0.0.1");
        server = open(issued.certificate(), issued.key());
        try (Socket silent = new Socket()) {
            silent.connect(server.address());
            for (int i = 0; i < 20; i++) {
                try (Socket plain = new Socket()) {
                    plain.connect(server.address());
                    plain.getOutputStream()
                            .write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                }
            }
            assertThat(get(freshly(authority))).startsWith("HTTP/1.1 200");
        }
    }

    /**
     * The JDK's server would end it ten seconds later, with all its locks, and wait for its writing
     * to be over: then nobody was answered any more, and no reload could close it.
     */
    @Test
    @Timeout(120)
    void whoReadsNothing_keepsNobodyElseWaiting_norTheEnd() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority.Issued issued = authority.issueFor("localhost", "IP:127.0.0.1");
        addresses = 2000;
        server = open(issued.certificate(), issued.key());
        SSLContext trusting = freshly(authority);
        try (Socket first = new Socket();
                Socket second = new Socket()) {
            askAndReadNothing(first, trusting);
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < Duration.ofSeconds(16).toNanos()) {
                assertThat(get(trusting)).startsWith("HTTP/1.1 200");
                Thread.sleep(500);
            }
            askAndReadNothing(second, trusting);
            Thread.sleep(1000); // its writing is stuck, most likely
            server.close();
        }
    }

    /** With little room for what it does not read. */
    private void askAndReadNothing(Socket client, SSLContext trusting) throws IOException {
        client.setReceiveBufferSize(4096);
        client.connect(server.address());
        SSLSocket secured =
                (SSLSocket)
                        trusting.getSocketFactory()
                                .createSocket(client, "127.0.0.1", client.getPort(), true);
        secured.setSoTimeout(30_000);
        secured.startHandshake();
        secured.getOutputStream()
                .write(
                        "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .repeat(20)
                                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void filesThatCannotBeUsed() {
        Path none = folder.resolve("none.pem");

        assertThatThrownBy(() -> open(none, none))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no such file");
    }

    private WebServer open(Path certificate, Path key) throws IOException {
        return WebServer.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Snapshots.DAEMON,
                new StatusReader(loop, () -> Snapshots.ofAddresses(addresses, "pg1")),
                Optional.empty(),
                Optional.of(new WebServer.Certificate(certificate, key)),
                NoPeers.reader());
    }

    /** Which resumes no session. */
    private static SSLContext freshly(TestAuthority authority) throws Exception {
        return TlsMaterial.load(
                        new TlsFiles(
                                Optional.of(authority.certificate()),
                                Optional.empty(),
                                Optional.empty()))
                .context();
    }

    private String get(SSLContext context) throws IOException {
        try (SSLSocket socket = connect(context)) {
            socket.getOutputStream()
                    .write("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Object serial(SSLContext context) throws IOException {
        try (SSLSocket socket = connect(context)) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSerialNumber();
        }
    }

    private SSLSocket connect(SSLContext context) throws IOException {
        InetSocketAddress address = server.address();
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", address.getPort());
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }
}
