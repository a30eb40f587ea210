package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.vipmanager.lab.ClusterLife.Event;
import org.vipmanager.lab.DatabaseLab.Asked;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A real cluster of PostgreSQL 15 and Patroni: what is said of it, and the two events that make its
 * days.
 */
@ResourceLock(Results.FIGURES)
final class PatroniFailoverLiveIT {

    /**
     * A planned switchover, and then the leader's host dies with everything on it. Both times the
     * client writes on through the same address, and no acknowledged row is lost.
     */
    @Test
    void switchoverAndDeathOfTheLeader() throws InterruptedException {
        Optional<String> missing = PatroniInstallation.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> "NOT RUN, needs " + missing.get());
        try (ClusterLife life = new ClusterLife("patroni-failover", Asked.ETCD)) {
            life.start();
            if (!Program.underTest().isGo()) {
                checkSaysHowItIs(life.lab());
            }
            life.play(List.of(Event.SWITCHOVER, Event.LEADER_HOST_DIES));
        }
    }

    /** What {@code check} reads of the cluster, and of settings that are wrong for it. */
    private static void checkSaysHowItIs(DatabaseLab lab) throws InterruptedException {
        DatabaseHost leader = lab.leader();
        DatabaseHost follower = lab.follower();

        Checked good = leader.check();
        assertThat(good.text())
                .containsPattern(
                        "ok +patroni .*: Patroni \\S+.* of \"db\": (master|primary), running, timeline 1")
                .contains("ttl 20, loop_wait 3, retry_timeout 5")
                .contains("failsafe_mode is off")
                .contains("this host leads; its lease has ");
        assertThat(good.code()).as(good.text()).isZero();
        assertThat(follower.check().text())
                .contains("replica, running")
                .contains("another host leads");

        Checked wrongCase =
                leader.check("--trigger-value=" + leader.name().toUpperCase(Locale.ROOT));
        assertThat(wrongCase.text()).contains("differ in upper and lower case");
        Checked stranger = leader.check("--trigger-value=pg7");
        assertThat(stranger.text()).contains("which is no member");
        Checked otherCluster = leader.check("--trigger-key=/service/other/leader");
        assertThat(otherCluster.text())
                .contains("its answers do not count", "leader keys there are: /service/db/leader");
        assertThat(List.of(wrongCase, stranger, otherCluster))
                .extracting(Checked::code)
                .containsOnly(2);

        leader.configure("{\"pause\": true, \"failsafe_mode\": true}");
        await("the local Patroni has heard of it")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(leader.check().text())
                                        .contains("it is paused", "failsafe_mode is on"));
        leader.configure("{\"pause\": null, \"failsafe_mode\": null}");
    }
}
