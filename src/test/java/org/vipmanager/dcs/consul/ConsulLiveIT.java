package org.vipmanager.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.config.SecretFiles;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Sighting.Origin;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.InMemory;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.posix.RecordedLog;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TestAuthority.KeyKind;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/** The source against a real Consul. Needs {@code build/fetch-servers consul}. */
@Timeout(120)
final class ConsulLiveIT {

    private static final String KEY = "service/db/leader";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** So that nobody can mistake waiting for an answer for a slow machine. */
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(30);

    @TempDir(factory = InMemory.class)
    private Path folder;

    private final ThreadLoop loop = new ThreadLoop();
    private final List<Sighting> seen = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private Duration interval = Duration.ofSeconds(1);
    private Duration timeout = TIMEOUT;
    private LeaderSource source;

    @AfterEach
    void close() {
        if (source != null) {
            loop.execute(source::close);
        }
        loop.close();
    }

    /**
     * The blocking query tells every change, thirty times: reads are so rare that none does.
     * Printed is the time from the write having returned.
     */
    @Test
    void everyChangeIsToldByTheBlockingQuery() throws InterruptedException {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            consul.put(KEY, "pg0");
            interval = Duration.ofMinutes(5);
            follow(consul.endpoint());
            awaitValue("pg0");
            List<Double> millis = new ArrayList<>();
            for (int number = 1; number <= 30; number++) {
                String value = "pg" + number;
                Thread.sleep(130);
                consul.put(KEY, value);
                Moment written = loop.now();
                awaitValue(value);
                assertThat(firstSighting(value).origin()).isEqualTo(Origin.EVENT);
                millis.add(written.until(firstSeen(value)).toNanos() / 1e6);
            }
            Collections.sort(millis);
            System.out.printf(
                    "Consul change to sighting: median %.1f ms, p95 %.1f, worst %.1f%n",
                    millis.get(15), millis.get(28), millis.get(29));
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void absentDeletedAndCreatedAgain() {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            follow(consul.endpoint());
            await().until(() -> seen.size() == 1);
            assertThat(seen.getFirst().value()).isEmpty();
            consul.put(KEY, "pg1");
            awaitValue("pg1");
            consul.delete(KEY);
            await().until(() -> seen.getLast().value().isEmpty());
            consul.put(KEY, "pg1");
            awaitValue("pg1");
            assertOrdered();
        }
    }

    /** Patroni's session ends and takes the leader key with it. */
    @Test
    void aSessionThatEndsTakesTheKeyAlong() {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            String session = consul.openSession(Duration.ofSeconds(10));
            assertThat(consul.acquire(KEY, "pg1", session)).isTrue();
            follow(consul.endpoint());
            awaitValue("pg1");
            assertThat(seen.getLast().leaseId()).isZero();
            consul.destroySession(session);
            await().until(() -> seen.getLast().value().isEmpty());
            String next = consul.openSession(Duration.ofSeconds(10));
            await().until(() -> consul.acquire(KEY, "pg2", next));
            awaitValue("pg2");
            assertOrdered();
        }
    }

    /** Nothing but reads confirms a key that nobody writes; the blocking query stays as it is. */
    @Test
    void aQuietKeyIsConfirmedEverySecond() {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            consul.put(KEY, "pg1");
            follow(consul.endpoint());
            await().atMost(Duration.ofSeconds(30)).until(() -> seen.size() >= 13);
            assertThat(seen.getFirst().receivedAt().until(seen.get(12).receivedAt()))
                    .as("twelve times a second, and no oftener")
                    .isGreaterThan(Duration.ofSeconds(10));
            assertThat(seen).allMatch(sighting -> sighting.origin() == Origin.READ);
            assertThat(failures).isEmpty();
            consul.put(KEY, "pg2");
            awaitValue("pg2");
            assertThat(seen.getLast().origin()).isEqualTo(Origin.EVENT);
        }
    }

    /** Consul is killed and comes back after three seconds with its data. */
    @Test
    void aRestartIsSurvived() throws InterruptedException {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            consul.put(KEY, "pg1");
            follow(consul.endpoint());
            awaitValue("pg1");
            consul.kill();
            Moment killed = loop.now();
            await().until(() -> !failures.isEmpty());
            assertThat(failures.getFirst())
                    .isEqualTo(
                            "Consul at "
                                    + consul.endpoint()
                                    + " refused the connection when asked for "
                                    + KEY);
            Thread.sleep(3000);
            consul.start();
            consul.awaitLeader();
            Moment back = loop.now();
            awaitReadSentAfter(back);
            System.out.printf(
                    "Consul restarted: without a good read for %d ms, %d ms of it after it led"
                            + " again%n",
                    killed.until(seen.getLast().receivedAt()).toMillis(),
                    back.until(seen.getLast().receivedAt()).toMillis());
            assertThat(seen.getLast().value()).contains("pg1");
            consul.put(KEY, "pg2");
            awaitValue("pg2");
        }
    }

    /** Consul stands still for eight seconds; its connections do not break. */
    @Test
    void aFreezeIsSurvived() throws InterruptedException {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            consul.put(KEY, "pg1");
            follow(consul.endpoint());
            awaitValue("pg1");
            consul.freeze();
            Moment frozen = loop.now();
            Thread.sleep(8000);
            assertThat(failures)
                    .first()
                    .asString()
                    .endsWith(" did not answer within 2000 ms when asked for " + KEY);
            assertThat(seen).noneMatch(sighting -> sighting.asOf().isAfter(frozen));
            consul.thaw();
            Moment thawed = loop.now();
            awaitReadSentAfter(thawed);
            consul.put(KEY, "pg2");
            awaitValue("pg2");
        }
    }

    /** It refuses the connection, and nobody waits for an answer that cannot come. */
    @Test
    void aDeadFirstEndpointCostsNoTimeout() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            consul.put(KEY, "pg1");
            timeout = LONG_TIMEOUT;
            follow(URI.create("http://127.0.0.1:" + nobody), consul.endpoint());
            awaitValue("pg1");
        }
    }

    /**
     * The kernel accepts the connection for it, and it says nothing. It is asked once before the
     * next one is.
     */
    @Test
    void aSilentFirstEndpointCostsOneTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            consul.put(KEY, "pg1");
            Moment started = loop.now();
            follow(URI.create("http://127.0.0.1:" + silent.getLocalPort()), consul.endpoint());
            awaitValue("pg1");
            assertThat(started.until(firstSeen("pg1"))).isGreaterThan(TIMEOUT.minusMillis(50));
            assertThat(connectionsTo(silent)).isEqualTo(1);
            consul.put(KEY, "pg2");
            awaitValue("pg2");
            assertThat(failures).isEmpty();
        }
    }

    /** How many there were until now. */
    private static int connectionsTo(ServerSocket server) throws IOException {
        server.setSoTimeout(1);
        int count = 0;
        try {
            while (true) {
                server.accept().close();
                count++;
            }
        } catch (SocketTimeoutException none) {
            return count;
        }
    }

    @Test
    void anEndpointWithoutALeaderIsPassedOver(@TempDir(factory = InMemory.class) Path other) {
        try (ConsulServer leaderless = ConsulServer.openWithoutLeader(other);
                ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            consul.put(KEY, "pg1");
            follow(leaderless.endpoint(), consul.endpoint());
            awaitValue("pg1");
        }
    }

    /** A server without a leader holds each answer back for seven seconds, hoping for one. */
    @Test
    void aServerWithoutALeaderIsATimeout() {
        try (ConsulServer leaderless = ConsulServer.openWithoutLeader(folder)) {
            follow(leaderless.endpoint());
            await().until(() -> failures.toString().contains("did not answer within 2000 ms"));
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void aTokenThatMayRead() {
        try (ConsulServer consul = ConsulServer.openWithTokens(folder, "master").awaitLeader()) {
            consul.put(KEY, "pg1");
            String token = consul.tokenToRead(KEY);
            follow(Optional.of(() -> token), TlsContexts.SYSTEM, "/" + KEY, consul.endpoint());
            awaitValue("pg1");
            assertThat(seen.getLast().key()).isEqualTo("/" + KEY);
            consul.put(KEY, "pg2");
            awaitValue("pg2");
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void noTokenAndAWrongToken() {
        try (ConsulServer consul = ConsulServer.openWithTokens(folder, "master").awaitLeader()) {
            consul.put(KEY, "pg1");
            follow(consul.endpoint());
            await().until(() -> !failures.isEmpty());
            assertThat(failures.getFirst())
                    .isEqualTo(
                            "Consul at "
                                    + consul.endpoint()
                                    + " answered 403 (Permission denied) when asked for "
                                    + KEY);
            loop.execute(source::close);
            failures.clear();
            follow(Optional.of(() -> "wr0ng"), TlsContexts.SYSTEM, KEY, consul.endpoint());
            await().until(() -> !failures.isEmpty());
            assertThat(failures.getFirst()).contains("answered 403").doesNotContain("wr0ng");
            assertThat(seen).isEmpty();
        }
    }

    /** The first token is deleted while its blocking query waits; nobody reloads anything. */
    @Test
    void aTokenFileThatIsReplaced() throws IOException {
        Path file = folder.resolve("token");
        try (ConsulServer consul = ConsulServer.openWithTokens(folder, "master").awaitLeader()) {
            String first = followWithTokenIn(file, consul);
            Files.delete(file);
            awaitReadSentAfter(loop.now());
            assertThat(failures).isEmpty();

            SecretFiles.replace(file, consul.anotherTokenToRead());
            awaitReadSentAfter(loop.now());
            consul.deleteToken(first);
            awaitReadSentAfter(loop.now());
            consul.put(KEY, "pg2");
            awaitValue("pg2");
            awaitReadSentAfter(loop.now());
            assertThat(failures).isEmpty();
        }
    }

    /** The file is replaced only after its token was deleted: Consul refuses it in between. */
    @Test
    void aTokenFileThatIsReplacedTooLate() throws IOException {
        Path file = folder.resolve("token");
        try (ConsulServer consul = ConsulServer.openWithTokens(folder, "master").awaitLeader()) {
            String first = followWithTokenIn(file, consul);
            String second = consul.anotherTokenToRead();
            consul.deleteToken(first);
            awaitFailure("answered 403");

            SecretFiles.replace(file, second);
            awaitReadSentAfter(loop.now());
            consul.put(KEY, "pg2");
            awaitValue("pg2");
        }
    }

    private String followWithTokenIn(Path file, ConsulServer consul) throws IOException {
        consul.put(KEY, "pg1");
        String token = consul.tokenToRead(KEY);
        SecretFiles.replace(file, token);
        follow(
                Optional.of(SecretFiles.consulToken(file)),
                TlsContexts.SYSTEM,
                KEY,
                consul.endpoint());
        awaitValue("pg1");
        return token;
    }

    /** Consul demands a client certificate; ours is good, missing, or of another authority. */
    @Test
    void overTls(@TempDir Path certificates) {
        TestAuthority authority = new TestAuthority(certificates, "authority");
        TestAuthority stranger = new TestAuthority(certificates, "stranger");
        Issued own = authority.issue("client", KeyKind.EC_PKCS8);
        try (ConsulServer consul = secure(authority)) {
            consul.put(KEY, "pg1");
            follow(Optional.empty(), () -> context(own), KEY, consul.tlsEndpoint());
            awaitValue("pg1");
            consul.put(KEY, "pg2");
            awaitValue("pg2");
            assertThat(failures).isEmpty();
            loop.execute(source::close);

            Issued none = new Issued(own.authority(), null, null);
            follow(Optional.empty(), () -> context(none), KEY, consul.tlsEndpoint());
            awaitFailure("the server refuses the client certificate, or demands one");
            loop.execute(source::close);

            Issued other = new Issued(stranger.certificate(), own.certificate(), own.key());
            follow(Optional.empty(), () -> context(other), KEY, consul.tlsEndpoint());
            awaitFailure("was not issued by an authority that is trusted here");
            assertThat(seen.getLast().value()).contains("pg2");
        }
    }

    /** The certificate is replaced while the source runs: the next request shows the new one. */
    @Test
    void aReplacedCertificate(@TempDir Path certificates) {
        TestAuthority authority = new TestAuthority(certificates, "authority");
        TestAuthority stranger = new TestAuthority(certificates, "stranger");
        Issued foreign = stranger.issue("client", KeyKind.EC_PKCS8);
        Issued refused = new Issued(authority.certificate(), foreign.certificate(), foreign.key());
        Issued good = authority.issue("client", KeyKind.RSA_PKCS1);
        AtomicReference<SSLContext> current = new AtomicReference<>(context(refused));
        try (ConsulServer consul = secure(authority)) {
            consul.put(KEY, "pg1");
            follow(Optional.empty(), current::get, KEY, consul.tlsEndpoint());
            awaitFailure("the server refuses the client certificate");
            assertThat(seen).isEmpty();
            current.set(context(good));
            awaitValue("pg1");
        }
    }

    /** The other way round: what Consul refuses does not end what works. */
    @Test
    void aReplacedCertificateThatIsRefused(@TempDir Path certificates) {
        TestAuthority authority = new TestAuthority(certificates, "authority");
        TestAuthority stranger = new TestAuthority(certificates, "stranger");
        Issued foreign = stranger.issue("client", KeyKind.EC_PKCS8);
        Issued refused = new Issued(authority.certificate(), foreign.certificate(), foreign.key());
        Issued good = authority.issue("client", KeyKind.RSA_PKCS1);
        AtomicReference<SSLContext> current = new AtomicReference<>(context(good));
        try (RecordedLog log = RecordedLog.of("org.vipmanager.http");
                ConsulServer consul = secure(authority)) {
            consul.put(KEY, "pg1");
            follow(Optional.empty(), current::get, KEY, consul.tlsEndpoint());
            awaitValue("pg1");
            current.set(context(refused));
            Moment replaced = loop.now();
            await().until(() -> !log.lines().isEmpty());
            awaitReadSentAfter(replaced.plus(Duration.ofSeconds(2)));
            consul.put(KEY, "pg2");
            awaitValue("pg2");
            assertThat(failures).isEmpty();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains(" cannot be asked: the server ", "used until the new ones work");
        }
    }

    private ConsulServer secure(TestAuthority authority) {
        Issued server = authority.issue("consul", KeyKind.EC_PKCS8);
        String settings =
                """
                "ca_file": "%s", "cert_file": "%s", "key_file": "%s",
                "verify_incoming_https": true,
                """
                        .formatted(server.authority(), server.certificate(), server.key());
        return ConsulServer.open(folder, settings).awaitLeader();
    }

    private static SSLContext context(Issued files) {
        try {
            return TlsMaterial.load(
                            new TlsFiles(
                                    Optional.of(files.authority()),
                                    Optional.ofNullable(files.certificate()),
                                    Optional.ofNullable(files.key())))
                    .context();
        } catch (TlsFileException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitFailure(String words) {
        await(words).until(() -> failures.toString().contains(words));
    }

    /** The store comes back empty: its index begins again, and a read says so. */
    @Test
    void anEmptiedStoreIsSeenAsAbsentAtALowerIndex() throws InterruptedException {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader()) {
            for (int number = 0; number < 100; number++) {
                consul.put("filler", "x");
            }
            consul.put(KEY, "pg1");
            follow(consul.endpoint());
            awaitValue("pg1");
            consul.kill();
            consul.wipe();
            consul.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> seen.getLast().value().isEmpty());
            assertThat(seen.getLast().revision().number())
                    .isLessThan(firstSighting("pg1").revision().number());
            consul.put(KEY, "pg2");
            awaitValue("pg2");
        }
    }

    private void follow(URI... endpoints) {
        follow(Optional.empty(), TlsContexts.SYSTEM, KEY, endpoints);
    }

    private void follow(
            Optional<Supplier<String>> token, TlsContexts tls, String key, URI... endpoints) {
        ConsulSettings settings =
                new ConsulSettings(
                        Arrays.asList(endpoints),
                        token,
                        interval,
                        timeout,
                        3,
                        Duration.ofMillis(250),
                        ConsulSettings.USUAL_LONG_POLL);
        SocketHttpSender sender =
                new SocketHttpSender(loop, new SocketHttpSender.Limits(timeout, 1 << 20), tls);
        ConsulLeaderSource started = new ConsulLeaderSource(loop, sender, settings);
        source = started;
        loop.execute(
                () ->
                        started.start(
                                List.of(new Trigger(key, "pg1")), new Listening(seen, failures)));
    }

    private void awaitValue(String value) {
        await("the value " + value)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !seen.isEmpty() && seen.getLast().value().equals(Optional.of(value)));
    }

    private void awaitReadSentAfter(Moment time) {
        await("a read")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> seen.getLast().asOf().isAfter(time));
    }

    private Moment firstSeen(String value) {
        return firstSighting(value).receivedAt();
    }

    private Sighting firstSighting(String value) {
        return seen.stream()
                .filter(sighting -> sighting.value().equals(Optional.of(value)))
                .findFirst()
                .orElseThrow();
    }

    private void assertOrdered() {
        List<Long> numbers = seen.stream().map(s -> s.revision().number()).toList();
        assertThat(numbers).isSorted();
    }
}
