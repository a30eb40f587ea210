package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** When the source relies on its watch, and when it reads all the same. */
final class ReliedWatchTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final String KEY = "/db/leader";
    private static final String OTHER_KEY = "/db2/leader";
    private static final long LEASE = 0x1f;

    private final FakeLoop loop = new FakeLoop();
    private final FakeEtcd etcd = new FakeEtcd(loop);
    private final Told told = new Told();
    private final EtcdLeaderSource source =
            new EtcdLeaderSource(
                    loop,
                    etcd,
                    new EtcdPolicy(
                            List.of(URI.create("http://a:2379")),
                            INTERVAL,
                            TIMEOUT,
                            3,
                            Duration.ofMillis(250),
                            true));

    @Test
    void follower_readsNothing_whileTheWatchIsAlive() {
        relyOnTheWatch();
        for (int i = 0; i < 10; i++) {
            loop.advance(INTERVAL);
            assertThat(reads()).isEmpty();
            etcd.connection().watch().answer();
        }

        assertThat(etcd.connection().watch().asked).as("once an interval").isEqualTo(12);
        assertThat(told.failures).isEmpty();
    }

    @Test
    void follower_isReadAfterFifteenSeconds_howeverAliveTheWatchIs() {
        relyOnTheWatch();
        Moment readAt = told.last().asOf();
        while (reads().isEmpty()) {
            etcd.connection().watch().answer();
            loop.advance(INTERVAL);
        }
        etcd.put(KEY, "pg3", 0); // of which nothing is told
        reads().remove().answer();

        assertThat(readAt.until(told.last().asOf())).isEqualTo(Duration.ofSeconds(15));
        assertThat(told.last().value()).contains("pg3");
        assertThat(etcd.connection().watches).as("the deaf one is replaced").hasSize(2);
    }

    @Test
    void aliveWatch_countsAsAnAnswer() {
        relyOnTheWatch();
        told.answers.clear();
        loop.advance(INTERVAL);
        loop.advance(Duration.ofMillis(40));
        etcd.connection().watch().answer();

        assertThat(told.answers)
                .containsExactly(
                        DcsAnswer.of(
                                URI.create("http://a:2379"),
                                loop.now().minus(Duration.ofMillis(40)),
                                loop.now()));
    }

    @Test
    void watchThatDoesNotAnswerAnyMore_isReadOver_andReplaced() {
        relyOnTheWatch();
        FakeEtcd.Watch dead = etcd.connection().watch();
        etcd.put(KEY, "pg3", 0);
        loop.advance(INTERVAL);
        loop.advance(PATIENCE.minusMillis(1));
        assertThat(reads()).isEmpty();

        loop.advance(Duration.ofMillis(1));
        reads().remove().answer();
        assertThat(dead.closed).isTrue();
        assertThat(told.last().value()).contains("pg3");
        assertThat(etcd.connection().watch().startRevision).isEqualTo(etcd.revision + 1);
        assertThat(etcd.connections).as("the connection is kept").hasSize(1);
    }

    /** New watches would make it slower still. */
    @Test
    void slowEtcd_isReadOnceAnInterval_andKeepsItsWatch() {
        relyOnTheWatch();
        for (int i = 0; i < 5; i++) {
            loop.advance(INTERVAL);
            loop.advance(PATIENCE);
            etcd.connection().watch().answer();
            assertThat(reads()).hasSize(1);
            reads().remove().answer();
            loop.runReady();
            loop.advance(PATIENCE);
        }

        assertThat(etcd.connection().watches).hasSize(1);
        assertThat(told.failures).isEmpty();
    }

    @Test
    void etcdThatIsSilentAltogether_isAFailureSoon() {
        relyOnTheWatch();
        loop.advance(INTERVAL.plus(PATIENCE));
        reads().remove().fail(EtcdFailure.Kind.SILENT);

        assertThat(told.failures).hasSize(1);
    }

    @Test
    void watchThatNeverAnswered_isNotReliedOn_andKept() {
        start("pg2");
        for (int i = 0; i < 5; i++) {
            loop.advance(INTERVAL);
            reads().remove().answer();
        }

        assertThat(etcd.connection().watches).hasSize(1);
    }

    @Test
    void answerThatIsLate_doesNotCount() {
        start("pg2");
        loop.advance(PATIENCE);
        for (int i = 0; i < 5; i++) {
            loop.advance(INTERVAL.minus(PATIENCE));
            reads().remove().answer();
            loop.advance(PATIENCE);
            etcd.connection().watch().answer();
        }

        assertThat(etcd.connection().watches).hasSize(1);
    }

    @Test
    void leader_isReadEachInterval() {
        start("pg1");
        for (int i = 0; i < 5; i++) {
            etcd.connection().watch().answer();
            loop.advance(INTERVAL);
            reads().remove().answer();
        }

        assertThat(told.last().asOf()).isEqualTo(loop.now());
        assertThat(etcd.connection().watch().asked).as("nothing relies on it").isZero();
    }

    @Test
    void leaderOfSomeKeys_readsThoseAlone() {
        etcd.put(KEY, "pg1", 0);
        etcd.put(OTHER_KEY, "pg2", 0);
        source.start(List.of(new Trigger(KEY, "pg1"), new Trigger(OTHER_KEY, "pg1")), told);
        loop.runReady();
        reads().remove().answer();
        loop.advance(INTERVAL);
        reads().remove().answer();
        etcd.connection().watch().answer();
        loop.advance(INTERVAL);

        assertThat(reads().peek().keys).containsExactly(KEY);
        etcd.put(KEY, "pg3", 0); // of which nothing is told
        reads().remove().answer();
        assertThat(told.last().value()).contains("pg3");
        assertThat(reads().peek().keys).as("before watching anew").contains(KEY, OTHER_KEY);
        reads().remove().answer();
        assertThat(etcd.connection().watches).hasSize(2);
    }

    @Test
    void eventThatNamesThisHost_afterLong_isReadFirst_withItsLease() {
        relyOnTheWatch();
        restOn(5);
        etcd.connection().sent.clear();
        int before = told.sightings.size();
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));
        assertThat(told.sightings).hasSize(before);
        assertThat(etcd.connection().sent).containsExactly("lease 1f", "read " + KEY);

        etcd.connection().leases.remove().answer(29, 30);
        assertThat(told.proofs).as("the event alone proves nothing").isEmpty();
        reads().remove().answer();
        assertThat(told.last().origin()).isEqualTo(Sighting.Origin.READ);
        assertThat(told.proofs).hasSize(1);
        loop.runReady();
        assertThat(reads()).as("all is known").isEmpty();

        loop.advance(INTERVAL);
        assertThat(reads()).as("as a leader").hasSize(1);
    }

    @Test
    void eventThatAnotherLeads_needsNoRead() {
        relyOnTheWatch();
        restOn(5);
        etcd.connection().watch().tell(etcd.put(KEY, "pg3", LEASE));

        assertThat(told.last().value()).contains("pg3");
        assertThat(reads()).isEmpty();
    }

    /** So that the next event counts at once. */
    @Test
    void deletion_isReadAtOnce_andEachIntervalUntilSomebodyLeads() {
        relyOnTheWatch();
        restOn(5);
        etcd.connection().watch().tell(etcd.delete(KEY));
        assertThat(told.last().value()).isEmpty();
        reads().remove().answer();
        for (int i = 0; i < 3; i++) {
            etcd.connection().watch().answer();
            loop.advance(INTERVAL);
            reads().remove().answer();
        }
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", 0));

        assertThat(told.last().value()).contains("pg1");
        assertThat(told.last().origin()).isEqualTo(Sighting.Origin.EVENT);
    }

    /** As if the answer had come first: which of the two arrives first is the network's choice. */
    @Test
    void eventDuringARead_countsAsSoonAsThatIsAnswered() {
        relyOnTheWatch();
        restOn(5);
        etcd.connection().watch().tell(etcd.delete(KEY));
        FakeEtcd.Read read = reads().remove();
        EtcdConnection.Answer older = read.now();
        Moment sentAt = loop.now();
        loop.advance(Duration.ofMillis(1));
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));
        assertThat(told.last().value()).isEmpty();

        loop.advance(Duration.ofMillis(1));
        read.answer(older);
        assertThat(told.last())
                .isEqualTo(
                        new Sighting(
                                KEY,
                                Optional.of("pg1"),
                                Sighting.Origin.EVENT,
                                new Revision(7, etcd.revision),
                                etcd.revision,
                                LEASE,
                                sentAt,
                                loop.now()));
        loop.runReady();
        etcd.connection().leases.remove().answer(29, 30);
        reads().remove().answer();
        assertThat(told.proofs).hasSize(1);
    }

    /** What its lease proves would come as late, and the address would be let go meanwhile. */
    @Test
    void eventDuringASlowRead_waitsForTheNext() {
        relyOnTheWatch();
        restOn(5);
        etcd.connection().watch().tell(etcd.delete(KEY));
        EtcdConnection.Answer older = reads().element().now();
        loop.advance(Duration.ofMillis(1));
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));
        loop.advance(PATIENCE);
        reads().remove().answer(older);
        assertThat(told.sightings).noneMatch(seen -> seen.value().equals(Optional.of("pg1")));

        loop.runReady();
        reads().remove().answer();
        assertThat(told.last().value()).contains("pg1");
    }

    /** Everything arrives late and at once, also what ended that leadership. */
    @Test
    void eventsThatAreLate_takeNothing() {
        relyOnTheWatch();
        restOn(5);
        etcd.connection().watch().tell(etcd.delete(KEY));
        reads().remove().answer();
        loop.advance(INTERVAL.plusMillis(1)); // the next read is under way, and late too
        assertThat(reads()).hasSize(1);
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));
        etcd.connection().watch().tell(etcd.delete(KEY));
        reads().remove().answer();

        assertThat(told.sightings).noneMatch(seen -> seen.value().equals(Optional.of("pg1")));
    }

    /** The proof of the lease before says nothing of the new one, which is to be asked about. */
    @Test
    void keyWrittenAnew_whileTheOldLeaseIsProved_isAskedAboutAllTheSame() {
        etcd.put(KEY, "pg1", LEASE);
        source.start(List.of(new Trigger(KEY, "pg1")), told);
        loop.runReady();
        reads().remove().answer();
        loop.runReady();
        EtcdConnection.Answer older = reads().element().now();
        loop.advance(INTERVAL.plusMillis(1)); // slow: its read lends its time no more
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE + 1));
        etcd.connection().leases.remove().answer(29, 30);
        reads().remove().answer(older);
        loop.runReady();

        assertThat(etcd.connection().leases).hasSize(1);
        assertThat(etcd.connection().leases.element().id).isEqualTo(LEASE + 1);
    }

    /** A store that was restored from a backup has lost it. */
    @Test
    void eventBeforeARead_whichDoesNotShowIt_doesNotCount() {
        relyOnTheWatch();
        restOn(5);
        EtcdConnection.Answer older =
                new EtcdConnection.Answer(
                        etcd.clusterId, etcd.revision, etcd.raftTerm, List.of(etcd.store.get(KEY)));
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));
        loop.advance(Duration.ofMillis(1));
        reads().remove().answer(older);

        assertThat(told.sightings).noneMatch(seen -> seen.value().equals(Optional.of("pg1")));
    }

    /** What was told of this host meanwhile is over. */
    @Test
    void eventsDuringARead_ofWhichTheLastNamesAnother_takeNothing() {
        relyOnTheWatch();
        restOn(5);
        etcd.connection().watch().tell(etcd.delete(KEY));
        EtcdConnection.Answer older = reads().element().now();
        loop.advance(Duration.ofMillis(1));
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));
        etcd.connection().watch().tell(etcd.put(KEY, "pg3", LEASE));
        reads().remove().answer(older);

        assertThat(told.sightings).noneMatch(seen -> seen.value().equals(Optional.of("pg1")));
    }

    @Test
    void watchThatEnds_isFollowedByARead() {
        relyOnTheWatch();
        restOn(3);
        etcd.connection().watch().end(EtcdFailure.Kind.NO_LEADER);

        assertThat(reads()).hasSize(1);
    }

    @Test
    void readNow_readsThoughTheWatchIsAlive() {
        relyOnTheWatch();
        source.readNow();
        loop.runReady();

        assertThat(reads()).hasSize(1);
    }

    private void start(String leader) {
        etcd.put(KEY, leader, 0);
        source.start(List.of(new Trigger(KEY, "pg1")), told);
        loop.runReady();
        reads().remove().answer();
    }

    /** Another leads, and the watch has answered that it is alive. */
    private void relyOnTheWatch() {
        start("pg2");
        loop.advance(INTERVAL);
        reads().remove().answer();
        etcd.connection().watch().answer();
        loop.advance(INTERVAL);
        assertThat(reads()).isEmpty();
        etcd.connection().watch().answer();
    }

    private void restOn(int intervals) {
        for (int i = 0; i < intervals; i++) {
            loop.advance(INTERVAL);
            etcd.connection().watch().answer();
        }
        assertThat(reads()).isEmpty();
    }

    private Deque<FakeEtcd.Read> reads() {
        return etcd.connection().reads;
    }
}
