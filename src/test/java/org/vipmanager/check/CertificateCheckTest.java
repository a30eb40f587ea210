package org.vipmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.tls.OpenSslServer;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFiles;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is said of the certificates of a real TLS server. */
@Timeout(60)
final class CertificateCheckTest {

    @TempDir private Path folder;

    @Test
    void wrongNameAlone_proposesTheOther() {
        TestAuthority authority = new TestAuthority(folder, "authority");
        String alternatives = "DNS:*.example.com,DNS:etcd.example.com,IP:192.0.2.7";

        assertThat(findings(authority, authority, alternatives, Optional.empty()))
                .anySatisfy(
                        finding -> {
                            assertThat(finding.sign()).isEqualTo(Sign.WARNING);
                            assertThat(finding.found())
                                    .endsWith(
                                            "is trusted but for its name: its certificate is for"
                                                    + " etcd.example.com");
                            assertThat(finding.remedy().orElseThrow())
                                    .endsWith("write etcd-tls-server-name: etcd.example.com");
                        });
    }

    /** Nothing is known then of whose certificate it is. */
    @Test
    void strangersCertificate_proposesNothing() {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority stranger = new TestAuthority(folder, "stranger");

        assertThat(findings(authority, stranger, "DNS:etcd.example.com", Optional.empty()))
                .isNotEmpty()
                .noneMatch(finding -> finding.found().contains("but for its name"));
    }

    @Test
    void nameThatIsMeant_isAsItShouldBe() {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Optional<ServerName> meant = Optional.of(new ServerName("etcd.example.com"));

        assertThat(findings(authority, authority, "DNS:etcd.example.com", meant))
                .isNotEmpty()
                .allMatch(finding -> finding.sign() == Sign.GOOD);
    }

    private static List<Finding> findings(
            TestAuthority trusted,
            TestAuthority issuer,
            String alternatives,
            Optional<ServerName> meant) {
        TlsFiles files =
                new TlsFiles(
                        Optional.of(trusted.certificate()),
                        Optional.empty(),
                        Optional.empty(),
                        meant);
        try (OpenSslServer server =
                new OpenSslServer(issuer.issueFor("server", alternatives), "-www")) {
            URI endpoint = URI.create("https://127.0.0.1:" + server.port());
            return new CertificateCheck(endpoint, files, "etcd-tls-server-name")
                    .findings(Deadline.in(Duration.ofSeconds(20)));
        }
    }
}
