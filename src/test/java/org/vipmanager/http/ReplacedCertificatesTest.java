package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.posix.RecordedLog;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TestAuthority.KeyKind;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** The sender and a server that demands a client certificate, while ours is replaced. */
@Timeout(60)
final class ReplacedCertificatesTest {

    @TempDir private Path folder;

    private final ThreadLoop loop = new ThreadLoop();
    private final BlockingQueue<HttpOutcome> outcomes = new LinkedBlockingQueue<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private HttpsServer server;

    @AfterEach
    void stop() {
        server.stop(0);
        loop.close();
    }

    @Test
    void refusedOnes_areWarnedOfOnce_andTheConnectionOfBeforeGoesOn() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority stranger = new TestAuthority(folder, "stranger");
        Issued foreign = stranger.issue("foreign", KeyKind.EC_PKCS8);
        Issued refused = new Issued(authority.certificate(), foreign.certificate(), foreign.key());
        SSLContext first = context(authority.issue("first", KeyKind.EC_PKCS8));
        startServer(authority);

        try (RecordedLog log = RecordedLog.of("org.vipmanager.http")) {
            askAfterReplacing(first, context(refused));
            assertThat(clients).containsExactly("CN=first", "CN=first", "CN=first");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(origin() + " ") // the alert, or the reset that overtook it
                    .endsWith("used until the new ones work");
        }
    }

    /** The authorities were replaced before the server's certificate was. */
    @Test
    void authoritiesThatDoNotKnowTheServer() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority stranger = new TestAuthority(folder, "stranger");
        Issued own = authority.issue("first", KeyKind.EC_PKCS8);
        Issued other = new Issued(stranger.certificate(), own.certificate(), own.key());
        startServer(authority);

        askAfterReplacing(context(own), context(other));
        assertThat(clients).containsExactly("CN=first", "CN=first", "CN=first");
    }

    @Test
    void goodOnes_areShownFromThenOn() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        SSLContext first = context(authority.issue("first", KeyKind.EC_PKCS8));
        SSLContext second = context(authority.issue("second", KeyKind.EC_PKCS8));
        startServer(authority);

        askAfterReplacing(first, second);
        assertThat(clients).containsExactly("CN=first", "CN=second", "CN=second");
    }

    private void askAfterReplacing(SSLContext first, SSLContext then) throws Exception {
        SSLContext[] current = {first};
        SocketHttpSender sender =
                new SocketHttpSender(
                        loop,
                        new SocketHttpSender.Limits(Duration.ofSeconds(5), 1000),
                        () -> current[0]);
        ask(sender);
        current[0] = then;
        ask(sender);
        ask(sender);
        loop.execute(sender::close);
    }

    private void ask(SocketHttpSender sender) throws InterruptedException {
        HttpQuestion question =
                HttpQuestion.get(URI.create(origin() + "/"), Duration.ofSeconds(15));
        loop.execute(() -> sender.send(question, outcomes::add));
        assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isInstanceOf(HttpAnswer.class);
    }

    private String origin() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    private void startServer(TestAuthority authority) throws Exception {
        SSLContext context = context(authority.issue("server", KeyKind.EC_PKCS8));
        server = HttpsServer.create(new InetSocketAddress("localhost", 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters demanding = context.getDefaultSSLParameters();
                        demanding.setNeedClientAuth(true);
                        parameters.setSSLParameters(demanding);
                    }
                });
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        HttpsExchange secure = (HttpsExchange) exchange;
                        clients.add(secure.getSSLSession().getPeerPrincipal().getName());
                        exchange.sendResponseHeaders(200, -1);
                    }
                });
        server.start();
    }

    private static SSLContext context(Issued files) throws Exception {
        return TlsMaterial.load(
                        new TlsFiles(
                                Optional.of(files.authority()),
                                Optional.of(files.certificate()),
                                Optional.of(files.key())))
                .context();
    }
}
