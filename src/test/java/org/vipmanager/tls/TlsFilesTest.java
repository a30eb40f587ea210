package org.vipmanager.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/** PEM files as openssl(1) writes them, good and bad, and what happens when they are replaced. */
final class TlsFilesTest {

    @TempDir Path folder;
    private TestAuthority authority;

    @BeforeEach
    void makeAuthority() {
        authority = new TestAuthority(folder, "test authority");
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfKey_isRead(TestAuthority.KeyKind kind) throws Exception {
        TestAuthority.Issued issued = authority.issue("client", kind);
        String begin = Files.readString(issued.key());
        TlsMaterial material = TlsMaterial.load(files(issued));

        assertThat(begin)
                .contains(
                        switch (kind) {
                            case RSA_PKCS1 -> "BEGIN RSA PRIVATE KEY";
                            case EC_SEC1 -> "BEGIN EC PRIVATE KEY";
                            case RSA_PKCS8, EC_PKCS8, ED25519 -> "BEGIN PRIVATE KEY";
                        });
        X509KeyManager keys = (X509KeyManager) material.keys().orElseThrow().getKeyManagers()[0];
        assertThat(keys.getCertificateChain("own")[0].getSubjectX500Principal().getName())
                .isEqualTo("CN=client");
        assertThat(keys.getPrivateKey("own")).isNotNull();
        assertThat(material.context().getSupportedSSLParameters()).isNotNull();
    }

    @Test
    void ecKey_mayNameItsCurveOnlyInside() throws Exception {
        TestAuthority.Issued issued = authority.issue("client", TestAuthority.KeyKind.EC_SEC1);
        String text = Files.readString(issued.key());
        Files.writeString(issued.key(), text.substring(text.indexOf("-----BEGIN EC PRIVATE")));

        assertThat(TlsMaterial.load(files(issued)).keys()).isPresent();
    }

    @Test
    void filesThatCannotBeUsed_areNamed() throws Exception {
        TestAuthority.Issued issued = authority.issue("client", TestAuthority.KeyKind.EC_PKCS8);
        TestAuthority.Issued other = authority.issue("other", TestAuthority.KeyKind.EC_PKCS8);
        Path garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");
        Path damaged =
                Files.writeString(
                        folder.resolve("damaged.pem"),
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                                + "-----BEGIN EC PRIVATE KEY-----\nMAEC\n-----END EC PRIVATE KEY-----\n");

        refused(issued.certificate(), folder.resolve("none"), "there is no such file");
        refused(folder.resolve("none"), issued.key(), "there is no such file");
        refused(folder, issued.key(), "is a directory");
        refused(garbage, issued.key(), "holds no certificate");
        refused(issued.certificate(), garbage, "holds no private key");
        refused(damaged, issued.key(), "damaged");
        refused(issued.certificate(), damaged, "damaged");
        refused(issued.certificate(), other.key(), "is not the key of " + issued.certificate());
    }

    private void refused(Path certificate, Path key, String why) {
        TlsFiles files =
                new TlsFiles(
                        Optional.of(authority.certificate()),
                        Optional.of(certificate),
                        Optional.of(key));
        assertThatThrownBy(() -> TlsMaterial.load(files))
                .isInstanceOf(TlsFileException.class)
                .hasMessageContaining(why);
    }

    @Test
    void replacedFiles_areReadAgain_andUnusableOnesLeaveTheLastGood() throws Exception {
        TestAuthority.Issued first = authority.issue("client", TestAuthority.KeyKind.EC_PKCS8);
        TestAuthority.Issued second = authority.issue("client", TestAuthority.KeyKind.RSA_PKCS8);
        try (TlsReload reload = new TlsReload(files(first))) {
            TlsMaterial before = reload.current();
            assertThat(reload.current()).isSameAs(before);

            Files.copy(
                    second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(reload.current()).as("the key does not fit yet").isSameAs(before);

            Files.delete(first.key());
            assertThat(reload.current()).as("the key is away").isSameAs(before);

            Files.copy(second.key(), first.key());
            TlsMaterial after = reload.current();
            assertThat(after).isNotSameAs(before);
            assertThat(reload.newest()).isSameAs(after);
        }
    }

    /** A file that root put there is made readable only after it was found unusable. */
    @Test
    void changedMode_isNoticed() throws Exception {
        TestAuthority.Issued issued = authority.issue("client", TestAuthority.KeyKind.EC_PKCS8);
        try (TlsReload reload = new TlsReload(files(issued))) {
            TlsMaterial before = reload.current();
            Files.setPosixFilePermissions(
                    issued.key(), PosixFilePermissions.fromString("rw-r-----"));

            assertThat(reload.current()).isNotSameAs(before);
        }
    }

    /** As update-ca-certificates does it, when an administrator adds the company's authority. */
    @Test
    void systemsAuthorities_areUsedWithoutAFileAndReadAgainWhenTheyChange() throws Exception {
        TestAuthority added = new TestAuthority(folder, "added");
        Path bundle = Files.copy(authority.certificate(), folder.resolve("bundle.crt"));
        try (TlsReload reload =
                new TlsReload(TlsFiles.NONE, () -> Optional.of(bundle), Duration.ofHours(1))) {
            TlsMaterial before = reload.current();
            assertThat(trusted(before)).containsExactly("CN=test authority");
            assertThat(reload.current()).isSameAs(before);

            Files.copy(added.certificate(), bundle, StandardCopyOption.REPLACE_EXISTING);
            assertThat(trusted(reload.current())).containsExactly("CN=added");
        }
    }

    /** Whatever goes wrong while the files are looked at, they are looked at again. */
    @Test
    void uncheckedException_doesNotEndTheLooking() throws Exception {
        TestAuthority added = new TestAuthority(folder, "added");
        AtomicInteger looks = new AtomicInteger();
        Supplier<Optional<Path>> failing =
                () ->
                        switch (looks.getAndIncrement()) {
                            case 0 -> Optional.of(authority.certificate());
                            case 1 -> throw new IllegalArgumentException("nonsense");
                            case 2 -> throw new StackOverflowError();
                            default -> Optional.of(added.certificate());
                        };
        try (TlsReload reload = new TlsReload(TlsFiles.NONE, failing, Duration.ofMillis(20))) {
            assertThat(trusted(reload.current())).containsExactly("CN=test authority");

            await().untilAsserted(
                            () -> assertThat(trusted(reload.newest())).containsExactly("CN=added"));
        }
    }

    private static List<String> trusted(TlsMaterial material) {
        X509TrustManager trust = material.trust();
        return Arrays.stream(trust.getAcceptedIssuers())
                .map(issuer -> issuer.getSubjectX500Principal().getName())
                .toList();
    }

    private static TlsFiles files(TestAuthority.Issued issued) {
        return new TlsFiles(
                Optional.of(issued.authority()),
                Optional.of(issued.certificate()),
                Optional.of(issued.key()));
    }
}
