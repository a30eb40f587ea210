package org.vipmanager.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.retry.Endpoints.Failure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

final class EndpointsTest {

    private static final Pace PACE =
            new Pace(
                    3,
                    RetryPolicy.steady(Duration.ofMillis(250)),
                    RetryPolicy.steady(Duration.ofSeconds(1)),
                    RetryPolicy.doubling(Duration.ofSeconds(1), Duration.ofSeconds(10)));

    private static final Duration AN_ATTEMPT = Duration.ofMillis(10);

    private Moment now = new Moment(0);
    private double chance;

    @Test
    void aGoodOneIsKept() {
        Endpoints endpoints = endpoints("a", "b");

        endpoints.succeeded();

        assertThat(name(endpoints)).isEqualTo("a");
        assertThat(endpoints.isFailing()).isFalse();
        assertThat(endpoints.turn()).isZero();
    }

    @Test
    void afterAFailureTheOthersAreAskedAtOnce_thenAllAfterAPause_thenAtTheUsualPace() {
        Endpoints endpoints = endpoints("a", "b", "c");

        assertThat(attempts(endpoints, Failure.PASSING, 10))
                .containsExactly(
                        "b 0", "c 0", "a 250", "b 0", "c 0", "a 250", "b 0", "c 0", "a 990", "b 0");
        assertThat(endpoints.isFailing()).isTrue();
        assertThat(endpoints.turn()).isEqualTo(10);
    }

    @Test
    void anAttemptThatTookLongIsFollowedByAShortPauseAllTheSame() {
        Endpoints endpoints = endpoints("a");
        attempts(endpoints, Failure.PASSING, 3);
        Moment began = now;
        now = now.plus(Duration.ofSeconds(2));

        assertThat(endpoints.failed(Failure.PASSING, began, now))
                .isEqualTo(now.plus(Duration.ofMillis(250)));
    }

    @Test
    void aSuccessBeginsEverythingAnew() {
        Endpoints endpoints = endpoints("a", "b");
        attempts(endpoints, Failure.REFUSED, 7);

        endpoints.succeeded();

        assertThat(endpoints.isFailing()).isFalse();
        assertThat(endpoints.haveAllRefused()).isFalse();
        assertThat(name(endpoints)).isEqualTo("b");
        assertThat(attempts(endpoints, Failure.PASSING, 2)).containsExactly("a 0", "b 250");
    }

    @Test
    void whatAllRefuse_isAskedEverMoreRarely() {
        Endpoints endpoints = endpoints("a", "b");

        assertThat(attempts(endpoints, Failure.REFUSED, 12))
                .containsExactly(
                        "b 0", "a 980", "b 0", "a 1980", "b 0", "a 3980", "b 0", "a 7980", "b 0",
                        "a 9980", "b 0", "a 9980");
        assertThat(endpoints.haveAllRefused()).isTrue();
    }

    @Test
    void whatOneRefuses_isNoReasonToAskTheOthersMoreRarely() {
        Endpoints endpoints = endpoints("a", "b");
        List<String> askedB = new ArrayList<>();
        List<String> askedA = new ArrayList<>();

        while (now.isBefore(new Moment(0).plus(Duration.ofSeconds(60)))) {
            String asked = name(endpoints);
            (asked.equals("a") ? askedA : askedB).add(asked);
            attempt(endpoints, asked.equals("a") ? Failure.REFUSED : Failure.PASSING);
            assertThat(endpoints.haveAllRefused()).isFalse();
        }

        assertThat(askedA).hasSizeBetween(8, 11);
        assertThat(askedB).hasSizeGreaterThan(55);
    }

    @Test
    void finalIsOnlyWhatEveryOneHasSaid_andSaysStill() {
        Endpoints endpoints = endpoints("a", "b");
        attempt(endpoints, Failure.REFUSED);
        assertThat(endpoints.haveAllRefused()).isFalse();
        attempt(endpoints, Failure.REFUSED);
        assertThat(endpoints.haveAllRefused()).isTrue();

        attempt(endpoints, Failure.PASSING);

        assertThat(endpoints.haveAllRefused()).isFalse();
    }

    @Test
    void onlyOneIsFinalAlone() {
        Endpoints endpoints = endpoints("a");

        assertThat(attempt(endpoints, Failure.REFUSED)).isEqualTo("a 990");
        assertThat(endpoints.haveAllRefused()).isTrue();
    }

    @Test
    void whatOneDenies_isAskedOfEachOther_once() {
        Endpoints endpoints = endpoints("a", "b", "c");

        assertThat(endpoints.turnFromDenial()).isTrue();
        assertThat(name(endpoints)).isEqualTo("b");
        endpoints.succeeded();
        assertThat(endpoints.turnFromDenial()).isTrue();
        assertThat(name(endpoints)).isEqualTo("c");
        assertThat(endpoints.turnFromDenial()).isFalse();
        assertThat(name(endpoints)).isEqualTo("c");
        assertThat(endpoints.turn()).isEqualTo(2);
        assertThat(endpoints.isFailing()).isFalse();

        endpoints.deniedNothing();

        assertThat(endpoints.turnFromDenial()).isTrue();
        assertThat(name(endpoints)).isEqualTo("a");
    }

    @Test
    void eachKeyIsAskedOfWhoeverHasNotRefusedIt_untilAllHave() {
        Endpoints endpoints = withoutPauses("a", "b");

        assertThat(endpoints.refused(uri("a"), "/key")).isFalse();
        assertThat(endpoints.forKey("/key")).isEqualTo(uri("b"));
        assertThat(endpoints.forKey("/other")).isEqualTo(uri("a"));
        assertThat(endpoints.refused(uri("b"), "/key")).as("final").isTrue();
        assertThat(endpoints.forKey("/key")).as("asked anew").isEqualTo(uri("a"));

        endpoints.refused(uri("a"), "/key");
        endpoints.retain(Set.of("/other"));
        assertThat(endpoints.forKey("/key")).isEqualTo(uri("a"));
    }

    @Test
    void whoAnswersForAKeyIsAskedFromThenOn() {
        Endpoints endpoints = withoutPauses("a", "b", "c");
        endpoints.refused(uri("a"), "/key");
        endpoints.failed(uri("a"), Failure.PASSING);

        endpoints.succeeded(uri("c"), "/key");

        assertThat(name(endpoints)).isEqualTo("c");
        assertThat(endpoints.turn()).isEqualTo(2);
        assertThat(endpoints.haveAllFailed()).isFalse();
        endpoints.succeeded(uri("c"), "/key");
        assertThat(endpoints.turn()).isEqualTo(2);
    }

    /** Several are asked at a time: an answer may come when another endpoint is current already. */
    @Test
    void failureOfAnotherThanTheCurrentOneTurnsToNobody_butItsWordCounts() {
        Endpoints endpoints = withoutPauses("a", "b");
        endpoints.failed(uri("a"), Failure.REFUSED);
        endpoints.failed(uri("a"), Failure.REFUSED);

        assertThat(name(endpoints)).isEqualTo("b");
        assertThat(endpoints.haveAllFailed()).isFalse();
        endpoints.failed(uri("b"), Failure.REFUSED);
        assertThat(name(endpoints)).isEqualTo("a");
        assertThat(endpoints.haveAllFailed()).isTrue();
        assertThat(endpoints.haveAllRefused()).isTrue();
        endpoints.failed(uri("b"), Failure.PASSING);
        assertThat(endpoints.haveAllRefused()).isFalse();
    }

    @Test
    void jitterOnlyShortensThePauses() {
        Pace jittered =
                new Pace(2, PACE.soon().spread(), PACE.usual().spread(), PACE.rest().spread());
        chance = 0.5;
        Endpoints endpoints = new Endpoints(List.of(uri("a")), jittered, () -> chance);

        assertThat(attempts(endpoints, Failure.PASSING, 2)).containsExactly("a 218", "a 865");
        assertThat(attempts(endpoints, Failure.REFUSED, 2)).containsExactly("a 865", "a 1740");
    }

    @Test
    void withoutAnyThereIsNothingToAsk() {
        assertThatThrownBy(() -> endpoints()).isInstanceOf(IllegalArgumentException.class);
    }

    /** Fails so often; tells each time who is next, and after how many milliseconds. */
    private List<String> attempts(Endpoints endpoints, Failure failure, int count) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            told.add(attempt(endpoints, failure));
        }
        return told;
    }

    private String attempt(Endpoints endpoints, Failure failure) {
        Moment began = now;
        now = now.plus(AN_ATTEMPT);
        Moment again = endpoints.failed(failure, began, now);
        Duration pause = now.until(again);
        now = again;
        return name(endpoints) + " " + pause.toMillis();
    }

    private Endpoints endpoints(String... names) {
        return new Endpoints(
                List.of(names).stream().map(EndpointsTest::uri).toList(), PACE, () -> chance);
    }

    private static Endpoints withoutPauses(String... names) {
        return new Endpoints(List.of(names).stream().map(EndpointsTest::uri).toList());
    }

    private static URI uri(String name) {
        return URI.create("http://" + name);
    }

    private static String name(Endpoints endpoints) {
        return endpoints.current().getHost();
    }
}
