package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLContext;

/** The sender on real sockets of the loopback interface, against servers that misbehave. */
@Timeout(30)
final class SocketHttpSenderTest {

    private static final Duration DEADLINE = Duration.ofMillis(400);

    /** Where the deadline must not be what ends the exchange, on a busy machine either. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int LONGEST_BODY = 10_000;

    private final ThreadLoop loop = new ThreadLoop();
    private final SocketHttpSender sender = sender(TlsContexts.SYSTEM);
    private final BlockingQueue<HttpOutcome> outcomes = new LinkedBlockingQueue<>();
    private final ExecutorService serving = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(serving);
        server.start();
    }

    @AfterEach
    void stop() {
        loop.execute(sender::close);
        server.stop(0);
        serving.shutdownNow();
        loop.close();
    }

    @Test
    void anAnswerOfAnyStatusIsAnAnswer() {
        serve("/x", exchange -> answer(exchange, 503, "größer\n"));
        HttpAnswer answer = answered(ask("/x?a=b"));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("größer\n");
        assertThat(answer.excerpt()).isEqualTo("größer");
        assertThat(answer.header("x-test")).contains("yes");
        assertThat(answer.header("absent")).isEmpty();
        assertThat(answer.sentAt().until(answer.receivedAt())).isLessThan(PATIENCE);
    }

    @Test
    void methodHeadersAndBodyArriveAndARedirectIsNotFollowed() {
        AtomicReference<String> got = new AtomicReference<>();
        serve(
                "/x",
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    String token = exchange.getRequestHeaders().getFirst("X-Token");
                    got.set(exchange.getRequestMethod() + " " + token + " " + body);
                    exchange.getResponseHeaders().set("Location", "/y");
                    answer(exchange, 302, "");
                });
        HttpOutcome outcome =
                ask(
                        new HttpQuestion(
                                "POST",
                                uri("/x"),
                                Map.of("X-Token", () -> "t"),
                                Optional.of("a=1"),
                                false,
                                PATIENCE));

        assertThat(answered(outcome).status()).isEqualTo(302);
        assertThat(got.get()).isEqualTo("POST t a=1");
    }

    @Test
    void theConnectionIsKept() {
        Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
        serve(
                "/",
                exchange -> {
                    clients.add(exchange.getRemoteAddress());
                    answer(exchange, 200, "ok");
                });
        for (int number = 0; number < 20; number++) {
            answered(ask("/"));
        }
        assertThat(clients).hasSize(1);
    }

    @Test
    void outcomesComeOnTheLoop() throws Exception {
        serve("/", exchange -> answer(exchange, 200, "ok"));
        BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        loop.execute(
                () ->
                        sender.send(
                                HttpQuestion.get(uri("/"), PATIENCE),
                                _ -> threads.add(Thread.currentThread().getName())));
        assertThat(threads.poll(5, TimeUnit.SECONDS)).isEqualTo("test-loop");
    }

    @Test
    void aServerThatHangsIsGivenUpAtTheDeadline() {
        serve("/", _ -> hang());
        HttpFailure failure = failed(ask(HttpQuestion.get(uri("/"), DEADLINE)));

        assertThat(failure.trouble()).isEqualTo(base() + " did not answer within 400 ms");
        assertThat(failure.sentAt().until(failure.receivedAt()))
                .isBetween(DEADLINE, DEADLINE.plusSeconds(10));
    }

    /** The client's own time-out ends with the headers; the deadline is for all of the answer. */
    @Test
    void aServerThatDripsIsGivenUpAtTheDeadline() {
        serve(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream body = exchange.getResponseBody()) {
                        for (int number = 0; number < 1000; number++) {
                            body.write('.');
                            body.flush();
                            Thread.sleep(20);
                        }
                    }
                });
        HttpOutcome outcome = ask(HttpQuestion.get(uri("/"), DEADLINE));
        assertThat(failed(outcome).trouble()).endsWith(" did not answer within 400 ms");
    }

    @Test
    void theConnectionOfAnExchangeThatIsGivenUpIsClosed() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        CountDownLatch asked = new CountDownLatch(1);
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            serving.execute(
                    () -> {
                        try (Socket connection = silent.accept();
                                InputStream in = connection.getInputStream()) {
                            in.read();
                            asked.countDown();
                            in.transferTo(OutputStream.nullOutputStream());
                        } catch (IOException reset) {
                            // That is an end too.
                        }
                        closed.set(true);
                    });
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            AtomicReference<HttpCall> call = new AtomicReference<>();
            loop.execute(
                    () ->
                            call.set(
                                    sender.send(
                                            HttpQuestion.get(uri, Duration.ofHours(1)),
                                            outcomes::add)));
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            loop.execute(() -> call.get().cancel());
            await().untilTrue(closed);
        }
        assertThat(outcomes).isEmpty();
    }

    @Test
    void abodyThatIsTooLongIsNotRead() {
        serve("/", exchange -> answer(exchange, 200, "x".repeat(LONGEST_BODY + 1)));
        serve("/endless", SocketHttpSenderTest::endless);

        assertThat(failed(ask("/")).trouble()).isEqualTo(base() + " sent more than 10000 bytes");
        assertThat(failed(ask("/endless")).trouble())
                .isEqualTo(base() + " sent more than 10000 bytes");
    }

    @Test
    void aRefusedConnection() {
        server.stop(0);
        assertThat(failed(ask("/")).trouble()).isEqualTo(base() + " refused the connection");
    }

    /** A firewall has forgotten them all: each would cost a deadline. */
    @Test
    void keptConnectionsThatSayNothingMore_costOneDeadline() throws Exception {
        AtomicBoolean forgets = new AtomicBoolean();
        CountDownLatch threeAtATime = new CountDownLatch(3);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            serving.execute(
                    () -> {
                        try {
                            while (true) {
                                Socket connection = server.accept();
                                serving.execute(
                                        () -> answerUntil(forgets, threeAtATime, connection));
                            }
                        } catch (IOException end) {
                            // The test is over.
                        }
                    });
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            for (int i = 0; i < 3; i++) {
                loop.execute(() -> sender.send(HttpQuestion.get(uri, PATIENCE), outcomes::add));
            }
            for (int i = 0; i < 3; i++) {
                answered(outcomes.poll(25, TimeUnit.SECONDS));
            }
            forgets.set(true);
            failed(ask(HttpQuestion.get(uri, DEADLINE)));
            answered(ask(HttpQuestion.get(uri, PATIENCE)));
        }
    }

    /** A connection that was there before says nothing afterwards; a new one is answered. */
    private static void answerUntil(
            AtomicBoolean forgets, CountDownLatch threeAtATime, Socket connection) {
        boolean isOld = !forgets.get();
        try (connection;
                InputStream in = connection.getInputStream()) {
            byte[] request = new byte[4096];
            while (in.read(request) > 0) {
                threeAtATime.countDown();
                threeAtATime.await();
                if (!isOld || !forgets.get()) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
                }
            }
        } catch (IOException | InterruptedException end) {
            // The test is over.
        }
    }

    @Test
    void aConnectionThatIsClosedWithoutAnAnswer() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            serving.execute(
                    () -> {
                        try {
                            while (true) {
                                Socket connection = rude.accept();
                                connection.getInputStream().read();
                                connection.close();
                            }
                        } catch (IOException end) {
                            // The test is over.
                        }
                    });
            URI uri = URI.create("http://127.0.0.1:" + rude.getLocalPort() + "/");
            assertThat(failed(ask(HttpQuestion.get(uri, PATIENCE))).trouble())
                    .endsWith(" closed the connection before its answer was complete");
        }
    }

    @Test
    void aConnectionThatIsClosedInTheMiddleOfTheBody() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            serving.execute(
                    () -> {
                        try (Socket connection = rude.accept()) {
                            connection.getInputStream().read();
                            String half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf";
                            connection.getOutputStream().write(half.getBytes(UTF_8));
                        } catch (IOException end) {
                            // The test is over.
                        }
                    });
            URI uri = URI.create("http://127.0.0.1:" + rude.getLocalPort() + "/");
            assertThat(failed(ask(HttpQuestion.get(uri, PATIENCE))).trouble())
                    .endsWith(" closed the connection before its answer was complete");
        }
    }

    @Test
    void aNameThatDoesNotExist() {
        URI uri = URI.create("http://no-such-host.invalid:1/");
        assertThat(failed(ask(HttpQuestion.get(uri, Duration.ofSeconds(20)))).trouble())
                .isEqualTo("http://no-such-host.invalid:1 has a host name that cannot be resolved");
    }

    @Test
    void somethingThatIsNoHttp() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            serving.execute(
                    () -> {
                        try (Socket connection = other.accept()) {
                            connection.getOutputStream().write("SSH-2.0-x\r\n\r\n".getBytes(UTF_8));
                            connection.getOutputStream().flush();
                            connection.getInputStream().readAllBytes();
                        } catch (IOException end) {
                            // The test is over.
                        }
                    });
            URI uri = URI.create("http://127.0.0.1:" + other.getLocalPort() + "/");
            assertThat(failed(ask(HttpQuestion.get(uri, PATIENCE))).trouble())
                    .contains(" sent what is no HTTP answer (");
        }
    }

    /** The client's own message would repeat the header's value. */
    @Test
    void aTokenThatIsNoHeaderIsNotToldToTheLog() {
        HttpQuestion question =
                HttpQuestion.get(uri("/"), PATIENCE).withHeader("X-Token", () -> "s3c\nret");
        assertThat(failed(ask(question)).trouble())
                .isEqualTo(
                        base()
                                + " cannot be asked: the request holds a character that HTTP does"
                                + " not allow");
        assertThat(question.toString()).doesNotContain("ret");
    }

    @Test
    void certificatesThatCannotBeReadAreAFailure() throws Exception {
        SocketHttpSender broken =
                sender(
                        () -> {
                            throw new IOException("/etc/ca.pem does not exist");
                        });
        loop.execute(() -> broken.send(HttpQuestion.get(uri("/"), PATIENCE), outcomes::add));
        assertThat(failed(outcomes.poll(5, TimeUnit.SECONDS)).trouble())
                .isEqualTo(base() + " cannot be asked: /etc/ca.pem does not exist");
    }

    /** The JDK's client throws that where there are no file descriptors left. */
    @Test
    void clientThatCannotBeMade_isAFailure() throws Exception {
        SocketHttpSender broken =
                sender(
                        () -> {
                            throw new UncheckedIOException(new IOException("too many open files"));
                        });
        loop.execute(() -> broken.send(HttpQuestion.get(uri("/"), PATIENCE), outcomes::add));

        assertThat(failed(outcomes.poll(5, TimeUnit.SECONDS)).trouble())
                .startsWith(base() + " cannot be asked: ")
                .endsWith("too many open files");
    }

    @Test
    void threadThatCannotBeStarted_isOneFailure_andNothingIsThrownOnTheLoop() throws Exception {
        serve("/", exchange -> answer(exchange, 200, "ok"));
        AtomicBoolean limited = new AtomicBoolean(true);
        FutureTask<SocketHttpSender> sending =
                new FutureTask<>(
                        () -> {
                            SocketHttpSender made = senderWithThreads(limited);
                            made.send(HttpQuestion.get(uri("/"), DEADLINE), outcomes::add);
                            return made;
                        });
        loop.execute(sending);
        SocketHttpSender starved = sending.get(5, TimeUnit.SECONDS);

        assertThat(failed(outcomes.poll(5, TimeUnit.SECONDS)).trouble())
                .isEqualTo(
                        base()
                                + " cannot be asked: no thread can be started (is a limit of"
                                + " processes reached?)");
        await().during(DEADLINE.plusMillis(200)).until(outcomes::isEmpty);
        limited.set(false);
        loop.execute(() -> starved.send(HttpQuestion.get(uri("/"), PATIENCE), outcomes::add));
        answered(outcomes.poll(20, TimeUnit.SECONDS));
        loop.execute(starved::close);
    }

    private SocketHttpSender senderWithThreads(AtomicBoolean limited) {
        return new SocketHttpSender(
                loop,
                new SocketHttpSender.Limits(Duration.ofSeconds(2), LONGEST_BODY),
                TlsContexts.SYSTEM,
                task -> {
                    if (limited.get()) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return Thread.ofPlatform().daemon().unstarted(task);
                });
    }

    @Test
    void close_deliversNothingAndTakesNothingMore() {
        serve("/", _ -> hang());
        loop.execute(
                () -> {
                    sender.send(HttpQuestion.get(uri("/"), DEADLINE), outcomes::add);
                    sender.close();
                    sender.send(HttpQuestion.get(uri("/"), DEADLINE), outcomes::add);
                });
        await().during(DEADLINE.plusMillis(200)).until(outcomes::isEmpty);
    }

    /** A reload of the configuration makes another sender, and must not leave this one's behind. */
    @Test
    void close_endsWhatLooksAfterTheCertificates() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        SocketHttpSender secure =
                sender(
                        new TlsContexts() {
                            @Override
                            public @Nullable SSLContext current() {
                                return null;
                            }

                            @Override
                            public void close() {
                                ended.countDown();
                            }
                        });
        loop.execute(secure::close);

        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }

    private SocketHttpSender sender(TlsContexts tls) {
        return new SocketHttpSender(
                loop, new SocketHttpSender.Limits(Duration.ofSeconds(2), LONGEST_BODY), tls);
    }

    private HttpOutcome ask(String path) {
        return ask(HttpQuestion.get(uri(path), PATIENCE));
    }

    private HttpOutcome ask(HttpQuestion question) {
        loop.execute(() -> sender.send(question, outcomes::add));
        try {
            HttpOutcome outcome = outcomes.poll(25, TimeUnit.SECONDS);
            assertThat(outcome).isNotNull();
            return outcome;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static HttpAnswer answered(HttpOutcome outcome) {
        assertThat(outcome).isInstanceOf(HttpAnswer.class);
        return (HttpAnswer) outcome;
    }

    private static HttpFailure failed(HttpOutcome outcome) {
        assertThat(outcome).isInstanceOf(HttpFailure.class);
        return (HttpFailure) outcome;
    }

    private URI uri(String path) {
        return URI.create(base() + path);
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void serve(String path, Handler handler) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        handler.handle(exchange);
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("X-Test", "yes");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] much = new byte[4096];
        while (true) {
            exchange.getResponseBody().write(much);
        }
    }

    private static void hang() throws InterruptedException {
        Thread.sleep(60_000);
    }
}
