package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TestAuthority.KeyKind;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/** The contexts of HTTP connections, from real files that are replaced. */
final class RotatedTlsTest {

    @TempDir Path folder;

    @Test
    void context_staysUntilTheFilesAreReplaced() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued inUse = authority.issue("vip", KeyKind.EC_PKCS8);
        Issued next = authority.issue("vip", KeyKind.EC_PKCS8);
        try (RotatedTls contexts = new RotatedTls(files(inUse))) {
            SSLContext first = contexts.current();
            assertThat(first).isNotNull();
            assertThat(contexts.current()).isSameAs(first);

            Files.copy(
                    next.certificate(), inUse.certificate(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(contexts.current()).as("the key does not fit yet").isSameAs(first);
            Files.copy(next.key(), inUse.key(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(contexts.current()).isNotSameAs(first);
        }
    }

    @Test
    void filesThatNeverWereThere_areNamed() {
        Path missing = folder.resolve("missing.pem");
        TlsFiles files = new TlsFiles(Optional.of(missing), Optional.empty(), Optional.empty());
        try (RotatedTls contexts = new RotatedTls(files)) {
            assertThatThrownBy(contexts::current)
                    .isInstanceOf(IOException.class)
                    .hasMessage(missing + ": there is no such file");
        }
    }

    @Test
    void close_endsItsThread() throws Exception {
        long before = threads();
        Issued issued = new TestAuthority(folder, "authority").issue("vip", KeyKind.EC_PKCS8);
        for (int i = 0; i < 3; i++) {
            try (RotatedTls contexts = new RotatedTls(files(issued))) {
                contexts.current();
            }
        }

        await().until(() -> threads() <= before);
    }

    @Test
    void systemIsTrustedWhereNoFileSaysWhom_andNothingIsReadWithoutTls() {
        URI secure = URI.create("https://consul.example:8501");
        URI plain = URI.create("http://127.0.0.1:8500");
        try (TlsContexts contexts = SourceFactory.contexts(TlsFiles.NONE, List.of(plain, secure))) {
            assertThat(contexts).isInstanceOf(RotatedTls.class);
        }
        assertThat(SourceFactory.contexts(TlsFiles.NONE, List.of(plain)))
                .isSameAs(TlsContexts.SYSTEM);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tls-files"))
                .count();
    }

    private static TlsFiles files(Issued issued) {
        return new TlsFiles(
                Optional.of(issued.authority()),
                Optional.of(issued.certificate()),
                Optional.of(issued.key()));
    }
}
