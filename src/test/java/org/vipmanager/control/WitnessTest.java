package org.vipmanager.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniAnswer.Failsafe;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.Trigger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

final class WitnessTest {

    private static final Logger LOG = Logger.getLogger("org.vipmanager.patroni");
    private static final PatroniMember OURS = member("a", "pg1");
    private static final PatroniMember OTHER_CLUSTER = member("b", "pg1");
    private static final PatroniMember OTHER_MEMBER = member("a", "pg2");

    private final List<String> told = new ArrayList<>();
    private final List<PatroniAnswer> heard = new ArrayList<>();
    private final Handler listener =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    told.add(line.getMessage());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
    private PatroniProbe.Reply reply = reply(PatroniMember.UNKNOWN, 0, 0);
    private final Witness witness =
            new Witness(
                    new Scripted(),
                    "http://127.0.0.1:8008",
                    new Trigger("/service/a/leader", "pg1"));

    private final class Scripted implements PatroniProbe {
        @Override
        public CompletionStage<Reply> ask() {
            return CompletableFuture.completedFuture(reply);
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void listen() {
        LOG.addHandler(listener);
    }

    @AfterEach
    void listenNoMore() {
        LOG.removeHandler(listener);
    }

    @Test
    void ofItsKeysMember_bothDirectionsCount() {
        says(OURS, 200, 0);
        says(OURS, 503, 1);
        assertThat(heard).extracting(PatroniAnswer::leaderStatus).containsExactly(200, 503);
        assertThat(told).isEmpty();
    }

    /** Its 503 released an address 0.1 s after the log had promised 8.9 s more. */
    @Test
    void ofAnotherCluster_neitherDirectionCounts_andIsToldOnce() {
        for (int second = 0; second < 300; second++) {
            says(OTHER_CLUSTER, second % 2 == 0 ? 200 : 503, second);
        }
        assertThat(heard).isEmpty();
        assertThat(told)
                .containsExactly(
                        "patroni-url http://127.0.0.1:8008 answers as member \"pg1\" of scope \"b\","
                                + " which says nothing of leader key /service/a/leader and its value"
                                + " \"pg1\": not counted; it must be the local Patroni of that cluster");
    }

    @Test
    void ofALoadBalancer_itsMemberCounts_andItIsNamedOnceAMinute() {
        List<PatroniMember> behind = List.of(OURS, OTHER_MEMBER, OTHER_CLUSTER);
        for (int second = 0; second < 180; second++) {
            says(behind.get(second % 3), 200, second);
        }
        assertThat(heard).hasSize(60);
        assertThat(told).hasSizeBetween(2, 4);
        assertThat(told)
                .allMatch(line -> line.contains("it must be the local Patroni, no load balancer"));
    }

    @Test
    void whoIsRightAgain_counts() {
        says(OTHER_MEMBER, 200, 0);
        says(OURS, 200, 1);
        assertThat(heard).hasSize(1);
    }

    @Test
    void silenceIsNobodysAnswer() {
        says(PatroniMember.UNKNOWN, 0, 0);
        assertThat(heard).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void whoDoesNotSayWhoItIs_isToldSo() {
        says(PatroniMember.UNKNOWN, 503, 0);
        says(new PatroniMember(Optional.of("a"), Optional.empty(), false), 503, 100);
        assertThat(heard).isEmpty();
        assertThat(told.getFirst()).contains("answers without saying of which cluster it is");
        assertThat(told.getLast())
                .contains("answers as a member that tells no name of scope \"a\"");
    }

    private void says(PatroniMember member, int status, int second) {
        reply = reply(member, status, second);
        witness.ask(heard::add);
    }

    private static PatroniProbe.Reply reply(PatroniMember member, int status, int second) {
        Moment sentAt = new Moment(0).plus(Duration.ofSeconds(second));
        return new PatroniProbe.Reply(member, new PatroniAnswer(sentAt, status, Failsafe.NONE));
    }

    private static PatroniMember member(String scope, String name) {
        return new PatroniMember(Optional.of(scope), Optional.of(name), true);
    }
}
