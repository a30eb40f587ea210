package org.vipmanager.dcs.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.http.ScriptedHttp;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

final class HttpPatroniProbeTest {

    private final FakeLoop loop = new FakeLoop();
    private final ScriptedHttp http = new ScriptedHttp(loop);
    private final HttpPatroniProbe probe = probe(HttpPatroniProbe.Carries.FAILSAFE_MODE);
    private final Moment sentAt = loop.now();

    @Test
    void aLeaderInFailsafeMode() {
        CompletableFuture<PatroniAnswer> asked = ask();
        loop.advance(Duration.ofMillis(100));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(100));
        http.open("/patroni").answer(200, "{\"failsafe_mode_is_active\": true}");

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, true));
    }

    @Test
    void aLeaderWithoutFailsafeMode() {
        CompletableFuture<PatroniAnswer> asked = ask();
        http.open("/leader").answer(200, "{}");
        http.open("/patroni").answer(200, "{\"state\": \"running\", \"role\": \"master\"}");

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, false));
    }

    @Test
    void noLeader_isNotAskedFurther() {
        CompletableFuture<PatroniAnswer> asked = ask();
        http.open("/leader").answer(503, "{}");

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 503, false));
        assertThat(http.count()).isEqualTo(1);
    }

    @Test
    void refused() {
        CompletableFuture<PatroniAnswer> asked = ask();
        http.open("/leader").refuse();

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 0, false));
        assertThat(asked.join().answered()).isFalse();
    }

    @Test
    void silence_endsAtTheDeadline() {
        CompletableFuture<PatroniAnswer> asked = ask();
        loop.advance(Duration.ofMillis(2000));
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 0, false));
    }

    @Test
    void bothAnswersTogetherGetOneDeadline() {
        CompletableFuture<PatroniAnswer> asked = ask();
        loop.advance(Duration.ofMillis(1500));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(499));
        assertThat(asked).isNotCompleted();
        loop.advance(Duration.ofMillis(1));
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "true",
                "<html>",
                "{\"failsafe_mode_is_active\": \"true\"}",
                "{\"failsafe_mode_is_active\": 1}",
                "{\"failsafe_mode_is_active\": null}",
                "{\"failsafe_mode_is_active\": true",
                "{\"x\": {\"failsafe_mode_is_active\": true}}",
            })
    void anythingButAPlainTrueIsNoFailsafeMode(String body) {
        assertThat(HttpPatroniProbe.isFailsafeActive(body)).isFalse();
    }

    /** Consul says nothing of its leases, so Patroni's own word counts as it does for a DCS. */
    @Test
    void whereNoLeaseIsKnownALeaderIsEnough() {
        HttpPatroniProbe alone = probe(HttpPatroniProbe.Carries.LEADER_STATUS);
        CompletableFuture<PatroniAnswer> asked = alone.ask().toCompletableFuture();
        http.open("/leader").answer(200, "{}");
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, true));
        asked = alone.ask().toCompletableFuture();
        http.open("/leader").answer(503, "{}");
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 503, false));
    }

    private HttpPatroniProbe probe(HttpPatroniProbe.Carries carries) {
        return new HttpPatroniProbe(
                http, URI.create("http://127.0.0.1:8008"), Duration.ofMillis(2000), carries);
    }

    private CompletableFuture<PatroniAnswer> ask() {
        return probe.ask().toCompletableFuture();
    }
}
