package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Certificates that are replaced under a connection that works: the new ones are tried beside it.
 */
final class SessionReplacementTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Trigger TRIGGER = new Trigger("/leader", "pg1");
    private static final Trigger OTHER = new Trigger("/other", "pg1");
    private static final long LEASE = 0x1f;

    private final FakeLoop loop = new FakeLoop();
    private final FakeEtcd etcd = new FakeEtcd(loop);
    private final Told told = new Told();
    private final EtcdLeaderSource source =
            new EtcdLeaderSource(
                    loop,
                    etcd,
                    new EtcdPolicy(
                            List.of(URI.create("https://a:2379")),
                            INTERVAL,
                            Duration.ofSeconds(2),
                            3,
                            Duration.ofMillis(250),
                            true));
    private FakeEtcd.Connection old;

    @BeforeEach
    void followTheKey() {
        etcd.put(TRIGGER.key(), "pg2", 0);
        source.start(List.of(TRIGGER), told);
        loop.advance(Duration.ofMillis(1));
        old = etcd.connection();
        old.reads.remove().answer();
    }

    @Test
    void newOnes_takeOverOnceTheyHaveReadEverything() {
        replaceFiles();
        FakeEtcd.Connection next = trial();
        assertThat(old.closed).isFalse();

        next.reads.remove().answer();
        loop.runReady();
        assertThat(old.closed).isTrue();
        assertThat(next.watch().startRevision).isEqualTo(102);
        assertThat(next.reads).as("whatever the old one was asked is asked anew").hasSize(1);

        next.reads.remove().answer();
        next.watch().tell(etcd.put(TRIGGER.key(), "pg1", 0));
        assertThat(told.last().value()).contains("pg1");
        loop.advance(INTERVAL.multipliedBy(3));
        assertThat(etcd.connections).hasSize(2);
        assertThat(told.failures).isEmpty();
    }

    /** The servers' certificates come after the authorities', or are not accepted there yet. */
    @Test
    void newOnesThatDoNotWork_leaveTheConnectionInUseAndAreTriedEverMoreRarely() {
        assertThat(secondsOfFailedTrials()).containsExactly(1L, 2L, 4L, 8L, 16L, 26L, 36L);
        assertThat(old.closed).isFalse();
        assertThat(told.failures).as("nothing is wrong with what is read").isEmpty();
        old.watch().tell(etcd.put(TRIGGER.key(), "pg1", 0));
        assertThat(told.last().value()).contains("pg1");
    }

    /** Many hosts get the same new files at once. */
    @Test
    void newOnesThatDoNotWork_areTriedByEachHostAtAnotherTime() {
        loop.chance(0.9);

        assertThat(secondsOfFailedTrials()).containsExactly(1L, 2L, 4L, 8L, 15L, 23L, 31L);
    }

    private List<Long> secondsOfFailedTrials() {
        old.outdated = true;
        Moment begin = loop.now();
        List<Long> attempts = new ArrayList<>();
        for (int second = 1; second <= 37; second++) {
            nextRound();
            if (etcd.connection() != old && !etcd.connection().closed) {
                attempts.add(begin.until(loop.now()).toSeconds());
                etcd.connection().reads.remove().fail(EtcdFailure.Kind.TLS);
                assertThat(etcd.connection().closed).isTrue();
            }
        }
        return attempts;
    }

    @Test
    void filesThatAreReplacedAgain_areTriedAtOnce() {
        replaceFiles();
        for (int i = 0; i < 4; i++) {
            FakeEtcd.Connection refused = trial();
            refused.reads.remove().fail(EtcdFailure.Kind.TLS);
            refused.outdated = true;
            nextRound();
        }

        assertThat(etcd.connections).hasSize(6);
    }

    @Test
    void connectionInUseThatBreaksMeanwhile_isFollowedByOneWithTheNewOnes() {
        replaceFiles();
        FakeEtcd.Connection trial = trial();
        loop.advance(INTERVAL);
        old.reads.remove().fail(EtcdFailure.Kind.ENDED);
        loop.advance(INTERVAL);

        assertThat(trial.closed).isTrue();
        assertThat(etcd.connections).hasSize(3);
        etcd.connection().reads.remove().answer();
        assertThat(etcd.connection().watches).hasSize(1);
        assertThat(told.failures).hasSize(1);
    }

    /** The lease was asked about on the old connection, whose answer does not come any more. */
    @Test
    void takeoverWhileTheNewOnesAreTried_isConfirmedByWhicheverIsLeft() {
        replaceFiles();
        FakeEtcd.Connection next = trial();
        EtcdConnection.Answer before = next.reads.element().now();
        loop.advance(Duration.ofMillis(10));
        old.watch().tell(etcd.put(TRIGGER.key(), "pg1", LEASE));
        assertThat(old.leases).hasSize(1);
        loop.advance(Duration.ofMillis(10));
        next.reads.remove().answer(before);
        loop.runReady();

        assertThat(old.closed).isTrue();
        next.leases.remove().answer(29, 30);
        next.reads.remove().answer();
        assertThat(told.proofs).hasSize(1);
        assertThat(told.last().value()).contains("pg1");
    }

    @Test
    void changeThatTheNewOnesHaveRead_isNotToldOnceMoreByTheOldWatch() {
        replaceFiles();
        FakeEtcd.Watch watch = old.watch();
        EtcdEntry change = etcd.put(TRIGGER.key(), "pg1", 0);
        FakeEtcd.Connection next = trial();
        next.reads.remove().answer();
        int before = told.sightings.size();
        watch.tell(change);
        next.watch().tell(change);

        assertThat(told.sightings).hasSize(before);
        assertThat(told.last().origin()).isEqualTo(Sighting.Origin.READ);
    }

    @Test
    void newOnesThatMayReadLess_leaveTheConnectionInUse() {
        source.follow(List.of(TRIGGER, OTHER));
        loop.runReady();
        old.reads.remove().answer();
        replaceFiles();
        FakeEtcd.Connection next = trial();
        forbidTheOtherKey(next);

        assertThat(next.closed).isTrue();
        assertThat(old.closed).isFalse();
        assertThat(told.failures).isEmpty();
    }

    @Test
    void newOnesThatMayReadNoLess_takeOver() {
        source.follow(List.of(TRIGGER, OTHER));
        loop.runReady();
        forbidTheOtherKey(old);
        old.outdated = true;
        loop.advance(INTERVAL);
        forbidTheOtherKey(old);
        FakeEtcd.Connection next = trial();
        forbidTheOtherKey(next);

        assertThat(old.closed).isTrue();
        assertThat(next.closed).isFalse();
    }

    @Test
    void restartAndClose_endBoth() {
        replaceFiles();
        FakeEtcd.Connection trial = trial();
        source.restart();
        assertThat(old.closed).isTrue();
        assertThat(trial.closed).isTrue();

        old = etcd.connection();
        old.reads.remove().answer();
        replaceFiles();
        trial = trial();
        source.close();
        assertThat(old.closed).isTrue();
        assertThat(trial.closed).isTrue();
        assertThat(loop.alarms()).isZero();
    }

    private void replaceFiles() {
        old.outdated = true;
        nextRound();
    }

    /** The next round of the connection in use, which is answered. */
    private void nextRound() {
        loop.advance(INTERVAL);
        old.reads.remove().answer();
        loop.runReady();
    }

    private FakeEtcd.Connection trial() {
        assertThat(etcd.connection()).isNotSameAs(old);
        assertThat(etcd.connection().closed).isFalse();
        return etcd.connection();
    }

    private void forbidTheOtherKey(FakeEtcd.Connection connection) {
        while (!connection.reads.isEmpty()) {
            FakeEtcd.Read read = connection.reads.remove();
            if (read.keys.contains(OTHER.key())) {
                read.fail(EtcdFailure.Kind.PERMISSION_DENIED);
            } else {
                read.answer();
            }
        }
    }
}
