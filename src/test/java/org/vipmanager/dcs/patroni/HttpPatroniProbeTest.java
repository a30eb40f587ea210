package org.vipmanager.dcs.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.PatroniAnswer.Failsafe.ACTIVE;
import static org.vipmanager.core.PatroniAnswer.Failsafe.EXPECTED;
import static org.vipmanager.core.PatroniAnswer.Failsafe.NONE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.control.PatroniProbe.Reply;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.http.ScriptedHttp;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

final class HttpPatroniProbeTest {

    private static final String RUNNING = "{\"state\": \"running\", \"role\": \"primary\"}";

    private static final String DENIES = member("pg1", "replica");

    private static final PatroniMember PG1 =
            new PatroniMember(Optional.of("db"), Optional.of("pg1"), false);

    private boolean asksHere;
    private final FakeLoop loop = new FakeLoop();
    private final ScriptedHttp http = new ScriptedHttp(loop);
    private final HttpPatroniProbe probe =
            new HttpPatroniProbe(
                    http,
                    loop,
                    URI.create("http://127.0.0.1:8008"),
                    Duration.ofMillis(2000),
                    Duration.ofMillis(1000),
                    () -> asksHere);
    private final Moment sentAt = loop.now();

    @Test
    void aLeaderInFailsafeMode() {
        CompletableFuture<Reply> asked = ask();
        loop.advance(Duration.ofMillis(100));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(100));
        http.open("/patroni").answer(200, "{\"failsafe_mode_is_active\": true}");

        assertThat(asked).isCompletedWithValue(by(sentAt, 200, ACTIVE));
    }

    @Test
    void aLeaderWithoutFailsafeMode() {
        CompletableFuture<Reply> asked = ask();
        http.open("/leader").answer(200, "{}");
        http.open("/patroni").answer(200, RUNNING);
        http.open("/config").answer(200, "{\"ttl\": 30}");

        assertThat(asked).isCompletedWithValue(by(sentAt, 200, NONE));
    }

    /** All but Patroni 3.0, and that the scope alone, tell with each answer who answers. */
    @Test
    void noLeader_isNotAskedFurther() {
        CompletableFuture<Reply> asked = ask();
        http.open("/leader").answer(503, DENIES);

        assertThat(asked).isCompletedWithValue(by(PG1, sentAt, 503, NONE));
        assertThat(http.count()).isEqualTo(1);
    }

    @Test
    void noLeader_thatDoesNotSayWhoItIs_isAsked() {
        CompletableFuture<Reply> asked = ask();
        http.open("/leader").answer(503, "");
        http.open("/patroni").answer(200, DENIES);

        assertThat(asked).isCompletedWithValue(by(PG1, sentAt, 503, NONE));
    }

    /** A load balancer: one member leads, and the next is in failsafe mode. */
    @Test
    void twoMembersInOneAnswer_areNobody() {
        CompletableFuture<Reply> asked = ask();
        http.open("/leader").answer(200, member("pg1", "primary"));
        http.open("/patroni").answer(200, member("pg2", "primary"));

        assertThat(asked).isCompletedWithValue(by(sentAt, 200, NONE));
    }

    /** Patroni 3.0.2, as in Debian bookworm. */
    @Test
    void withoutAName_itCountsWhetherItWasAskedAtAnAddressOfThisHost() {
        asksHere = true;
        CompletableFuture<Reply> asked = ask();
        http.open("/leader")
                .answer(503, "{\"patroni\": {\"version\": \"3.0.2\", \"scope\": \"db\"}}");

        PatroniMember nameless = new PatroniMember(Optional.of("db"), Optional.empty(), true);
        assertThat(asked).isCompletedWithValue(by(nameless, sentAt, 503, NONE));
    }

    /** As when many addresses that depend on one key are in doubt. */
    @Test
    void whoAsksWhileAnAnswerIsUnderWay_getsThatOne() {
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int address = 0; address < 50; address++) {
            asked.add(ask());
            loop.advance(Duration.ofMillis(10));
        }
        assertThat(http.count()).isEqualTo(1);
        asked.getLast().cancel(true);
        http.open("/leader").answer(503, DENIES);

        assertThat(asked.subList(0, 49))
                .allSatisfy(
                        one -> {
                            assertThat(one).isCompletedWithValue(by(PG1, sentAt, 503, NONE));
                        });
    }

    @Test
    void whoAsksHalfAnIntervalAfterTheQuestion_asksAnew() {
        ask();
        http.open("/leader").answer(503, DENIES);
        loop.advance(Duration.ofMillis(499));
        assertThat(ask()).isCompletedWithValue(by(PG1, sentAt, 503, NONE));
        assertThat(http.count()).isEqualTo(1);

        loop.advance(Duration.ofMillis(1));
        Moment silentAt = loop.now();
        CompletableFuture<Reply> silent = ask();
        loop.advance(Duration.ofMillis(2000));
        CompletableFuture<Reply> next = ask();
        Moment asked = loop.now();
        http.open("/leader").answer(503, DENIES);

        assertThat(http.count()).isEqualTo(3);
        assertThat(silent).isCompletedWithValue(by(silentAt, 0, NONE));
        assertThat(next).isCompletedWithValue(by(PG1, asked, 503, NONE));
    }

    @Test
    void refused() {
        CompletableFuture<Reply> asked = ask();
        http.open("/leader").refuse();

        assertThat(asked).isCompletedWithValue(by(sentAt, 0, NONE));
        assertThat(asked.join().answer().answered()).isFalse();
    }

    @Test
    void silence_endsAtTheDeadline() {
        CompletableFuture<Reply> asked = ask();
        loop.advance(Duration.ofMillis(2000));
        assertThat(asked).isCompletedWithValue(by(sentAt, 0, NONE));
    }

    @Test
    void leaderAndStatusTogetherGetOneDeadline() {
        CompletableFuture<Reply> asked = ask();
        loop.advance(Duration.ofMillis(1500));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(499));
        assertThat(asked).isNotCompleted();
        loop.advance(Duration.ofMillis(1));
        assertThat(asked).isCompletedWithValue(by(sentAt, 200, NONE));
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
        CompletableFuture<Reply> asked = ask();
        leads(RUNNING);
        loop.advance(Duration.ofMillis(10));
        http.open("/config").answer(200, "{\"ttl\": 30, \"failsafe_mode\": true}");

        assertThat(asked).isCompletedWithValue(by(sentAt, 200, EXPECTED));
    }

    /** Patroni has found the DCS lost, and asks it for the configuration in vain. */
    @Test
    void failsafeModeIsNotExpected_whenPatroniDoesNotKnowItsConfiguration() {
        CompletableFuture<Reply> silent = ask();
        leads(RUNNING);
        loop.advance(Duration.ofMillis(500));
        assertThat(silent).isCompletedWithValue(by(sentAt, 200, NONE));

        loop.advance(Duration.ofMillis(500));
        CompletableFuture<Reply> refusing = ask();
        leads(RUNNING);
        http.open("/config").answer(502, "{\"failsafe_mode\": true}");
        assertThat(refusing.join().answer().failsafe()).isEqualTo(NONE);
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
        CompletableFuture<Reply> asked = ask();
        leads(RUNNING);
        http.open("/config").answer(200, configuration);
        assertThat(asked).isCompletedWithValue(by(sentAt, 200, NONE));
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
        CompletableFuture<Reply> asked = ask();
        leads(status);
        assertThat(asked).isCompletedWithValue(by(sentAt, 200, NONE));
        assertThat(http.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "\"on\"", "\"True\"", "\"yes\""})
    void failsafeModeIsConfigured_inAllOfPatronisWords(String word) {
        assertThat(PatroniStatus.hasFailsafeMode("{\"failsafe_mode\": " + word + "}")).isTrue();
    }

    @Test
    void configurationIsNotAsked_inFailsafeMode() {
        CompletableFuture<Reply> asked = ask();
        leads("{\"state\": \"running\", \"failsafe_mode_is_active\": true}");
        assertThat(asked).isCompletedWithValue(by(sentAt, 200, ACTIVE));
        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void allThreeAnswersTogetherGetOneDeadline() {
        CompletableFuture<Reply> asked = ask();
        loop.advance(Duration.ofMillis(900));
        http.open("/leader").answer(200, "{}");
        loop.advance(Duration.ofMillis(900));
        http.open("/patroni").answer(200, RUNNING);
        loop.advance(Duration.ofMillis(199));
        assertThat(asked).isNotCompleted();
        loop.advance(Duration.ofMillis(1));
        assertThat(asked).isCompletedWithValue(by(sentAt, 200, NONE));
    }

    private void leads(String status) {
        http.open("/leader").answer(200, "{}");
        http.open("/patroni").answer(200, status);
    }

    private static String member(String name, String role) {
        return "{\"state\": \"running\", \"role\": \"%s\", \"patroni\": {\"scope\": \"db\", \"name\": \"%s\"}}"
                .formatted(role, name);
    }

    private static Reply by(Moment sentAt, int status, PatroniAnswer.Failsafe failsafe) {
        return by(PatroniMember.UNKNOWN, sentAt, status, failsafe);
    }

    private static Reply by(
            PatroniMember member, Moment sentAt, int status, PatroniAnswer.Failsafe failsafe) {
        return new Reply(member, new PatroniAnswer(sentAt, status, failsafe));
    }

    private CompletableFuture<Reply> ask() {
        return probe.ask().toCompletableFuture();
    }
}
