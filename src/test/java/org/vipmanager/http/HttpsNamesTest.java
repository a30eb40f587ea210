package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.tls.OpenSslServer;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** The sender and servers whose certificates name them in ways that Go takes, or does not. */
@Timeout(60)
final class HttpsNamesTest {

    @TempDir private Path folder;

    private final ThreadLoop loop = new ThreadLoop();
    private final BlockingQueue<HttpOutcome> outcomes = new LinkedBlockingQueue<>();
    private TestAuthority authority;

    @BeforeEach
    void makeAuthority() {
        authority = new TestAuthority(folder, "authority");
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    /** As in compose and swarm networks; {@code ContainerNames} resolves them. */
    @ParameterizedTest
    @CsvSource({"consul_1, DNS:consul_1", "db_1.swarm_net, DNS:*.swarm_net"})
    void nameWithAnUnderscore_isVerified(String host, String alternative) throws Exception {
        assertThat(asked(host, alternative)).isInstanceOf(HttpAnswer.class);
    }

    @Test
    void anotherNameWithAnUnderscore_isRefused() throws Exception {
        assertThat(trouble("consul_2", "DNS:consul_1"))
                .contains("the server's certificate is for another host (DNS:consul_1; not for");
    }

    @Test
    void commonNameAlone_isRefusedWithThatReason() throws Exception {
        assertThat(trouble("localhost", ""))
                .endsWith(
                        "the server's certificate names its host by common name only"
                                + " (CN=localhost), which does not count: it needs a subjectAltName"
                                + " DNS:localhost");
    }

    /** The page shows what the server was asked for. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, DNS:consul.example", "localhost, DNS:*.example", "db_1, IP:192.0.2.7"})
    void configuredName_isWhatTheServerMustBear(String host, String alternative) throws Exception {
        String name = alternative.substring(alternative.indexOf(':') + 1).replace("*", "consul");
        HttpOutcome outcome = asked(host, alternative, Optional.of(new ServerName(name)));

        assertThat(outcome).isInstanceOf(HttpAnswer.class);
    }

    @Test
    void endpointsOwnName_doesNotCountBesideAConfiguredOne() throws Exception {
        Optional<ServerName> name = Optional.of(new ServerName("consul.example"));
        HttpOutcome outcome = asked("localhost", "DNS:localhost,IP:127.0.0.1", name);

        assertThat(((HttpFailure) outcome).trouble())
                .endsWith(
                        "the server's certificate is for another host (DNS:localhost,"
                                + " IP:127.0.0.1; not for consul.example)");
    }

    private String trouble(String host, String alternative) throws Exception {
        return ((HttpFailure) asked(host, alternative)).trouble();
    }

    private HttpOutcome asked(String host, String alternative) throws Exception {
        return asked(host, alternative, Optional.empty());
    }

    private HttpOutcome asked(String host, String alternative, Optional<ServerName> name)
            throws Exception {
        TlsFiles trusting =
                new TlsFiles(
                        Optional.of(authority.certificate()),
                        Optional.empty(),
                        Optional.empty(),
                        name);
        SocketHttpSender sender =
                new SocketHttpSender(
                        loop,
                        new SocketHttpSender.Limits(Duration.ofSeconds(15), 100_000),
                        contexts(trusting));
        try (OpenSslServer server =
                new OpenSslServer(authority.issueFor(host, alternative), "-www")) {
            URI uri = URI.create("https://" + host + ":" + server.port() + "/");
            HttpQuestion question = HttpQuestion.get(uri, Duration.ofSeconds(15));
            loop.execute(() -> sender.send(question, outcomes::add));
            return outcomes.poll(20, TimeUnit.SECONDS);
        } finally {
            loop.execute(sender::close);
        }
    }

    private static TlsContexts contexts(TlsFiles files) throws TlsFileException {
        SSLContext context = TlsMaterial.load(files).context();
        return new TlsContexts() {
            @Override
            public SSLContext current() {
                return context;
            }

            @Override
            public ServerName serverAt(String host) {
                return files.serverAt(host);
            }
        };
    }
}
