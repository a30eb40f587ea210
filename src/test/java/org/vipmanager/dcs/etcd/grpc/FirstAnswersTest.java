package org.vipmanager.dcs.etcd.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;

/** Whom more time is given for the first answer of a connection. */
final class FirstAnswersTest {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final URI NEAR = URI.create("http://near:2379");
    private static final URI FAR = URI.create("http://far:2379");

    private final FirstAnswers firstAnswers = new FirstAnswers();

    @Test
    void silence_doublesTheTimeUpToALimit() {
        for (int seconds : new int[] {2, 4, 8, 10, 10}) {
            assertThat(time(FAR)).hasSeconds(seconds);
            firstAnswers.tookTooLong(FAR, DEADLINE, time(FAR));
        }
    }

    @Test
    void severalQuestionsOfOneConnection_countOnce() {
        Duration waited = time(FAR);
        firstAnswers.tookTooLong(FAR, DEADLINE, waited);
        firstAnswers.tookTooLong(FAR, DEADLINE, waited);

        assertThat(time(FAR)).hasSeconds(4);
    }

    @Test
    void answer_leavesTheTimeToWhoGaveItAndToNobodyElse() {
        firstAnswers.tookTooLong(NEAR, DEADLINE, time(NEAR));
        firstAnswers.tookTooLong(FAR, DEADLINE, time(FAR));
        firstAnswers.answered(FAR);

        assertThat(time(FAR)).hasSeconds(4);
        assertThat(time(NEAR)).isEqualTo(DEADLINE);
    }

    private Duration time(URI endpoint) {
        return DEADLINE.plus(firstAnswers.addition(endpoint));
    }
}
