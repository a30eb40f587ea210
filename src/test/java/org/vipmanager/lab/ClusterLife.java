package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.vipmanager.lab.DatabaseLab.Asked;

import java.time.Duration;
import java.util.List;

/**
 * What happens to a cluster in its life, one event after the other, and what each must not cost.
 *
 * <p>{@code -Dpatroni.tree=patroni} plays it with Patroni 4 instead of 3.0.2.
 */
final class ClusterLife implements AutoCloseable {

    private static final String TREE = System.getProperty("patroni.tree", "patroni-3");

    /**
     * Changes are told by etcd and Consul within milliseconds, unless others have the processor.
     */
    private static final Duration OURS_AT_MOST = Duration.ofSeconds(2);

    /** Patroni is polled. */
    private static final Duration OURS_AT_MOST_POLLED = Duration.ofSeconds(3);

    /** Where the address need not move, the database may pause a little, and no more. */
    private static final Duration NO_OUTAGE = Duration.ofSeconds(1);

    private final SoftAssertions softly = new SoftAssertions();
    private final DatabaseLab lab;

    /** What may happen. */
    enum Event {
        SWITCHOVER(DatabaseLab.EARLY),
        POSTGRES_KILLED(DatabaseLab.EARLY),
        LEADER_HOST_DIES(Duration.ZERO),
        LEADER_CUT_OFF(Duration.ZERO),
        DCS_MEMBERS_RESTART(Duration.ZERO),
        PAUSE(Duration.ZERO),
        DCS_STOPPED_FAILSAFE(Duration.ZERO),
        DCS_STOPPED(Duration.ZERO);

        private final Duration mayOverlap;

        Event(Duration mayOverlap) {
            this.mayOverlap = mayOverlap;
        }
    }

    /** The cluster of a laboratory of that name, not started yet. */
    ClusterLife(String name, Asked asked) throws InterruptedException {
        lab = new DatabaseLab(name, asked, TREE);
    }

    ClusterLife start() {
        long begun = lab.start();
        judge(ClusterEvent.measure("start", lab, begun), Duration.ZERO);
        return this;
    }

    DatabaseLab lab() {
        return lab;
    }

    /** Plays these events, in the order in which {@link Event} has them. */
    void play(List<Event> events) throws InterruptedException {
        for (Event event : Event.values()) {
            if (events.contains(event)) {
                play(event);
            }
        }
        int rows = lab.client().acknowledged().size();
        Results.add("patroni " + lab.asked(), rows + " rows acknowledged");
        softly.assertAll();
    }

    private void play(Event what) throws InterruptedException {
        String name = what.toString();
        lab.awaitHealthy();
        long begun = lab.timeline().note("EVENT " + name);
        switch (what) {
            case SWITCHOVER -> switchover();
            case POSTGRES_KILLED -> postgresKilled();
            case LEADER_HOST_DIES -> leaderHostDies();
            case LEADER_CUT_OFF -> leaderCutOff();
            case DCS_MEMBERS_RESTART -> membersRestart();
            case PAUSE -> pause();
            case DCS_STOPPED_FAILSAFE -> stoppedWithFailsafe();
            case DCS_STOPPED -> stoppedWithoutFailsafe();
        }
        lab.awaitHealthy();
        judge(ClusterEvent.measure(name, lab, begun), what.mayOverlap);
    }

    private void judge(ClusterEvent event, Duration mayOverlap) {
        String name = event.name();
        row(event);
        assertSafe(event, mayOverlap);
        boolean polled = lab.asked() == Asked.PATRONI;
        softly.assertThat(event.ours())
                .as(name + ": our part of the outage")
                .isLessThan(polled ? OURS_AT_MOST_POLLED : OURS_AT_MOST);
        softly.assertThat(event.astray())
                .as(name + ": held by another than the key names")
                .isLessThan(polled ? OURS_AT_MOST_POLLED : OURS_AT_MOST);
    }

    private void assertSafe(ClusterEvent event, Duration mayOverlap) {
        if (event.overlap().compareTo(mayOverlap) > 0) {
            throw lab.violated(
                    "%s: two hosts held the address for %s, allowed is %s"
                            .formatted(
                                    event.name(),
                                    Samples.text(event.overlap()),
                                    Samples.text(mayOverlap)));
        }
        if (event.lost() > 0 || event.stale() > 0) {
            throw lab.violated(
                    "%s: %d acknowledged rows lost, %d on an old timeline"
                            .formatted(event.name(), event.lost(), event.stale()));
        }
    }

    private void row(ClusterEvent event) {
        Results.add("patroni " + lab.asked() + " " + event.name(), event.toString());
        event.story().forEach(line -> System.out.println("    " + line));
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
        assertNoOutage(Event.DCS_MEMBERS_RESTART, begun);
    }

    private void pause() throws InterruptedException {
        long begun = System.nanoTime();
        lab.leader().patronictl("pause", "db", "--wait");
        Thread.sleep(8000);
        assertNoOutage(Event.PAUSE, begun);
        lab.leader().patronictl("resume", "db", "--wait");
    }

    /** All members are gone for longer than any lease; Patroni's failsafe mode keeps the leader. */
    private void stoppedWithFailsafe() throws InterruptedException {
        lab.leader().configure("{\"failsafe_mode\": true}");
        Thread.sleep(8000);
        long begun = System.nanoTime();
        lab.store().stop();
        Thread.sleep(45_000);
        assertNoOutage(Event.DCS_STOPPED_FAILSAFE, begun);
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

    private void assertNoOutage(Event name, long begun) throws InterruptedException {
        softly.assertThat(ClusterEvent.outageSince(lab, begun))
                .as(name + ": outage")
                .isLessThan(NO_OUTAGE);
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
        Awaitility.await("another leader than " + old)
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

    @Override
    public void close() {
        lab.close();
    }
}
