package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vipmanager.lab.DatabaseLab.Asked;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real cluster behind the address: PostgreSQL 15, Patroni, and a client that writes.
 *
 * <p>One cluster for each kind of DCS lives through all events, one after the other. {@code
 * -Dpatroni.asked=ETCD} plays one kind, {@code -Dpatroni.events=switchover,...} a few events,
 * {@code -Dpatroni.tree=patroni} with Patroni 4 instead of 3.0.2.
 */
final class PatroniClusterIT {

    private static final String TREE = System.getProperty("patroni.tree", "patroni-3");
    private static final String EVENTS = System.getProperty("patroni.events", "");
    private static final String ASKED = System.getProperty("patroni.asked", "");

    /** Changes are told by etcd and Consul within milliseconds. */
    private static final Duration OURS_AT_MOST = Duration.ofMillis(100);

    /** Patroni is polled. */
    private static final Duration OURS_AT_MOST_POLLED = Duration.ofMillis(1100);

    /** Where the address need not move, the database may pause a little, and no more. */
    private static final Duration NO_OUTAGE = Duration.ofSeconds(1);

    private final List<ClusterEvent> events = new ArrayList<>();
    private final SoftAssertions softly = new SoftAssertions();
    private DatabaseLab lab;

    private interface Play {
        void play() throws InterruptedException;
    }

    @ParameterizedTest
    @EnumSource
    void wholeLife(Asked asked) throws InterruptedException {
        Assumptions.assumeTrue(ASKED.isEmpty() || ASKED.contains(asked.name()));
        try (DatabaseLab opened = new DatabaseLab("patroni-" + asked, asked, TREE)) {
            lab = opened;
            long begun = lab.start();
            row(ClusterEvent.measure("start", lab, begun));
            play("switchover", this::switchover);
            play("postgres-killed", this::postgresKilled);
            play("leader-host-dies", this::leaderHostDies);
            play("leader-cut-off", this::leaderCutOff);
            play("dcs-members-restart", this::membersRestart);
            play("pause", this::pause);
            play("dcs-stopped-failsafe", this::stoppedWithFailsafe);
            play("dcs-stopped", this::stoppedWithoutFailsafe);
            List<WritingClient.Acknowledged> rows = lab.client().acknowledged();
            Results.add("patroni " + asked, rows.size() + " rows acknowledged");
        }
        softly.assertAll();
    }

    private void play(String name, Play play) throws InterruptedException {
        if (!EVENTS.isEmpty() && !List.of(EVENTS.split(",")).contains(name)) {
            return;
        }
        lab.awaitHealthy();
        long begun = lab.timeline().note("EVENT " + name);
        play.play();
        lab.awaitHealthy();
        ClusterEvent event = ClusterEvent.measure(name, lab, begun);
        row(event);
        softly.assertThat(event.overlap()).as(name + ": two holders").isZero();
        softly.assertThat(event.lost()).as(name + ": lost rows").isZero();
        softly.assertThat(event.stale()).as(name + ": rows on an old timeline").isZero();
        boolean polled = lab.asked() == Asked.PATRONI;
        softly.assertThat(event.ours())
                .as(name + ": our part of the outage")
                .isLessThan(polled ? OURS_AT_MOST_POLLED : OURS_AT_MOST);
        softly.assertThat(event.astray())
                .as(name + ": held by another than the key names")
                .isLessThan(polled ? OURS_AT_MOST_POLLED : OURS_AT_MOST);
    }

    private void row(ClusterEvent event) {
        events.add(event);
        Results.add("patroni " + lab.asked() + " " + event.name(), event.toString());
        event.story().forEach(line -> System.out.println("    " + line));
    }

    private ClusterEvent soFar(String name, long begun) throws InterruptedException {
        return ClusterEvent.measure(name, lab, begun);
    }

    private void switchover() throws InterruptedException {
        DatabaseHost old = lab.leader();
        DatabaseHost next = lab.synchronousFollower();
        old.switchOverTo(next);
        lab.awaitHealthy();
        assertThat(lab.leader()).isEqualTo(next);
    }

    /** Patroni starts it again on the same host; the address stays where it is. */
    private void postgresKilled() throws InterruptedException {
        lab.leader().killPostgres();
        Thread.sleep(4000);
    }

    private void leaderHostDies() throws InterruptedException {
        DatabaseHost dead = lab.leader();
        dead.die();
        awaitOtherLeader(dead);
        Thread.sleep(3000);
        dead.boot(lab.store());
    }

    /** The leader still serves its clients, but no longer sees the DCS. */
    private void leaderCutOff() throws InterruptedException {
        DatabaseHost cut = lab.leader();
        lab.timeline().note(cut + " is cut off from the DCS");
        cut.host().cutDcs(Cut.SILENCE);
        awaitOtherLeader(cut);
        Thread.sleep(3000);
        lab.timeline().note(cut + " sees the DCS again");
        cut.host().healDcs();
    }

    private void membersRestart() throws InterruptedException {
        long begun = System.nanoTime();
        lab.store().restartOneByOne();
        assertNoOutage("dcs-members-restart", begun);
    }

    private void pause() throws InterruptedException {
        long begun = System.nanoTime();
        lab.leader().patronictl("pause", "db", "--wait");
        Thread.sleep(8000);
        assertNoOutage("pause", begun);
        lab.leader().patronictl("resume", "db", "--wait");
    }

    /** All members are gone for longer than any lease; Patroni's failsafe mode keeps the leader. */
    private void stoppedWithFailsafe() throws InterruptedException {
        lab.leader().configure("{\"failsafe_mode\": true}");
        Thread.sleep(8000);
        long begun = System.nanoTime();
        lab.store().stop();
        Thread.sleep(45_000);
        assertNoOutage("dcs-stopped-failsafe", begun);
        lab.store().startAgain();
        Thread.sleep(8000);
        lab.awaitHealthy();
        lab.leader().configure("{\"failsafe_mode\": false}");
        Thread.sleep(5000);
    }

    private void stoppedWithoutFailsafe() throws InterruptedException {
        lab.store().stop();
        Thread.sleep(30_000);
        softly.assertThat(lab.timeline().holdersNow(DatabaseLab.VIP))
                .as("holders 30 s after the DCS was stopped, without failsafe mode")
                .isEmpty();
        lab.store().startAgain();
    }

    private void assertNoOutage(String name, long begun) throws InterruptedException {
        ClusterEvent event = soFar(name, begun);
        softly.assertThat(event.outage()).as(name + ": outage").isLessThan(NO_OUTAGE);
        softly.assertThat(
                        lab.hosts().stream()
                                .allMatch(
                                        host ->
                                                lab.timeline()
                                                                .firstRemoved(
                                                                        host.host(),
                                                                        DatabaseLab.VIP,
                                                                        begun)
                                                        < 0))
                .as(name + ": the address is not removed")
                .isTrue();
    }

    private void awaitOtherLeader(DatabaseHost old) {
        org.awaitility.Awaitility.await("another leader than " + old)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            String leader = lab.observer().stateNow(ClusterObserver.KEY);
                            return leader.startsWith("pg")
                                    && !leader.equals(old.name())
                                    && lab.timeline().holdersNow(DatabaseLab.VIP).contains(leader);
                        });
    }
}
