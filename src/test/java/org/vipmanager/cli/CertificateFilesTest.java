package org.vipmanager.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vipmanager.config.Mistake;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TestAuthority.KeyKind;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * Certificate files as openssl(1) writes them and administrators join them: what the start's check
 * says of them, and that the loader says the same. Go's crypto/tls takes each that is taken here.
 */
final class CertificateFilesTest {

    private static final String BAD =
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    @TempDir static Path folder;

    private static TestAuthority root;
    private static TestAuthority stranger;
    private static Issued client;
    private static Issued other;
    private static String rootText;
    private static String certificate;
    private static String key;

    @BeforeAll
    static void issue() throws IOException {
        root = new TestAuthority(folder, "root");
        stranger = new TestAuthority(folder, "stranger");
        client = root.issue("client", KeyKind.EC_PKCS8);
        other = root.issue("other", KeyKind.RSA_PKCS8);
        rootText = Files.readString(root.certificate());
        certificate = Files.readString(client.certificate());
        key = Files.readString(client.key());
    }

    // ---- authorities -------------------------------------------------------------------------

    @Test
    void authoritiesBesideAKeyAListOfRevokedOnesAndParameters() throws IOException {
        Path list = openssl("crl.pem", "crl -inform DER -in " + root.revocationList());
        Path parameters =
                openssl("dh.pem", "genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048");

        trusted(key + Files.readString(list) + Files.readString(parameters) + rootText, "CN=root");
    }

    @Test
    void textBetweenTheBlocksCarriageReturnsBlanksAndAByteOrderMark() throws IOException {
        String text =
                "\uFEFF"
                        + rootText
                        + "Bag Attributes: \u00fc\n    friendlyName: x\n\n# more\n"
                        + Files.readString(stranger.certificate());

        trusted(text.replace("\n", "  \r\n"), "CN=root", "CN=stranger");
        trusted(text.replace("-\n", "-\n\n"), "CN=root", "CN=stranger");
        trusted(
                rootText.strip() + Files.readString(stranger.certificate()).strip(),
                "CN=root",
                "CN=stranger");
    }

    /** Go's crypto/x509 does not know the curve of the third. */
    @Test
    void damagedAndUnsupportedOnesBesideGoodOnes_areSkippedWithOneWarning() throws IOException {
        String broken = "-----BEGIN CERTIFICATE-----\nA%A\n-----END CERTIFICATE-----\n";
        String cut = rootText.substring(0, rootText.length() / 2);
        String all = BAD + rootText + broken + Files.readString(brainpool()) + cut + "\n";

        assertThat(
                        trusted(
                                all + Files.readString(stranger.certificate()),
                                "CN=root",
                                "CN=brainpool",
                                "CN=stranger"))
                .singleElement()
                .asString()
                .contains(
                        "etcd-ca-file (VIP_ETCD_CA_FILE): the certificate in line 1 is damaged",
                        "(Empty input), the certificate in line " + (4 + lines(rootText)),
                        " has no end: skipped");
    }

    @Test
    void noneThatCanBeRead_isRefused() {
        Path file = write("all-bad.pem", BAD);

        refused(
                new TlsFiles(Optional.of(file), Optional.empty(), Optional.empty()),
                "etcd-ca-file",
                "damaged");
    }

    // ---- a client's certificate ---------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void eachKindOfKey_besideItsCertificateInOneFile(KeyKind kind) throws IOException {
        Issued issued = root.issue("one", kind);
        Path both =
                write(
                        "both.pem",
                        Files.readString(issued.key()) + Files.readString(issued.certificate()));
        Path bothAgain =
                write(
                        "both2.pem",
                        Files.readString(issued.certificate()) + Files.readString(issued.key()));

        sent(both, both, "CN=one");
        sent(bothAgain, bothAgain, "CN=one");
        sent(both, issued.key(), "CN=one");
    }

    @Test
    void whatLinksToTheLeafIsSent_inOrder() throws IOException {
        TestAuthority between = root.intermediate("between");
        TestAuthority below = between.intermediate("below");
        Issued leaf = below.issue("leaf", KeyKind.EC_PKCS8);
        Path mixed =
                write(
                        "mixed.pem",
                        Files.readString(leaf.certificate())
                                + Files.readString(stranger.certificate())
                                + Files.readString(other.certificate())
                                + rootText
                                + Files.readString(between.certificate())
                                + Files.readString(below.certificate())
                                + Files.readString(stranger.certificate()));

        sent(mixed, leaf.key(), "CN=leaf", "CN=below", "CN=between", "CN=root");
    }

    /** As Go does: it compares the key with the first one. */
    @Test
    void leafThatIsNotFirst_isRefused() throws IOException {
        Path file = write("second.pem", rootText + certificate);

        refused(
                own(file, client.key()),
                "etcd-cert-file",
                "begins with another certificate than that of the private key",
                "line " + (1 + lines(rootText)));
    }

    @Test
    void keyOfAnotherCertificate_isRefused() throws IOException {
        refused(
                own(client.certificate(), other.key()),
                "etcd-key-file",
                "is not the key of " + client.certificate());
        refused(
                own(other.certificate(), client.key()),
                "etcd-key-file",
                "is not the key of " + other.certificate());
    }

    @Test
    void firstCertificateDamaged_isRefused() throws IOException {
        Path file = write("damaged-first.pem", BAD + certificate);

        refused(own(file, client.key()), "etcd-cert-file", "line 1 ");
    }

    @Test
    void keysThatCannotBeUsed_areRefused() throws IOException {
        String encrypting = " -aes128 -passout pass:x -in " + client.key();
        Path encrypted = openssl("encrypted.key", "pkey" + encrypting);
        Path old = openssl("old.key", "ec" + encrypting);
        Path cut = write("cut.key", key.substring(0, key.length() - 40));

        refused(own(client.certificate(), encrypted), "etcd-key-file", "passphrase");
        refused(own(client.certificate(), old), "etcd-key-file", "passphrase");
        refused(own(client.certificate(), cut), "etcd-key-file", "ends within the private key");
        refused(
                own(client.certificate(), client.certificate()),
                "etcd-key-file",
                "holds a certificate and no private key");
        refused(
                own(client.key(), client.key()),
                "etcd-cert-file",
                "holds a private key and no certificate");
    }

    /** Go looks at what a block holds, not at what it calls it. */
    @Test
    void keyUnderAnothersLabel() throws IOException {
        Path file = write("label.key", key.replace("PRIVATE KEY", "ANY PRIVATE KEY"));
        Issued rsa = root.issue("rsa", KeyKind.RSA_PKCS1);
        Path old =
                write(
                        "old-label.key",
                        Files.readString(rsa.key()).replace("RSA PRIVATE KEY", "PRIVATE KEY"));

        sent(client.certificate(), file, "CN=client");
        sent(rsa.certificate(), old, "CN=rsa");
    }

    // ---- the parts ----------------------------------------------------------------------------

    private static List<String> trusted(String content, String... subjects) {
        TlsFiles files =
                new TlsFiles(
                        Optional.of(write("trusted.pem", content)),
                        Optional.empty(),
                        Optional.empty());
        Outcome outcome = check(files);
        assertThat(outcome).as(() -> outcome.toString()).isInstanceOf(Outcome.Run.class);
        X509TrustManager trust = load(files).trust();
        assertThat(trust.getAcceptedIssuers())
                .extracting(issuer -> issuer.getSubjectX500Principal().getName())
                .containsExactlyInAnyOrder(subjects);
        return ((Outcome.Run) outcome).loaded().warnings();
    }

    private static void sent(Path certificate, Path key, String... subjects) {
        TlsFiles files = own(certificate, key);
        Outcome outcome = check(files);
        assertThat(outcome).as(() -> outcome.toString()).isInstanceOf(Outcome.Run.class);
        X509KeyManager keys = (X509KeyManager) load(files).keys().orElseThrow().getKeyManagers()[0];
        assertThat(keys.getCertificateChain("own"))
                .extracting(X509Certificate::getSubjectX500Principal)
                .extracting(Object::toString)
                .containsExactly(subjects);
    }

    /** By the check, which names the setting, and by the loader, which names its file. */
    private static void refused(TlsFiles files, String setting, String... words) {
        Outcome outcome = check(files);
        assertThat(outcome).as(() -> outcome.toString()).isInstanceOf(Outcome.Refuse.class);
        Mistake mistake = ((Outcome.Refuse) outcome).mistakes().getFirst();
        assertThat(((Outcome.Refuse) outcome).mistakes()).hasSize(1);
        assertThat(mistake.setting()).isEqualTo(setting);
        assertThat(mistake.problem()).contains(words);
        assertThatThrownBy(() -> TlsMaterial.load(files))
                .isInstanceOf(TlsFileException.class)
                .hasMessageStartingWith(mistake.value() + ": " + mistake.problem());
    }

    private static TlsMaterial load(TlsFiles files) {
        try {
            return TlsMaterial.load(files);
        } catch (TlsFileException e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome check(TlsFiles files) {
        Map<String, String> variables = new HashMap<>();
        files.authorities().ifPresent(path -> variables.put("VIP_ETCD_CA_FILE", path.toString()));
        files.certificate().ifPresent(path -> variables.put("VIP_ETCD_CERT_FILE", path.toString()));
        files.key().ifPresent(path -> variables.put("VIP_ETCD_KEY_FILE", path.toString()));
        return CommandLine.parse(
                new String[] {
                    "--ip=10.0.0.9",
                    "--netmask=24",
                    "--interface=lo",
                    "--trigger-key=/service/db/leader",
                    "--trigger-value=pg1",
                    "--dcs-endpoints=https://127.0.0.1:2379"
                },
                variables);
    }

    private static TlsFiles own(Path certificate, Path key) {
        return new TlsFiles(
                Optional.of(root.certificate()), Optional.of(certificate), Optional.of(key));
    }

    private static Path brainpool() {
        return openssl(
                "brainpool.pem",
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -nodes"
                        + " -subj /CN=brainpool -keyout "
                        + folder.resolve("brainpool.key"));
    }

    /** The file that openssl(1) makes. */
    private static Path openssl(String name, String arguments) {
        Path file = folder.resolve(name);
        TestAuthority.openssl((arguments + " -out " + file).split(" "));
        return file;
    }

    private static long lines(String text) {
        return text.lines().count();
    }

    private static Path write(String name, String content) {
        try {
            return Files.write(folder.resolve(name), content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
