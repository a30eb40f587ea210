package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.posix.RecordedLog;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Which client a question goes through, where the certificates of some are refused. */
final class HttpClientsTest {

    private static final SSLException REFUSAL = new SSLException("not yet");

    private final FakeLoop loop = new FakeLoop();
    private final SSLContext old = context();
    private final SSLContext fresh = context();
    private final Map<HttpClient, SSLContext> made = new HashMap<>();
    private final Map<SSLContext, Exception> failing = new HashMap<>();
    private final Set<SSLContext> silent = new HashSet<>();
    private final List<SSLContext> asked = new ArrayList<>();
    private SSLContext current = old;
    private boolean mayBeRepeated = true;
    private final HttpClients clients = new HttpClients(() -> current, loop, this::make);
    private final RecordedLog log = RecordedLog.of("org.vipmanager.http");

    @AfterEach
    void close() {
        log.close();
        clients.end();
    }

    @Test
    void newCertificates_areUsedAtOnce_andTheClientOfBeforeEnds() throws Exception {
        ask();
        current = fresh;
        ask();
        ask();

        assertThat(asked).containsExactly(old, fresh, fresh);
        await().until(() -> clientOf(old).isTerminated());
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void refusedCertificates_areTriedNowAndThen_andThoseOfBeforeUsedUntilThen() throws Exception {
        failing.put(fresh, REFUSAL);
        ask();
        current = fresh;
        ask();
        ask();
        loop.advance(HttpClients.PAUSE);
        ask();
        ask();
        assertThat(asked).containsExactly(old, fresh, old, old, fresh, old, old);
        assertThat(log.lines())
                .containsExactly(
                        "https://dcs.test is out: refused. That was"
                                + " with the certificates that were replaced; those before them are"
                                + " used until the new ones work");

        failing.clear();
        asked.clear();
        loop.advance(HttpClients.PAUSE);
        ask();
        ask();
        assertThat(asked).containsExactly(fresh, fresh);
        assertThat(log.lines()).hasSize(2).last().asString().endsWith("work now");
        assertThat(made).hasSize(2);
    }

    @Test
    void otherFilesThanThoseRefused_areTriedAtOnce() throws Exception {
        failing.put(fresh, REFUSAL);
        ask();
        current = fresh;
        ask();
        current = context();
        ask();
        ask();

        assertThat(asked).containsExactly(old, fresh, old, current, current);
    }

    @Test
    void filesOfBefore_endTheTrial() throws Exception {
        failing.put(fresh, REFUSAL);
        ask();
        current = fresh;
        ask();
        current = old;
        ask();

        assertThat(asked).containsExactly(old, fresh, old, old);
    }

    /** Expired, say, and the new ones were not accepted until just now. */
    @Test
    void whereThoseOfBeforeFailToo_theNewOnesAreTriedAtOnce() throws Exception {
        failing.put(fresh, REFUSAL);
        ask();
        current = fresh;
        ask();
        failing.put(old, new SSLException("expired"));
        assertThatThrownBy(this::ask).hasMessage("expired");
        assertThatThrownBy(this::ask).as("what the files hold counts").hasMessage("not yet");
        failing.remove(fresh);
        ask();

        assertThat(asked).containsExactly(old, fresh, old, old, fresh, old, fresh);
    }

    /** It may have been heard; the next one goes through what works. */
    @Test
    void questionThatMayNotBeRepeated_isNot_andTheTrialIsPutOff() throws Exception {
        mayBeRepeated = false;
        failing.put(fresh, new ConnectException("refused"));
        ask();
        current = fresh;
        assertThatThrownBy(this::ask).hasMessage("refused");
        ask();

        assertThat(asked).containsExactly(old, fresh, old);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void whileATrialIsUnderWay_othersAreAskedThroughTheClientOfBefore() throws Exception {
        silent.add(fresh);
        ask();
        current = fresh;
        CompletableFuture<String> waiting = begin();
        ask();
        waiting.cancel(true);
        ask();
        loop.advance(HttpClients.PAUSE.minus(Duration.ofMillis(1)));
        ask();

        assertThat(asked).containsExactly(old, fresh, old, old, old);
    }

    @Test
    void nothingIsAskedAfterTheEnd() throws Exception {
        ask();
        clients.end();

        assertThatThrownBy(this::begin).isInstanceOf(IOException.class).hasMessage("it is closed");
        await().until(() -> clientOf(old).isTerminated());
    }

    private void ask() throws Exception {
        try {
            assertThat(begin().join()).isEqualTo("answer");
        } catch (CompletionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private CompletableFuture<String> begin() throws IOException {
        return clients.ask(
                new HttpClients.Question<>() {
                    @Override
                    public CompletableFuture<String> askThrough(HttpClient client) {
                        return through(client);
                    }

                    @Override
                    public boolean mayBeRepeated(Throwable failure) {
                        return mayBeRepeated;
                    }

                    @Override
                    public String trouble(Throwable failure) {
                        return "https://dcs.test is out: refused";
                    }
                });
    }

    private CompletableFuture<String> through(HttpClient client) {
        SSLContext context = made.get(client);
        asked.add(context);
        Exception failure = failing.get(context);
        if (silent.contains(context)) {
            return new CompletableFuture<>();
        }
        return failure == null
                ? CompletableFuture.completedFuture("answer")
                : CompletableFuture.failedFuture(failure);
    }

    private HttpClient make(SSLContext context) {
        HttpClient client = HttpClient.newHttpClient();
        made.put(client, context);
        return client;
    }

    private HttpClient clientOf(SSLContext context) {
        return made.entrySet().stream()
                .filter(entry -> entry.getValue() == context)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static SSLContext context() {
        try {
            return SSLContext.getInstance("TLS");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
