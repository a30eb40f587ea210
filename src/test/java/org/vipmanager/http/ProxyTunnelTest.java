package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.tls.OpenSslServer;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** A secured server behind a proxy of every kind. */
@Timeout(120)
final class ProxyTunnelTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String PASSWORD = "geheim";

    @TempDir private static Path folder;

    private static TestAuthority authority;
    private static OpenSslServer server;

    private final ThreadLoop loop = new ThreadLoop();
    private final BlockingQueue<HttpOutcome> outcomes = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() {
        authority = new TestAuthority(folder, "authority");
        server =
                new OpenSslServer(
                        authority.issueFor("localhost", "DNS:localhost,IP:127.0.0.1"), "-www");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void securedServer_isReachedThroughIt_andItSeesNothing() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(_ -> ConnectProxy.CONNECTED)) {
            assertThat(ask(variables(proxy, ""), LONG)).isInstanceOf(HttpAnswer.class);
            assertThat(proxy.heads())
                    .containsExactly(
                            "CONNECT localhost:%1$d HTTP/1.1\r\nHost: localhost:%1$d\r\n\r\n"
                                    .formatted(server.port()));
        }
    }

    @ParameterizedTest
    @CsvSource({"localhost", "'example.com, localhost'", "*"})
    void exceptions_areReachedDirectly(String exceptions) throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(_ -> ConnectProxy.CONNECTED)) {
            assertThat(ask(variables(proxy, exceptions), LONG)).isInstanceOf(HttpAnswer.class);
            assertThat(proxy.heads()).isEmpty();
        }
    }

    @Test
    void refuses_isTold() throws Exception {
        assertThat(trouble("HTTP/1.1 403 Forbidden\r\n\r\n", LONG))
                .endsWith(
                        "cannot be asked: the proxy does not connect to it: HTTP/1.1 403 Forbidden");
        assertThat(trouble("HTTP/1.0 502 \u001b[1m\r\nX: y\r\n\r\n", LONG))
                .endsWith("HTTP/1.0 502 ?[1m");
    }

    @Test
    void isNoProxy() throws Exception {
        assertThat(trouble("SSH-2.0-OpenSSH_9.2\r\n" + "x".repeat(20_000), LONG))
                .endsWith("the proxy does not answer as one");
        assertThat(trouble("half", LONG)).endsWith("the proxy does not answer as one");
    }

    @Test
    void hangs_endsByTheDeadline() throws Exception {
        assertThat(trouble("", Duration.ofMillis(700))).endsWith("did not answer within 700 ms");
    }

    @Test
    void isNotThere_isTold() throws Exception {
        ConnectProxy proxy = new ConnectProxy(_ -> "");
        proxy.close();
        HttpFailure failure = (HttpFailure) ask(variables(proxy, ""), LONG);
        assertThat(failure.trouble())
                .endsWith(
                        "the proxy http://127.0.0.1:%d refused the connection"
                                .formatted(proxy.port()));
    }

    /** With a password it is let through, which no message shows. */
    @Test
    void asksForAPassword() throws Exception {
        try (ConnectProxy proxy =
                new ConnectProxy(
                        head ->
                                head.contains("Proxy-Authorization: Basic am9lOmdlaGVpbQ==\r\n")
                                        ? ConnectProxy.CONNECTED
                                        : "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")) {
            HttpFailure refused = (HttpFailure) ask(variables(proxy, ""), LONG);
            assertThat(refused.trouble())
                    .contains("407 Proxy Authentication Required (https_proxy=http://USER:");
            String url = "http://joe:%s@127.0.0.1:%d".formatted(PASSWORD, proxy.port());
            assertThat(ask(Map.of("HTTPS_PROXY", url), LONG)).isInstanceOf(HttpAnswer.class);
            String wrong = url.replace("joe", "jim");
            HttpFailure denied = (HttpFailure) ask(Map.of("https_proxy", wrong), LONG);
            assertThat(denied.trouble()).contains("407").doesNotContain(PASSWORD);
            assertThat(Proxies.of(Map.of("https_proxy", wrong)).toString())
                    .doesNotContain(PASSWORD);
        }
    }

    /** Who pretends to be the server behind it is not believed. */
    @Test
    void certificatesAreVerified_behindItToo() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(_ -> ConnectProxy.CONNECTED);
                OpenSslServer other =
                        new OpenSslServer(authority.issueFor("other", "DNS:other"), "-www")) {
            HttpFailure failure =
                    (HttpFailure)
                            ask(
                                    variables(proxy, ""),
                                    LONG,
                                    URI.create("https://localhost:" + other.port() + "/"));
            assertThat(failure.trouble()).contains("certificate is for another host");
            assertThat(failure.needsAPerson()).isTrue();
        }
    }

    private String trouble(String answer, Duration deadline) throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(_ -> answer)) {
            return ((HttpFailure) ask(variables(proxy, ""), deadline)).trouble();
        }
    }

    private static Map<String, String> variables(ConnectProxy proxy, String exceptions) {
        return Map.of("https_proxy", "127.0.0.1:" + proxy.port(), "no_proxy", exceptions);
    }

    private HttpOutcome ask(Map<String, String> variables, Duration deadline) throws Exception {
        return ask(variables, deadline, URI.create("https://localhost:" + server.port() + "/"));
    }

    private HttpOutcome ask(Map<String, String> variables, Duration deadline, URI uri)
            throws Exception {
        SocketHttpSender sender =
                new SocketHttpSender(
                        loop,
                        new SocketHttpSender.Limits(Duration.ofSeconds(15), 100_000),
                        trusting(),
                        Proxies.of(variables));
        try {
            HttpQuestion question = HttpQuestion.get(uri, deadline);
            loop.execute(() -> sender.send(question, outcomes::add));
            HttpOutcome outcome = outcomes.poll(90, TimeUnit.SECONDS);
            if (outcome == null) {
                throw new IOException("no outcome");
            }
            return outcome;
        } finally {
            loop.execute(sender::close);
        }
    }

    private static TlsContexts trusting() throws Exception {
        TlsFiles files =
                new TlsFiles(
                        Optional.of(authority.certificate()), Optional.empty(), Optional.empty());
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
