package org.vipmanager.hetzner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.posix.RecordedLog;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.Provider;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What is told of requests, and their end when the client is closed. */
final class ApiClientTest {

    private static final String PASSWORD = "a long secret+/";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ThreadLoop loop = new ThreadLoop();
    private final ApiClient client =
            new ApiClient(
                    loop,
                    new SocketHttpSender(
                            loop,
                            new SocketHttpSender.Limits(Duration.ofSeconds(10), 1 << 20),
                            TlsContexts.SYSTEM));

    @AfterEach
    void end() {
        client.close();
        loop.close();
    }

    /** Whatever an answer repeats: in no log line, and in nothing that people are told. */
    @Test
    void secretsAreNowhere_evenIfAnAnswerRepeatsThem() throws IOException {
        for (int status : new int[] {200, 201, 302, 400, 401, 403, 404, 409, 423, 429, 500}) {
            try (RecordedLog log = RecordedLog.verbose("org.vipmanager.provider");
                    HttpStub stub = new HttpStub((asked, out) -> repeat(asked, out, status))) {
                List<Object> told = new ArrayList<>();
                for (Provider provider : providers(stub.uri())) {
                    told.add(provider.state(call()).outcome());
                    told.add(provider.acquire(call()).outcome());
                }
                told.addAll(log.lines());
                assertThat(log.lines()).anyMatch(line -> line.contains(" answers " + status));
                assertThat(told.toString())
                        .contains("*****")
                        .doesNotContain(PASSWORD)
                        .doesNotContain(login().authorization().substring(6));
            }
        }
    }

    private static void repeat(HttpStub.Asked asked, OutputStream out, int status)
            throws IOException {
        String head = asked.head().replaceAll("[\r\n]+", " ");
        String words = head.substring(head.indexOf("Authorization")) + PASSWORD;
        HttpStub.json(
                out,
                status,
                "{\"error\":{\"code\":\"%1$s\",\"message\":\"%1$s\"}}".formatted(words));
    }

    private List<Provider> providers(URI endpoint) {
        CloudAccess access =
                new CloudAccess(
                        client,
                        endpoint,
                        endpoint,
                        () -> PASSWORD,
                        InstantSource.system(),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(5));
        return List.of(
                new RobotProvider(
                        client,
                        endpoint,
                        ApiClientTest::login,
                        new LoginLock(Path.of("/absent"), Optional.empty(), InstantSource.system()),
                        Optional.of(InetAddress.ofLiteral("203.0.113.7")),
                        Optional.empty(),
                        new RobotProvider.Times(LONG, LONG)),
                new FloatingIpProvider(access, Optional.of(42L)),
                new AliasIpProvider(access, Optional.of(42L), 7));
    }

    private static RobotLogin login() {
        return new RobotLogin("joe", PASSWORD);
    }

    private static Call call() {
        return new Call(
                Call.Kind.STATE,
                new VirtualIp(InetAddress.ofLiteral("198.51.100.9"), 32, ""),
                new Trigger("/service/db/leader", "pg1"));
    }

    /** As at a reload: who waits is told, and the server sees the connection closed. */
    @Test
    void close_endsWhatIsUnderWay() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (HttpStub stub = new HttpStub(HttpStub.endless(heard::countDown, closed::countDown))) {
            ApiClient.Request request = ApiClient.Request.get(stub.uri(), LONG.multipliedBy(10));
            CompletableFuture<HttpOutcome> outcome =
                    CompletableFuture.supplyAsync(() -> client.ask(request));
            assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
            client.close();
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            HttpFailure.class,
                            failure -> assertThat(failure.trouble()).contains("settings have"));
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(client.ask(request)).isInstanceOf(HttpFailure.class);
        }
    }

    @Test
    void failed_isNoSecretEither() {
        Answer.Outcome outcome =
                providers(URI.create("http://127.0.0.1:1")).getFirst().state(call()).outcome();
        assertThat(outcome.toString()).doesNotContain(PASSWORD);
    }
}
