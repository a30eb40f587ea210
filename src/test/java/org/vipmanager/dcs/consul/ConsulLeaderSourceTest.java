package org.vipmanager.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Sighting.Origin;
import org.vipmanager.core.Trigger;
import org.vipmanager.http.ScriptedHttp;
import org.vipmanager.http.ScriptedHttp.Sent;
import org.vipmanager.posix.RecordedLog;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ConsulLeaderSourceTest {

    private static final String KEY = "/service/db/leader";

    private final FakeLoop loop = new FakeLoop();
    private final ScriptedHttp http = new ScriptedHttp(loop);
    private final List<Sighting> seen = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private ConsulLeaderSource source;

    @Test
    void readsFirstAndThenWaitsForChangesFromThatIndex() {
        start("http://a");
        assertThat(http.open()).hasSize(1);
        assertThat(read().uri()).isEqualTo("http://a/v1/kv/service/db/leader?consistent");

        Moment sentAt = loop.now();
        advance(3);
        found(read(), "pg1", 42);

        assertThat(seen)
                .containsExactly(
                        new Sighting(
                                KEY,
                                Optional.of("pg1"),
                                Origin.READ,
                                new Revision(0, 42),
                                42,
                                0,
                                sentAt,
                                loop.now()));
        assertThat(http.open("index=42").uri()).contains("consistent&index=42&wait=10000ms");
    }

    @Test
    void aChangeIsToldAtOnceAndTheNextQueryIsSentBeforeThat() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        Moment sentAt = loop.now();
        advance(600);
        found(query, "pg2", 50);

        assertThat(seen.getLast().value()).contains("pg2");
        assertThat(seen.getLast().origin()).isEqualTo(Origin.EVENT);
        assertThat(seen.getLast().revision()).isEqualTo(new Revision(0, 50));
        assertThat(seen.getLast().modRevision()).isEqualTo(50);
        assertThat(seen.getLast().asOf()).isEqualTo(sentAt);
        assertThat(http.open("index=50").sentAt()).isEqualTo(loop.now());
    }

    /**
     * The proof of an event's age is the newest read of an older state, if later than the query.
     */
    @Test
    void anEventInheritsItsAgeFromTheNewestReadOfAnOlderState() {
        start("http://a");
        found(read(), "pg1", 42);
        advance(1000);
        Moment second = read().sentAt();
        found(read(), "pg1", 42);
        advance(600);
        found(http.open("index=42"), "pg2", 50);

        assertThat(seen.getLast().asOf()).isEqualTo(second);
    }

    /** Reads hang, so nothing newer than the query itself proves the age: read before believing. */
    @Test
    void anEventAfterALongSilenceIsNotToldButRead() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        advance(3600);
        int before = seen.size();
        found(query, "pg1", 50);

        assertThat(seen).hasSize(before);
    }

    /** It prolongs nothing, and a read that hangs would keep it back. */
    @Test
    void anEventThatAnotherLeadsIsToldThoughNoReadIsAnswered() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        advance(3600);
        found(query, "pg2", 50);

        assertThat(seen.getLast().value()).contains("pg2");
        assertThat(seen.getLast().origin()).isEqualTo(Origin.EVENT);
    }

    @Test
    void anEventThatAReadHasAlreadyShownIsDropped() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        advance(1000);
        found(read(), "pg2", 50);
        query.answer(200, Map.of("X-Consul-Index", "50"), json("pg2", 50));

        assertThat(seen).hasSize(2);
        assertThat(seen).allMatch(sighting -> sighting.origin() == Origin.READ);
        assertThat(http.open("index=50")).isNotNull();
    }

    @Test
    void aReturnWithoutChangeIsNotTold() {
        start("http://a");
        found(read(), "pg1", 42);
        found(http.open("index=42"), "pg1", 42);
        absent(http.open("index=42"), 60);
        absent(http.open("index=60"), 70);

        assertThat(seen.stream().map(Sighting::value))
                .containsExactly(Optional.of("pg1"), Optional.empty());
        assertThat(http.open("index=70")).isNotNull();
    }

    @Test
    void anAbsentKeyIsToldWithTheIndexOfTheTable() {
        start("http://a");
        absent(read(), 17);

        assertThat(seen.getFirst().value()).isEmpty();
        assertThat(seen.getFirst().revision()).isEqualTo(new Revision(0, 17));
        assertThat(seen.getFirst().modRevision()).isZero();
        assertThat(http.open("index=17")).isNotNull();
        assertThat(failures).isEmpty();
    }

    @Test
    void anIndexOfZeroIsNeverSentBackAsZero() {
        start("http://a");
        absent(read(), 0);
        assertThat(http.open("index=1&")).isNotNull();
    }

    @Test
    void anIndexThatGoesBackwardsBeginsAtZeroAndReads() {
        start("http://a");
        found(read(), "pg1", 42);
        found(http.open("index=42"), "pg2", 30);

        assertThat(seen).hasSize(1);
        assertThat(http.open("index=0&")).isNotNull();
        found(read(), "pg2", 30);
        assertThat(seen.getLast().revision()).isEqualTo(new Revision(0, 30));
    }

    @Test
    void confirmsEveryIntervalWithoutDisturbingTheQuery() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        for (int second = 0; second < 9; second++) {
            advance(1000);
            found(read(), "pg1", 42);
        }
        assertThat(seen).hasSize(10);
        assertThat(http.open("index=42")).isSameAs(query);
    }

    @Test
    void aReadThatShowsAStateTheQueryHasNotToldReplacesTheQuery() {
        start("http://a");
        found(read(), "pg1", 42);
        advance(1000);
        found(read(), "pg2", 50);

        assertThat(http.open()).hasSize(1);
        assertThat(http.open("index=50")).isNotNull();
    }

    @Test
    void aRefusingEndpointCostsNoTime() {
        start("http://a", "http://b");
        http.open("http://a").refuse();
        found(http.open("http://b"), "pg1", 42);

        assertThat(seen).hasSize(1);
        assertThat(failures).isEmpty();
        assertThat(http.open("index=42").uri()).startsWith("http://b/");
        advance(1000);
        assertThat(read().uri()).startsWith("http://b/");
    }

    @Test
    void aSilentEndpointCostsOneTimeout() {
        start("http://a", "http://b");
        advance(2000);
        found(http.open("http://b"), "pg1", 42);
        assertThat(seen).hasSize(1);
    }

    @Test
    void anEndpointWithoutALeaderOrWithNonsenseIsPassedOver() {
        start("http://a", "http://b", "http://c");
        read().answer(500, "No cluster leader");
        read().answer(200, Map.of("X-Consul-Index", "5"), "<html>");
        found(read(), "pg1", 42);
        assertThat(seen).hasSize(1);
        assertThat(http.open("index=42").uri()).startsWith("http://c/");
    }

    /** Else the next outage of the same kind would be told to nobody. */
    @Test
    void aQueryThatIsAnsweredUnchanged_endsItsTrouble() {
        try (RecordedLog log = RecordedLog.of("org.vipmanager.consul")) {
            start("http://a");
            found(read(), "pg1", 42);
            for (int i = 0; i < 12 && log.lines().isEmpty(); i++) {
                http.open().stream()
                        .filter(sent -> sent.uri().contains("index="))
                        .toList()
                        .forEach(Sent::refuse);
                http.open().stream()
                        .filter(sent -> !sent.uri().contains("index="))
                        .toList()
                        .forEach(sent -> found(sent, "pg1", 42));
                advance(1000);
            }
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).contains("to the blocking query for");
            for (int i = 0; i < 12 && log.lines().size() < 2; i++) {
                List.copyOf(http.open()).forEach(sent -> found(sent, "pg1", 42));
                advance(1000);
            }
            assertThat(log.lines().getLast()).contains("is answered again");
        }
    }

    @Test
    void whenEveryEndpointHasFailedThereIsAPause() {
        start("http://a", "http://b");
        read().refuse();
        read().refuse();
        assertThat(http.open()).isEmpty();
        advance(250);
        read().refuse();
        assertThat(failures)
                .containsExactly(
                        "Consul at http://a refused the connection when asked for"
                                + " /service/db/leader");
    }

    /** The query may hang on a connection whose packets vanish; a read elsewhere moves it. */
    @Test
    void aFailoverOfTheReadsTakesTheQueryAlong() {
        start("http://a", "http://b");
        found(read(), "pg1", 42);
        assertThat(http.open("index=42").uri()).startsWith("http://a/");
        advance(1000);
        read().refuse();
        found(read(), "pg1", 42);

        assertThat(http.open("index=42").uri()).startsWith("http://b/");
    }

    @Test
    void aReadThatSucceedsAfterAFailureRenewsTheQueryOnTheOnlyEndpointToo() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        advance(1000);
        read().refuse();
        advance(250);
        found(read(), "pg1", 42);

        assertThat(http.open("index=42")).isNotSameAs(query);
    }

    @Test
    void aQueryThatFailsIsRepeatedAfterAPauseAndAReadAsksAtOnce() {
        start("http://a");
        found(read(), "pg1", 42);
        http.open("index=42").refuse();

        found(read(), "pg1", 42);
        assertThat(http.open()).isEmpty();
        advance(250);
        assertThat(http.open("index=42")).isNotNull();
    }

    /** A hundred hosts whose queries end together do not ask again in step. */
    @Test
    void aQueryThatFailsIsRepeatedByEachHostAfterAnotherPause() {
        loop.chance(0.8);
        start("http://a");
        found(read(), "pg1", 42);
        http.open("index=42").refuse();

        found(read(), "pg1", 42);
        advance(199);
        assertThat(http.open()).isEmpty();
        advance(1);
        assertThat(http.open("index=42")).isNotNull();
    }

    @Test
    void aQueryThatKeepsFailingIsRepeatedLessAndLess() {
        start("http://a");
        found(read(), "pg1", 42);
        int queries = 0;
        for (int step = 0; step < 6000; step++) {
            for (Sent sent : http.open()) {
                if (sent.uri().contains("index=")) {
                    queries++;
                    sent.refuse();
                } else {
                    found(sent, "pg1", 42);
                }
            }
            advance(10);
        }
        assertThat(queries).isBetween(9, 13);
    }

    @Test
    void denied_isToldOnceARound() {
        start("http://a");
        read().answer(403, "Permission denied");
        assertThat(failures)
                .containsExactly(
                        "Consul at http://a answered 403 (Permission denied) when asked for"
                                + " /service/db/leader");
        advance(1000);
        found(read(), "pg1", 42);
        assertThat(seen).hasSize(1);
    }

    /** Answers that return at once although nothing changed must not become a flood of requests. */
    @Test
    void answersInAFloodAreAskedForAtALimitedPace() {
        start("http://a");
        found(read(), "pg1", 42);
        int before = http.count();
        for (int step = 0; step < 1000; step++) {
            for (Sent sent : http.open()) {
                found(sent, "pg1", 42);
            }
            advance(10);
        }
        assertThat(http.count() - before).isBetween(100, 130);
    }

    @Test
    void restart_dropsEverythingUnderWayAndReadsFirst() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        advance(1000);
        Sent oldRead = read();
        source.restart();
        found(query, "pg2", 50);
        found(oldRead, "pg2", 50);

        assertThat(seen).hasSize(1);
        assertThat(http.open()).hasSize(1);
        found(read(), "pg2", 50);
        assertThat(seen.getLast().asOf()).isEqualTo(loop.now());
        assertThat(http.open("index=50")).isNotNull();
    }

    @Test
    void follow_watchesNewKeysAndDropsOldOnes() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        source.follow(List.of(new Trigger(KEY, "pg1"), new Trigger("other", "pg1")));
        found(read(), "pg1", 42);
        found(http.open("other"), "pg1", 43);
        assertThat(http.open("index=42")).isSameAs(query);
        assertThat(http.open("index=43").uri()).contains("/v1/kv/other?");

        source.follow(List.of(new Trigger("other", "pg1")));
        found(http.openEnding("other?consistent"), "pg1", 43);
        assertThat(http.open()).hasSize(1);
        assertThat(http.open("index=43")).isNotNull();
    }

    @Test
    void twoTriggersOfOneKeyMakeOneReadAndOneQuery() {
        source = source("http://a");
        source.start(
                List.of(new Trigger(KEY, "pg1"), new Trigger(KEY, "pg2")),
                new Listening(seen, failures));
        found(read(), "pg1", 42);
        assertThat(http.count()).isEqualTo(2);
    }

    /** A token that one agent does not know, because it has lost its servers. */
    @Test
    void deniedByOneEndpoint_isNotFinalWhileAnotherAnswers() {
        start("http://a", "http://b");
        read().answer(403, "ACL not found");
        assertThat(read().uri()).startsWith("http://b/");
        found(read(), "pg1", 42);

        assertThat(seen).hasSize(1);
        assertThat(failures).isEmpty();
        advance(1000);
        assertThat(read().uri()).as("the one that answers is kept").startsWith("http://b/");
    }

    @Test
    void deniedByEveryEndpoint_isFinal_andAskedForEverMoreRarely() {
        start("http://a", "http://b");
        int questions = 0;
        for (int second = 0; second < 60; second++) {
            while (!http.open().isEmpty()) {
                questions++;
                http.open().getFirst().answer(403, "Permission denied");
            }
            advance(1000);
        }
        assertThat(questions).isEqualTo(2 * 9);
        assertThat(failures).hasSize(9);
    }

    @Test
    void deniedByOne_whileTheOtherIsDead_isTriedAsUsual() {
        start("http://a", "http://b");
        read().answer(403, "ACL not found");
        read().refuse();
        advance(250);
        assertThat(http.open()).hasSize(1);
    }

    @Test
    void whatIsNoConsul_isAskedEverMoreRarely() {
        start("http://a");
        int questions = 0;
        for (int second = 0; second < 60; second++) {
            while (!http.open().isEmpty()) {
                questions++;
                http.open().getFirst().answerNonsense();
            }
            advance(1000);
        }
        assertThat(questions).isEqualTo(9);
    }

    @Test
    void moreKeysThanConnectionsAreAllowed_shareABlockingQuery() {
        followMany();

        assertThat(seen).hasSize(100);
        assertThat(http.open()).hasSize(ConsulWatches.MOST_WATCHES + 1);
        Sent shared = http.open("?recurse");
        assertThat(shared.uri()).contains("/v1/kv/service/", "consistent&index=0&");
        shared.answer(200, Map.of("X-Consul-Index", "42"), all(42));
        assertThat(seen).as("nothing new").hasSize(100);
        advance(50);
        Sent next = http.open("?recurse");
        assertThat(next.uri()).contains("index=42");
        next.answer(200, Map.of("X-Consul-Index", "50"), all(50));
        assertThat(seen).hasSize(101);
        assertThat(seen.getLast().key()).isEqualTo("/service/099/leader");
        assertThat(seen.getLast().origin()).isEqualTo(Origin.EVENT);
        assertThat(seen.getLast().revision()).isEqualTo(new Revision(0, 50));
        assertThat(seen.getLast().asOf()).isEqualTo(next.sentAt());
    }

    /** It is absent, or may not be read: the answer about all of them does not say. */
    @Test
    void aKeyThatIsMissingAmongMany_isReadByItself() {
        followMany();
        http.open("?recurse").answer(200, Map.of("X-Consul-Index", "42"), all(42));
        http.open("?recurse").answer(404, Map.of("X-Consul-Index", "60"), "");

        assertThat(http.openEnding("?consistent").uri()).contains("/leader?");
        absent(http.openEnding("?consistent"), 60);
        assertThat(seen.getLast().value()).isEmpty();
        assertThat(seen.getLast().origin()).isEqualTo(Origin.READ);
    }

    /** An answer counts for 1 s + 3 × 2 s + 2 × 0.25 s. */
    @Test
    void aRoundThatTakesHalfOfWhatAnAnswerCountsFor_isWarnedOfOnce() {
        source = source("http://a");
        try (RecordedLog log = RecordedLog.of("org.vipmanager.consul")) {
            source.start(
                    List.of(new Trigger(KEY, "pg1"), new Trigger("other", "pg1")),
                    new Listening(seen, failures));
            aRoundTakesTwice(1850);
            assertThat(log.lines()).isEmpty();
            aRoundTakesTwice(1900);
            aRoundTakesTwice(1900);

            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst())
                    .startsWith(
                            "Consul takes 3.8 s to answer for 2 keys, and an answer counts for");
        }
    }

    /** One key is asked for alone, and the other when that is answered. */
    private void aRoundTakesTwice(long millis) {
        advance(millis);
        found(read(), "pg1", 42);
        advance(millis);
        found(http.openEnding("other?consistent"), "pg1", 43);
    }

    private void followMany() {
        source = source("http://a");
        List<Trigger> triggers = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            triggers.add(new Trigger(manieth(number), "pg1"));
        }
        source.start(triggers, new Listening(seen, failures));
        for (int number = 0; number < 100; number++) {
            found(http.openEnding(manieth(number) + "?consistent"), "pg1", 42);
            loop.runReady();
        }
    }

    private static String manieth(int number) {
        return "/service/%03d/leader".formatted(number);
    }

    /** All keys, the last of which was written at that index. */
    private static String all(long index) {
        List<String> found = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            found.add(
                    "{\"Key\":\"%s\",\"Value\":\"cGcx\",\"ModifyIndex\":%d}"
                            .formatted(manieth(number).substring(1), number < 99 ? 42 : index));
        }
        return "[" + String.join(",", found) + "]";
    }

    @Test
    void close_endsEverythingAndNothingIsHeardAfterwards() {
        start("http://a");
        found(read(), "pg1", 42);
        Sent query = http.open("index=42");
        source.close();
        found(query, "pg2", 50);
        advance(60_000);

        assertThat(seen).hasSize(1);
        assertThat(http.isClosed()).isTrue();
        assertThat(http.open()).isEmpty();
        assertThat(loop.alarms()).isZero();
    }

    @Test
    void close_fromWithinTheListener() {
        source = source("http://a");
        source.start(
                List.of(new Trigger(KEY, "pg1")),
                new Listening(seen, failures) {
                    @Override
                    public void seen(Sighting sighting) {
                        source.close();
                    }
                });
        found(read(), "pg1", 42);
        advance(60_000);
        assertThat(http.open()).isEmpty();
        assertThat(loop.alarms()).isZero();
    }

    private void start(String... endpoints) {
        source = source(endpoints);
        source.start(List.of(new Trigger(KEY, "pg1")), new Listening(seen, failures));
    }

    private ConsulLeaderSource source(String... endpoints) {
        ConsulSettings settings =
                new ConsulSettings(
                        List.of(endpoints).stream().map(URI::create).toList(),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofMillis(250),
                        ConsulSettings.USUAL_LONG_POLL);
        return new ConsulLeaderSource(loop, http, settings);
    }

    private Sent read() {
        return http.openEnding("leader?consistent");
    }

    private static void found(Sent sent, String value, long index) {
        sent.answer(200, Map.of("X-Consul-Index", Long.toString(index)), json(value, index));
    }

    private static void absent(Sent sent, long index) {
        sent.answer(404, Map.of("X-Consul-Index", Long.toString(index)), "");
    }

    private static String json(String value, long index) {
        String base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        return "[{\"Value\":\"%s\",\"ModifyIndex\":%d}]".formatted(base64, index);
    }

    private void advance(long millis) {
        loop.advance(Duration.ofMillis(millis));
    }
}
