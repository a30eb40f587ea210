package org.vipmanager.dcs.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.PatroniAnswer.Failsafe.ACTIVE;
import static org.vipmanager.core.PatroniAnswer.Failsafe.EXPECTED;
import static org.vipmanager.core.PatroniAnswer.Failsafe.NONE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.http.ScriptedHttp;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

final class HttpPatroniProbeTest {

    private static final String RUNNING = "{\"state\": \"running\", \"role\": \"primary\"}";

    private final FakeLoop loop = new FakeLoop();
    private final ScriptedHttp http = new ScriptedHttp(loop);
    private final HttpPatroniProbe probe =
            new HttpPatroniProbe(
                    http, URI.create("http://127.0.0.1:8008"), Duration.ofMillis(2000));
    private final Moment sentAt = loop.now();

    @Test
    void aLeaderInFailsafeMode() {
        CompletableFuture<PatroniAnswer> asked = ask();
        loop.advance(Duration.ofMillis(100));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(100));
        http.open("/patroni").answer(200, "{\"failsafe_mode_is_active\": true}");

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, ACTIVE));
    }

    @Test
    void aLeaderWithoutFailsafeMode() {
        CompletableFuture<PatroniAnswer> asked = ask();
        http.open("/leader").answer(200, "{}");
        http.open("/patroni").answer(200, RUNNING);
        http.open("/config").answer(200, "{\"ttl\": 30}");

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, NONE));
    }

    @Test
    void noLeader_isNotAskedFurther() {
        CompletableFuture<PatroniAnswer> asked = ask();
        http.open("/leader").answer(503, "{}");

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 503, NONE));
        assertThat(http.count()).isEqualTo(1);
    }

    /** As when many addresses that depend on one key are in doubt. */
    @Test
    void whoAsksWhileAnAnswerIsUnderWay_getsThatOne() {
        List<CompletableFuture<PatroniAnswer>> asked = new ArrayList<>();
        for (int address = 0; address < 50; address++) {
            asked.add(ask());
            loop.advance(Duration.ofMillis(10));
        }
        assertThat(http.count()).isEqualTo(1);
        asked.getLast().cancel(true);
        http.open("/leader").answer(503, "{}");

        assertThat(asked.subList(0, 49))
                .allSatisfy(
                        one -> {
                            assertThat(one)
                                    .isCompletedWithValue(new PatroniAnswer(sentAt, 503, NONE));
                        });
    }

    @Test
    void whoAsksAfterTheAnswer_asksAnew() {
        ask();
        http.open("/leader").answer(503, "{}");
        CompletableFuture<PatroniAnswer> silent = ask();
        loop.advance(Duration.ofMillis(2000));
        CompletableFuture<PatroniAnswer> next = ask();
        Moment asked = loop.now();
        http.open("/leader").answer(503, "{}");

        assertThat(http.count()).isEqualTo(3);
        assertThat(silent).isCompletedWithValue(new PatroniAnswer(sentAt, 0, NONE));
        assertThat(next).isCompletedWithValue(new PatroniAnswer(asked, 503, NONE));
    }

    @Test
    void refused() {
        CompletableFuture<PatroniAnswer> asked = ask();
        http.open("/leader").refuse();

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 0, NONE));
        assertThat(asked.join().answered()).isFalse();
    }

    @Test
    void silence_endsAtTheDeadline() {
        CompletableFuture<PatroniAnswer> asked = ask();
        loop.advance(Duration.ofMillis(2000));
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 0, NONE));
    }

    @Test
    void leaderAndStatusTogetherGetOneDeadline() {
        CompletableFuture<PatroniAnswer> asked = ask();
        loop.advance(Duration.ofMillis(1500));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(499));
        assertThat(asked).isNotCompleted();
        loop.advance(Duration.ofMillis(1));
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, NONE));
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
        assertThat(PatroniStatus.of(body).failsafeActive()).isFalse();
    }

    @Test
    void failsafeModeIsExpected_whenConfiguredAndToldFromMemory() {
        CompletableFuture<PatroniAnswer> asked = ask();
        leads(RUNNING);
        loop.advance(Duration.ofMillis(10));
        http.open("/config").answer(200, "{\"ttl\": 30, \"failsafe_mode\": true}");

        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, EXPECTED));
    }

    /** Patroni has found the DCS lost, and asks it for the configuration in vain. */
    @Test
    void failsafeModeIsNotExpected_whenPatroniDoesNotKnowItsConfiguration() {
        CompletableFuture<PatroniAnswer> silent = ask();
        leads(RUNNING);
        loop.advance(Duration.ofMillis(500));
        assertThat(silent).isCompletedWithValue(new PatroniAnswer(sentAt, 200, NONE));

        CompletableFuture<PatroniAnswer> refusing = ask();
        leads(RUNNING);
        http.open("/config").answer(502, "{\"failsafe_mode\": true}");
        assertThat(refusing.join().failsafe()).isEqualTo(NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ttl\": 30}",
                "{\"failsafe_mode\": false}",
                "{\"failsafe_mode\": null}",
                "{\"failsafe_mode\": \"off\"}",
                "{\"failsafe_mode\": true",
                "[]",
                ""
            })
    void failsafeModeIsNotExpected_whenNotConfigured(String configuration) {
        CompletableFuture<PatroniAnswer> asked = ask();
        leads(RUNNING);
        http.open("/config").answer(200, configuration);
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, NONE));
    }

    /** Patroni demotes, and says 200 until PostgreSQL has stopped; or it is paused. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"state\": \"stopping\", \"role\": \"primary\"}",
                "{\"state\": \"unknown\", \"role\": \"primary\"}",
                "{\"state\": \"running\", \"role\": \"primary\", \"pause\": true}",
                "{}",
                "<html>"
            })
    void failsafeModeIsNotExpected_ofOneThatDemotesOrIsPaused(String status) {
        CompletableFuture<PatroniAnswer> asked = ask();
        leads(status);
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, NONE));
        assertThat(http.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "\"on\"", "\"True\"", "\"yes\""})
    void failsafeModeIsConfigured_inAllOfPatronisWords(String word) {
        assertThat(PatroniStatus.hasFailsafeMode("{\"failsafe_mode\": " + word + "}")).isTrue();
    }

    @Test
    void configurationIsNotAsked_inFailsafeMode() {
        CompletableFuture<PatroniAnswer> asked = ask();
        leads("{\"state\": \"running\", \"failsafe_mode_is_active\": true}");
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, ACTIVE));
        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void allThreeAnswersTogetherGetOneDeadline() {
        CompletableFuture<PatroniAnswer> asked = ask();
        loop.advance(Duration.ofMillis(900));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(900));
        http.open("/patroni").answer(200, RUNNING);
        loop.advance(Duration.ofMillis(199));
        assertThat(asked).isNotCompleted();
        loop.advance(Duration.ofMillis(1));
        assertThat(asked).isCompletedWithValue(new PatroniAnswer(sentAt, 200, NONE));
    }

    private void leads(String status) {
        http.open("/leader").answer(200, "{}");
        http.open("/patroni").answer(200, status);
    }

    private CompletableFuture<PatroniAnswer> ask() {
        return probe.ask().toCompletableFuture();
    }
}
