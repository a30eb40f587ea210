package org.vipmanager.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.tls.TestAuthority.Issued;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Which hosts a certificate is for, with real ones and real handshakes, as Go decides it. */
@Timeout(60)
final class ServerNameTest {

    @TempDir static Path folder;

    private static TestAuthority authority;

    @BeforeAll
    static void makeAuthority() {
        authority = new TestAuthority(folder, "authority");
    }

    /** The common name is that of the host in each. */
    @ParameterizedTest
    @CsvSource({
        "etcd1, DNS:etcd1",
        "etcd1, DNS:other+DNS:ETCD1",
        "ETCD1., DNS:etcd1",
        "etcd_1, DNS:etcd_1",
        "db_1.swarm_net, DNS:*.swarm_net",
        "db.internal, DNS:*.internal",
        "127.0.0.1, IP:127.0.0.1",
        "[::1], IP:::1",
        "0:0:0:0:0:0:0:1, IP:::1",
        "fe80::1%2, IP:fe80::1"
    })
    void isFor(String host, String alternatives) {
        Issued issued = authority.issueFor(host, alternatives.replace('+', ','));

        assertThatCode(() -> check(host, issued)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "etcd1, DNS:etcd2",
        "etcd1, IP:127.0.0.1",
        "etcd1, DNS:*",
        "a.b.example.com, DNS:*.example.com",
        "example.com, DNS:*.example.com",
        "foo.example.com, DNS:f*.example.com",
        "foo.example.com, DNS:foo.*.com",
        "127.0.0.1, DNS:127.0.0.1",
        "127.0.0.1, IP:127.0.0.2"
    })
    void isForAnother(String host, String alternatives) {
        Issued issued = authority.issueFor(host, alternatives);

        assertThatThrownBy(() -> check(host, issued))
                .hasMessage(
                        "certificate is for another host (%s; not for %s)"
                                .formatted(alternatives, host));
    }

    @ParameterizedTest
    @CsvSource({"etcd1, DNS", "127.0.0.1, IP"})
    void commonNameAlone_isSaidNotToCount(String host, String kind) {
        Issued issued = authority.issueFor(host, "");

        assertThatThrownBy(() -> check(host, issued))
                .hasMessage(
                        "certificate names its host by common name only (CN=%s), which does not"
                                + " count: it needs a subjectAltName %s:%s",
                        host, kind, host);
    }

    @Test
    void manyAndLongNames_areShownCut() {
        List<String> names = new ArrayList<>();
        IntStream.range(0, 200).forEach(i -> names.add("DNS:" + "x".repeat(500) + i));
        Issued issued = authority.issueFor("etcd1", String.join(",", names));

        assertThatThrownBy(() -> check("etcd1", issued))
                .message()
                .hasSizeLessThan(1000)
                .contains("x... and 197 more; not for etcd1");
    }

    private static void check(String host, Issued issued) throws Exception {
        byte[] content = Files.readAllBytes(issued.certificate());
        new ServerName(host).mustBeIn(PemCertificates.in(content).all().getFirst());
    }

    // ---- handshakes ---------------------------------------------------------------------------

    @Test
    void nameWithAnUnderscore_isAskedForAndVerified() throws Exception {
        Issued server = authority.issueFor("server", "DNS:etcd_1,DNS:*.swarm_net");

        assertThat(handshake(server, "etcd_1")).contains("\"server name\" (id=0)", ".....etcd_1");
        assertThat(handshake(server, "db_1.swarm_net")).contains("\"server name\" (id=0)");
        assertThatThrownBy(() -> handshake(server, "etcd_2"))
                .hasMessageContaining("not for etcd_2");
    }

    @Test
    void address_isNotAskedForByName() throws Exception {
        assertThat(handshake(authority.issueFor("server", "IP:127.0.0.1"), "127.0.0.1"))
                .contains("\"supported versions\"")
                .doesNotContain("server name");
    }

    @Test
    void commonNameAlone_isRefusedInTheHandshakeWithThatReason() {
        assertThatThrownBy(() -> handshake(authority.issueFor("etcd1", ""), "etcd1"))
                .extracting(failure -> TlsTrouble.explain(failure).orElse(""))
                .isEqualTo(
                        "the server's certificate names its host by common name only (CN=etcd1),"
                                + " which does not count: it needs a subjectAltName DNS:etcd1");
    }

    @Test
    void strangersCertificate_isRefusedWhateverItsName() {
        Issued stranger = new TestAuthority(folder, "stranger").issueFor("s", "DNS:etcd_1");

        assertThatThrownBy(() -> handshake(stranger, "etcd_1"))
                .extracting(failure -> TlsTrouble.explain(failure).orElse(""))
                .isEqualTo(
                        "the server's certificate was not issued by an authority that is trusted"
                                + " here");
    }

    @Test
    void configuredName_isAskedForAndVerifiedWhateverTheEndpointIs() throws Exception {
        Issued server = authority.issueFor("server", "DNS:etcd.example");
        Optional<ServerName> name = Optional.of(new ServerName("etcd.example"));

        assertThat(handshake(server, "127.0.0.1", name))
                .contains("\"server name\" (id=0)", "etcd.exa");
        assertThatThrownBy(() -> handshake(server, "etcd.example", another()))
                .hasMessageContaining("not for another.example");
    }

    /** An address is not asked for (RFC 6066), so that only who trusts can know it. */
    @Test
    void configuredAddress_isVerifiedWhateverTheEndpointIs() throws Exception {
        Optional<ServerName> address = Optional.of(new ServerName("192.0.2.7"));
        Issued server = authority.issueFor("server", "IP:192.0.2.7");

        assertThat(handshake(server, "localhost", address)).doesNotContain("server name");
        assertThatThrownBy(
                        () ->
                                handshake(
                                        authority.issueFor("server", "DNS:localhost"),
                                        "localhost",
                                        address))
                .hasMessageContaining("not for 192.0.2.7");
    }

    private static Optional<ServerName> another() {
        return Optional.of(new ServerName("another.example"));
    }

    /** What the server printed. */
    private static String handshake(Issued issued, String host) throws Exception {
        return handshake(issued, host, Optional.empty());
    }

    private static String handshake(Issued issued, String host, Optional<ServerName> configured)
            throws Exception {
        try (OpenSslServer server = new OpenSslServer(issued, "-naccept", "1", "-tlsextdebug")) {
            shakeHands(host, configured, server.port());
            return server.printed();
        }
    }

    private static void shakeHands(String host, Optional<ServerName> configured, int port)
            throws Exception {
        TlsFiles files =
                new TlsFiles(
                        Optional.of(authority.certificate()),
                        Optional.empty(),
                        Optional.empty(),
                        configured);
        Socket plain = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        try (SSLSocket secured =
                (SSLSocket)
                        TlsMaterial.load(files)
                                .context()
                                .getSocketFactory()
                                .createSocket(plain, host, port, true)) {
            SSLParameters parameters = secured.getSSLParameters();
            files.serverAt(host).demandBy(parameters);
            secured.setSSLParameters(parameters);
            secured.startHandshake();
        }
    }
}
