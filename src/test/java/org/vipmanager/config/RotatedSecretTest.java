package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.http.RecordedLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A secret in a real file that is replaced. */
final class RotatedSecretTest {

    private final RecordedLog log = new RecordedLog();
    private Path path;
    private RotatedSecret secret;

    @BeforeEach
    void firstSecret(@TempDir Path folder) throws IOException {
        path = folder.resolve("password");
        SecretFiles.replace(path, "first");
        SecretFile file = new SecretFile("etcd-password-file", path, Disk.REAL);
        secret = new RotatedSecret(file, "first", log);
    }

    @Test
    void whatTheFileHoldsNowCounts_andIsNotShown() throws IOException {
        assertThat(secret.get()).isEqualTo("first");
        assertThat(log.lines()).isEmpty();

        SecretFiles.replace(path, "second");
        assertThat(secret.get()).isEqualTo("second");
        assertThat(secret.get()).isEqualTo("second");
        assertThat(log.lines())
                .containsExactly(
                        "INFO etcd-password-file: "
                                + path
                                + " holds another secret, which is used from now on");
    }

    @Test
    void halfReplaced_goesOnWithTheLastOneAndOneWarning() throws IOException {
        SecretFiles.replace(path, "second");
        assertThat(secret.get()).isEqualTo("second");
        log.lines().clear();

        Files.writeString(path, "");
        assertThat(secret.get()).isEqualTo("second");
        Files.delete(path);
        assertThat(secret.get()).isEqualTo("second");
        assertThat(log.lines().removeFirst())
                .isEqualTo(
                        "WARNING etcd-password-file: "
                                + path
                                + " is an empty file; going on with the secret that it held"
                                + " before");
        assertThat(log.lines()).allMatch(line -> line.startsWith("DEBUG"));
        log.lines().clear();

        SecretFiles.replace(path, "third");
        assertThat(secret.get()).isEqualTo("third");
        assertThat(log.lines()).singleElement().asString().startsWith("INFO").contains("another");
    }

    @Test
    void trouble_isToldAgainOnlyAfterItWasOver() throws IOException {
        Files.delete(path);
        assertThat(secret.get()).isEqualTo("first");
        Files.createDirectory(path);
        assertThat(secret.get()).isEqualTo("first");
        Files.delete(path);
        SecretFiles.replace(path, "first");
        assertThat(secret.get()).isEqualTo("first");
        Files.writeString(path, "a\nb\n");
        assertThat(secret.get()).isEqualTo("first");

        assertThat(log.lines())
                .extracting(line -> line.replace("etcd-password-file: " + path + " ", ""))
                .containsExactly(
                        "WARNING does not exist; going on with the secret that it held before",
                        "DEBUG is a directory; going on with the secret that it held before",
                        "INFO can be used again",
                        "WARNING has more than one line; going on with the secret that it held"
                                + " before");
    }
}
