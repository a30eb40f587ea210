package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.posix.RecordedLog;
import org.vipmanager.tls.ServerName;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Which client a question goes through, where the certificates of some are refused. */
final class CertificateTrialTest {

    private static final SSLException REFUSAL = new SSLException("not yet");

    private static final Duration PAUSE = CertificateTrial.PAUSES.pause(1, 0);

    private final FakeLoop loop = new FakeLoop();
    private final SSLContext old = context();
    private final SSLContext fresh = context();
    private final Map<Connections, SSLContext> made = new HashMap<>();
    private final Map<SSLContext, IOException> failing = new HashMap<>();
    private Attempt duringTrial = () -> {};
    private final List<SSLContext> asked = new ArrayList<>();
    private SSLContext current = old;
    private boolean mayBeRepeated = true;
    private double chance;
    private final CertificateTrial trial =
            new CertificateTrial(() -> current, loop, () -> chance, this::make);
    private final RecordedLog log = RecordedLog.of("org.vipmanager.http");

    @AfterEach
    void close() {
        log.close();
        trial.end();
    }

    @Test
    void newCertificates_areUsedAtOnce_andTheConnectionsOfBeforeEnd() throws Exception {
        ask();
        current = fresh;
        ask();
        ask();

        assertThat(asked).containsExactly(old, fresh, fresh);
        assertThat(connectionsOf(old).isEnded()).isTrue();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void refusedCertificates_areTriedNowAndThen_andThoseOfBeforeUsedUntilThen() throws Exception {
        askWhileTheNewOnesAreRefused();
        ask();
        loop.advance(PAUSE);
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
        loop.advance(PAUSE);
        ask();
        ask();
        assertThat(asked).containsExactly(fresh, fresh);
        assertThat(log.lines()).hasSize(2).last().asString().endsWith("work now");
        assertThat(made).hasSize(2);
    }

    @Test
    void refusedCertificates_areTriedByEachHostAtAnotherTime() throws Exception {
        chance = 0.8;
        askWhileTheNewOnesAreRefused();
        loop.advance(Duration.ofSeconds(8));
        ask();

        assertThat(asked).containsExactly(old, fresh, old, fresh, old);
    }

    @Test
    void otherFilesThanThoseRefused_areTriedAtOnce() throws Exception {
        askWhileTheNewOnesAreRefused();
        current = context();
        ask();
        ask();

        assertThat(asked).containsExactly(old, fresh, old, current, current);
    }

    @Test
    void filesOfBefore_endTheTrial() throws Exception {
        askWhileTheNewOnesAreRefused();
        current = old;
        ask();

        assertThat(asked).containsExactly(old, fresh, old, old);
    }

    /** Expired, say, and the new ones were not accepted until just now. */
    @Test
    void whereThoseOfBeforeFailToo_theNewOnesAreTriedAtOnce() throws Exception {
        askWhileTheNewOnesAreRefused();
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
    void whileATrialIsUnderWay_othersAreAskedThroughTheConnectionsOfBefore() throws Exception {
        duringTrial = this::ask;
        ask();
        current = fresh;
        failing.put(fresh, new InterruptedIOException("given up"));
        mayBeRepeated = false;
        assertThatThrownBy(this::ask).hasMessage("given up");
        ask();
        loop.advance(PAUSE.minus(Duration.ofMillis(1)));
        ask();

        assertThat(asked).containsExactly(old, fresh, old, old, old);
    }

    @Test
    void nothingIsAskedAfterTheEnd() throws Exception {
        ask();
        trial.end();

        assertThatThrownBy(this::ask).isInstanceOf(IOException.class).hasMessage("it is closed");
        assertThat(connectionsOf(old).isEnded()).isTrue();
    }

    private void askWhileTheNewOnesAreRefused() throws IOException {
        failing.put(fresh, REFUSAL);
        ask();
        current = fresh;
        ask();
    }

    private void ask() throws IOException {
        assertThat(
                        trial.ask(
                                new CertificateTrial.Question<String>() {
                                    @Override
                                    public String askThrough(Connections connections)
                                            throws IOException {
                                        return through(connections);
                                    }

                                    @Override
                                    public boolean mayBeRepeated(IOException failure) {
                                        return mayBeRepeated;
                                    }

                                    @Override
                                    public String trouble(IOException failure) {
                                        return "https://dcs.test is out: refused";
                                    }
                                }))
                .isEqualTo("answer");
    }

    private String through(Connections connections) throws IOException {
        SSLContext context = made.get(connections);
        asked.add(context);
        if (context == fresh) {
            Attempt meanwhile = duringTrial;
            duringTrial = () -> {};
            meanwhile.run();
        }
        IOException failure = failing.get(context);
        if (failure != null) {
            throw failure;
        }
        return "answer";
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private Connections make(SSLContext context) {
        Connections connections =
                new Connections(
                        context,
                        ServerName::new,
                        new HostAddresses(Runnable::run),
                        Duration.ofSeconds(1),
                        Proxies.NONE);
        made.put(connections, context);
        return connections;
    }

    private Connections connectionsOf(SSLContext context) {
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
