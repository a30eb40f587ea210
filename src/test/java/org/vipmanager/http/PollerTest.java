package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.http.Poller.Verdict;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

final class PollerTest {

    private static final int SIDE_BY_SIDE = 3;

    private final FakeLoop loop = new FakeLoop();
    private final ScriptedHttp http = new ScriptedHttp(loop);
    private final List<String> outcomes = new ArrayList<>();
    private Runnable onFailed = () -> {};
    private Runnable onJudged = () -> {};
    private final Poller poller =
            new Poller(
                    loop,
                    http,
                    new Poller.Pace(Duration.ofSeconds(1), 3, Duration.ofMillis(250), SIDE_BY_SIDE),
                    new Target());

    private final class Target implements Poller.Target {

        @Override
        public HttpQuestion question(String key) {
            return HttpQuestion.get(URI.create("http://h/" + key), Duration.ofSeconds(2));
        }

        @Override
        public Verdict judge(String key, HttpOutcome outcome) {
            outcomes.add(
                    outcome instanceof HttpAnswer answer ? key + answer.status() : key + " lost");
            onJudged.run();
            return switch (outcome) {
                case HttpAnswer answer when answer.status() == 403 -> new Verdict.Refused("no");
                case HttpAnswer answer when answer.status() == 500 ->
                        new Verdict.Failed("elsewhere", true, false);
                case HttpAnswer _ -> new Verdict.Read();
                case HttpFailure failure ->
                        new Verdict.Failed(failure.trouble(), false, failure.needsAPerson());
            };
        }

        @Override
        public void failed(String key, String trouble) {
            outcomes.add(key + " failed");
            onFailed.run();
        }
    }

    @Test
    void asksAtOnceAndThenEveryIntervalFromTheBeginningOfTheRound() {
        poller.follow(List.of("a"));
        advance(300);
        http.open("a").answer(200, "");

        advance(699);
        assertThat(http.count()).isEqualTo(1);
        advance(1);
        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void asksForEachKeyOnce() {
        poller.follow(List.of("a", "b", "a"));

        assertThat(http.open()).hasSize(1);
        http.open("a").answer(200, "");
        assertThat(http.open()).hasSize(1);
        http.open("b").answer(200, "");
        assertThat(http.open()).isEmpty();
        assertThat(outcomes).containsExactly("a200", "b200");
    }

    @Test
    void aRoundThatTakesLongerThanTheIntervalIsFollowedAtOnceByTheNext() {
        poller.follow(List.of("a"));
        advance(1500);
        http.open("a").answer(200, "");

        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void readNow_whileOneIsUnderWay_makesOneMore() {
        poller.follow(List.of("a"));
        poller.readNow();
        poller.readNow();
        assertThat(http.open()).hasSize(1);

        http.open("a").answer(200, "");
        assertThat(http.count()).isEqualTo(2);
        http.open("a").answer(200, "");
        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void readNow_whileIdle_asksAtOnceAndMovesTheNextRound() {
        poller.follow(List.of("a"));
        http.open("a").answer(200, "");
        advance(400);
        poller.readNow();
        http.open("a").answer(200, "");

        advance(999);
        assertThat(http.count()).isEqualTo(2);
        advance(1);
        assertThat(http.count()).isEqualTo(3);
    }

    @Test
    void aSilentServerIsTriedThreeTimesWithPauses() {
        poller.follow(List.of("a"));
        advance(2000 + 250 + 2000 + 250 + 1999);
        assertThat(outcomes).containsExactly("a lost", "a lost");
        advance(1);
        assertThat(outcomes).containsExactly("a lost", "a lost", "a lost", "a failed");
        assertThat(http.count()).isEqualTo(3);
        advance(250);
        assertThat(http.count()).isEqualTo(4);
    }

    @Test
    void eachHostPausesForAnotherTime() {
        loop.chance(0.8);
        poller.follow(List.of("a"));
        http.open("a").refuse();

        advance(199);
        assertThat(http.count()).isEqualTo(1);
        advance(1);
        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void aRefusingServerIsTriedThreeTimesAndThenAtTheNextInterval() {
        poller.follow(List.of("a"));
        http.open("a").refuse();
        advance(250);
        http.open("a").refuse();
        advance(250);
        http.open("a").refuse();
        assertThat(outcomes).endsWith("a failed");

        advance(499);
        assertThat(http.count()).isEqualTo(3);
        advance(1);
        assertThat(http.count()).isEqualTo(4);
    }

    @Test
    void anAttemptThatGoesElsewhereIsMadeAtOnce() {
        poller.follow(List.of("a"));
        http.open("a").answer(500, "");
        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void aRefusalIsNotRepeatedAndDoesNotStopTheOtherKeys() {
        poller.follow(List.of("a", "b"));
        http.open("a").answer(403, "");
        http.open("b").answer(200, "");
        assertThat(outcomes).containsExactly("a403", "a failed", "b200");
        assertThat(http.count()).isEqualTo(2);
    }

    @Test
    void aKeyThatFailsIsLastInTheNextRound() {
        poller.follow(List.of("a", "b", "c"));
        for (int attempt = 0; attempt < 3; attempt++) {
            http.open("/a").answer(500, "");
        }
        assertThat(outcomes).endsWith("a failed");
        assertThat(http.open()).isEmpty();

        advance(1000);
        http.open("/b").answer(200, "");
        http.open("/c").answer(200, "");
        assertThat(http.open("/a")).isNotNull();
    }

    /** A listener that asks for a read upon each failure must not turn a refusal into a circle. */
    @Test
    void readNow_afterAFailedRound_waitsForTheRetryPause() {
        onFailed = poller::readNow;
        poller.follow(List.of("a"));
        for (int attempt = 0; attempt < 3; attempt++) {
            http.open("a").answer(500, "");
        }
        poller.readNow();
        assertThat(http.count()).isEqualTo(3);
        advance(249);
        assertThat(http.count()).isEqualTo(3);
        advance(1);
        assertThat(http.count()).isEqualTo(4);
    }

    @Test
    void restart_dropsWhatIsUnderWayAndAsksAnew() {
        poller.follow(List.of("a"));
        ScriptedHttp.Sent old = http.open("a");
        advance(100);
        poller.restart();
        old.answer(200, "");

        assertThat(outcomes).isEmpty();
        assertThat(http.open("a").sentAt()).isEqualTo(loop.now());
    }

    @Test
    void restart_whileAnOutcomeIsTold_beginsOneRoundOnly() {
        poller.follow(List.of("a", "b"));
        onJudged =
                () -> {
                    onJudged = () -> {};
                    poller.restart();
                };
        http.open("/a").answer(200, "");
        assertThat(http.open()).hasSize(1);
        assertThat(http.open("/a")).isNotNull();
    }

    @Test
    void close_whileAFailureIsTold_endsEverything() {
        onFailed = poller::close;
        poller.follow(List.of("a"));
        http.open("a").answer(403, "");
        advance(10_000);
        assertThat(http.count()).isEqualTo(1);
        assertThat(loop.alarms()).isZero();
    }

    @Test
    void follow_asksForANewKeyAtOnceAndForgetsAnOldOne() {
        poller.follow(List.of("a"));
        http.open("a").answer(200, "");
        poller.follow(List.of("a", "b"));
        http.open("/a").answer(200, "");
        http.open("/b").answer(200, "");
        poller.follow(List.of("b"));
        http.open("/b").answer(200, "");
        assertThat(http.open()).isEmpty();
        advance(1000);
        assertThat(http.open("/b")).isNotNull();
        assertThat(http.open()).hasSize(1);
    }

    @Test
    void follow_theSameKeys_asksAtOnce() {
        poller.follow(List.of("a"));
        http.open("a").answer(200, "");
        poller.follow(List.of("a"));
        assertThat(http.open("a")).isNotNull();
    }

    @Test
    void follow_whileAKeyThatIsDroppedIsAsked_ignoresItsAnswer() {
        poller.follow(List.of("a", "b"));
        ScriptedHttp.Sent old = http.open("/a");
        poller.follow(List.of("b"));
        old.answer(200, "");
        http.open("/b").answer(200, "");
        assertThat(outcomes).containsExactly("b200");
    }

    @Test
    void follow_nothingAndThenAKey_beginsAgain() {
        poller.follow(List.of("a"));
        http.open("a").answer(200, "");
        poller.follow(List.of());
        advance(5000);
        int before = http.count();
        poller.follow(List.of("a"));
        assertThat(http.count()).isEqualTo(before + 1);
    }

    @Test
    void afterTheFirstAnswer_someAreAskedForAtATime() {
        poller.follow(List.of("a", "b", "c", "d", "e"));
        assertThat(http.open()).hasSize(1);
        http.open("/a").answer(200, "");
        assertThat(http.open()).hasSize(3);
        http.open("/c").answer(200, "");
        assertThat(http.open()).hasSize(3);
        http.open("/b").answer(200, "");
        http.open("/d").answer(200, "");
        http.open("/e").answer(200, "");
        assertThat(outcomes).containsExactly("a200", "c200", "b200", "d200", "e200");

        advance(1000);
        assertThat(http.open()).hasSize(1);
    }

    /** The server has gone while many were asked for: one of them finds out whether it is back. */
    @Test
    void whenOneOfManyFails_theOthersWaitForIt() {
        poller.follow(List.of("a", "b", "c", "d"));
        http.open("/a").answer(200, "");
        http.open("/b").refuse();
        http.open("/c").refuse();
        http.open("/d").refuse();
        assertThat(http.open()).isEmpty();
        advance(250);
        assertThat(http.open()).hasSize(1);
        http.open().getFirst().refuse();
        advance(250);
        http.open().getFirst().refuse();
        assertThat(outcomes).last().asString().endsWith("failed");
        assertThat(http.open()).isEmpty();
    }

    @Test
    void whenOneOfManyFails_andThenAnswers_theRestFollow() {
        poller.follow(List.of("a", "b", "c", "d"));
        http.open("/a").answer(200, "");
        http.open("/b").refuse();
        http.open("/c").answer(200, "");
        http.open("/d").answer(200, "");
        http.open("/b").answer(200, "");
        assertThat(outcomes).containsExactly("a200", "b lost", "c200", "d200", "b200");
    }

    @Test
    void whatOnlyAPersonCanMend_isTriedEverMoreRarely() {
        poller.follow(List.of("a"));
        List<Long> seconds = new ArrayList<>();
        for (int second = 0; second < 60; second++) {
            for (ScriptedHttp.Sent sent : http.open()) {
                seconds.add((long) second);
                sent.answerNonsense();
            }
            advance(1000);
        }
        assertThat(seconds).containsExactly(0L, 1L, 3L, 7L, 15L, 25L, 35L, 45L, 55L);
        http.open().forEach(sent -> sent.answer(200, ""));
        advance(5_000);
        http.open().forEach(sent -> sent.answer(200, ""));
        advance(1000);
        assertThat(http.open()).hasSize(1);
    }

    @Test
    void aRefusalOfEveryKey_isAskedForEverMoreRarely() {
        poller.follow(List.of("a", "b"));
        int rounds = 0;
        for (int second = 0; second < 60; second++) {
            while (!http.open().isEmpty()) {
                rounds++;
                http.open().getFirst().answer(403, "");
            }
            advance(1000);
        }
        assertThat(rounds).isEqualTo(2 * 9);
    }

    @Test
    void readFirst_isAskedBeforeTheOthers() {
        poller.follow(List.of("a", "b", "c", "d", "e"));
        poller.readFirst("e");
        http.open("/a").answer(200, "");
        assertThat(http.open("/e")).isNotNull();
        while (!http.open().isEmpty()) {
            http.open().getFirst().answer(200, "");
        }
        poller.readFirst("d");
        assertThat(http.open()).hasSize(1);
        assertThat(http.open("/d")).isNotNull();
    }

    private void advance(long millis) {
        loop.advance(Duration.ofMillis(millis));
    }
}
