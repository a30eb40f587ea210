package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The logic of the source: an etcd answered by hand, and time that passes when it is told to. */
final class EtcdLeaderSourceTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RETRY_AFTER = Duration.ofMillis(250);
    private static final String KEY = "/db/leader";
    private static final Trigger TRIGGER = new Trigger(KEY, "pg1");
    private static final long LEASE = 0x1f;

    private final FakeLoop loop = new FakeLoop();
    private final FakeEtcd etcd = new FakeEtcd(loop);
    private final Told told = new Told();
    private EtcdLeaderSource source;

    @BeforeEach
    void oneEndpoint() {
        source = source(true, "http://a:2379");
    }

    // ---- reading -----------------------------------------------------------------------------

    @Test
    void read_tellsWhatTheKeyHoldsAndWhenItWasAsked() {
        etcd.put(KEY, "pg2", LEASE);
        Moment asked = loop.now();
        source.start(List.of(TRIGGER), told);
        loop.advance(Duration.ofMillis(30));
        etcd.connection().reads.remove().answer();

        assertThat(told.sightings)
                .containsExactly(
                        new Sighting(
                                KEY,
                                Optional.of("pg2"),
                                Sighting.Origin.READ,
                                new Revision(7, 101),
                                101,
                                LEASE,
                                asked,
                                asked.plus(Duration.ofMillis(30))));
    }

    @Test
    void read_tellsWhichEndpointAnsweredAndHowFast() {
        source.start(List.of(TRIGGER), told);
        loop.advance(Duration.ofMillis(30));
        etcd.connection().reads.remove().answer();

        assertThat(told.answers)
                .containsExactly(
                        new DcsAnswer(
                                URI.create("http://a:2379"), Duration.ofMillis(30), loop.now()));
    }

    @Test
    void read_tellsAnAbsentKey() {
        startAndAnswer();

        assertThat(told.last().value()).isEmpty();
        assertThat(told.last().modRevision()).isZero();
        assertThat(told.last().revision()).isEqualTo(new Revision(7, 100));
    }

    @Test
    void read_comesOnceAnIntervalAndNeverTwiceAtATime() {
        startAndAnswer();
        loop.advance(INTERVAL.minusMillis(2));
        assertThat(etcd.connection().reads).isEmpty();

        loop.advance(Duration.ofMillis(1));
        assertThat(etcd.connection().reads).hasSize(1);

        loop.advance(Duration.ofMillis(1500));
        assertThat(etcd.connection().reads).hasSize(1);

        etcd.connection().reads.remove().answer();
        loop.runReady();
        assertThat(etcd.connection().reads).as("late: the next follows at once").hasSize(1);
    }

    @Test
    void read_takesAThousandKeysInEightTransactions() {
        List<Trigger> triggers =
                IntStream.range(0, 1000).mapToObj(i -> new Trigger("/k" + i, "pg1")).toList();
        source.start(triggers, told);

        assertThat(etcd.connection().reads).hasSize(8);
        assertThat(etcd.connection().reads).allMatch(read -> read.keys.size() <= 128);
        etcd.connection().reads.forEach(FakeEtcd.Read::answer);
        assertThat(told.sightings).hasSize(1000);
        assertThat(etcd.connection().watch().keys).hasSize(1000);
    }

    @Test
    void read_asksOnceForAKeyThatSeveralAddressesFollow() {
        source.start(List.of(TRIGGER, new Trigger(KEY, "other-name")), told);

        assertThat(etcd.connection().reads.peek().keys).containsExactly(KEY);
    }

    @Test
    void readNow_makesOneReadOfSeveralCalls() {
        startAndAnswer();
        source.readNow();
        source.readNow();
        loop.runReady();

        assertThat(etcd.connection().reads).hasSize(1);
    }

    @Test
    void readNow_readsAgainWhenARoundIsUnderWay() {
        source.start(List.of(TRIGGER), told);
        source.readNow();
        source.readNow();
        loop.runReady();
        assertThat(etcd.connection().reads).hasSize(1);

        etcd.connection().reads.remove().answer();
        assertThat(etcd.connection().reads).hasSize(1);
    }

    // ---- failing over ------------------------------------------------------------------------

    @Test
    void refused_asksTheNextEndpointAtOnce() {
        source = source(true, "http://a:2379", "http://b:2379");
        source.start(List.of(TRIGGER), told);
        fail(EtcdFailure.Kind.UNREACHABLE);
        loop.runReady();

        assertThat(endpoints()).containsExactly("a", "b");
        assertThat(etcd.connections.getFirst().closed).isTrue();
        assertThat(told.failures).singleElement().asString().contains("http://a:2379");

        etcd.connection().reads.remove().answer();
        assertThat(told.sightings).hasSize(1);
    }

    @Test
    void goodEndpoint_isKept() {
        source = source(true, "http://a:2379", "http://b:2379");
        source.start(List.of(TRIGGER), told);
        fail(EtcdFailure.Kind.SILENT);
        loop.runReady();
        for (int i = 0; i < 5; i++) {
            etcd.connection().reads.remove().answer();
            loop.advance(INTERVAL);
        }

        assertThat(endpoints()).containsExactly("a", "b");
    }

    @Test
    void everythingDown_isTriedQuicklyAtFirstThenOnceAnInterval() {
        assertThat(attemptsWhileAllAreDown())
                .containsExactly(0L, 0L, 250L, 250L, 500L, 500L, 1500L, 1500L, 2500L, 2500L);
    }

    /** A hundred hosts that lost the same etcd do not come back in step; none of them later. */
    @Test
    void everythingDown_isTriedByEachHostAtAnotherTime() {
        loop.chance(0.8);

        assertThat(attemptsWhileAllAreDown())
                .containsExactly(0L, 0L, 200L, 200L, 400L, 400L, 1200L, 1200L, 2000L, 2000L);
    }

    private List<Long> attemptsWhileAllAreDown() {
        source = source(true, "http://a:2379", "http://b:2379");
        source.start(List.of(TRIGGER), told);
        Moment begin = loop.now();
        List<Long> attempts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            attempts.add(begin.until(loop.now()).toMillis());
            fail(EtcdFailure.Kind.UNREACHABLE);
            awaitConnection(i + 2);
        }
        return attempts;
    }

    @Test
    void wrongPassword_isTriedEverMoreRarely() {
        source.start(List.of(TRIGGER), told);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Moment failedAt = loop.now();
            fail(EtcdFailure.Kind.LOGIN_REFUSED);
            awaitConnection(i + 2);
            pauses.add(failedAt.until(loop.now()).toMillis());
        }

        assertThat(pauses).containsExactly(1000L, 2000L, 4000L, 8000L, 10_000L, 10_000L);
    }

    /**
     * What it refuses costs it 100 ms of bcrypt each time; the dead one may be back at any time.
     */
    @ParameterizedTest
    @EnumSource(
            value = EtcdFailure.Kind.class,
            names = {"LOGIN_REFUSED", "PERMISSION_DENIED", "TLS"})
    void memberThatRefuses_isTriedEverMoreRarely_theDeadOneOnceAnInterval(
            EtcdFailure.Kind refusal) {
        source = source(true, "http://a:2379", "http://b:2379");
        source.start(List.of(TRIGGER), told);
        Moment begin = loop.now();
        List<Long> refused = new ArrayList<>();
        List<Long> dead = new ArrayList<>();
        for (int i = 1; begin.until(loop.now()).toSeconds() < 20; i++) {
            long attempt = begin.until(loop.now()).toMillis();
            if (endpoints().getLast().equals("a")) {
                refused.add(attempt);
                fail(refusal);
            } else {
                dead.add(attempt);
                fail(EtcdFailure.Kind.UNREACHABLE);
            }
            awaitConnection(i + 1);
        }

        assertThat(refused).startsWith(0L).hasSizeLessThan(7);
        for (int i = 1; i < dead.size(); i++) {
            assertThat(dead.get(i) - dead.get(i - 1)).isLessThanOrEqualTo(INTERVAL.toMillis());
        }
    }

    /** It may be asked of another cluster's member, or of one that lags behind. */
    @Test
    void keyThatOneMemberDenies_isReadFromAnother() {
        source = source(true, "http://a:2379", "http://b:2379");
        source.start(List.of(TRIGGER, new Trigger("/k2", "pg1")), told);
        answerButDeny("/k2");
        loop.runReady();
        assertThat(endpoints()).containsExactly("a", "b");
        etcd.connection().reads.remove().answer();

        assertThat(told.sightings).extracting(Sighting::key).contains("/k2");
    }

    @Test
    void keyThatAllMembersDeny_leavesTheOthersFollowedAtOneOfThem() {
        source = source(true, "http://a:2379", "http://b:2379", "http://c:2379");
        source.start(List.of(TRIGGER, new Trigger("/k2", "pg1")), told);
        for (int i = 0; i < 20; i++) {
            answerButDeny("/k2");
            loop.advance(INTERVAL);
        }

        assertThat(endpoints()).containsExactly("a", "b", "c");
        assertThat(told.sightings).hasSizeGreaterThan(15);
    }

    private void answerButDeny(String key) {
        FakeEtcd.Connection asked = etcd.connection();
        while (!asked.reads.isEmpty()) {
            FakeEtcd.Read read = asked.reads.remove();
            if (read.keys.contains(key)) {
                read.fail(EtcdFailure.Kind.PERMISSION_DENIED);
            } else {
                read.answer();
            }
        }
    }

    @Test
    void etcdBack_isFollowedAgain() {
        startAndAnswer();
        loop.advance(INTERVAL);
        fail(EtcdFailure.Kind.ENDED);
        etcd.put(KEY, "pg2", 0);
        loop.advance(RETRY_AFTER);
        etcd.connection().reads.remove().answer();

        assertThat(told.last().value()).contains("pg2");
        assertThat(etcd.connection().watch().startRevision).isEqualTo(102);
    }

    @Test
    void tokenExpired_isTriedAgainAtOnceOnTheSameConnection() {
        source.start(List.of(TRIGGER), told);
        fail(EtcdFailure.Kind.TOKEN_EXPIRED);
        assertThat(etcd.connections).hasSize(1);
        assertThat(etcd.connection().reads).hasSize(1);

        fail(EtcdFailure.Kind.TOKEN_EXPIRED);
        assertThat(etcd.connections.getFirst().closed).as("once is enough").isTrue();
        assertThat(told.failures).hasSize(1);
    }

    @Test
    void oneForbiddenKey_doesNotKeepTheOthersFromBeingFollowed() {
        source.start(
                IntStream.range(0, 4).mapToObj(i -> new Trigger("/k" + i, "pg1")).toList(), told);
        for (int i = 0; i < 20 && !etcd.connection().reads.isEmpty(); i++) {
            FakeEtcd.Read read = etcd.connection().reads.remove();
            if (read.keys.contains("/k2")) {
                read.fail(EtcdFailure.Kind.PERMISSION_DENIED);
            } else {
                read.answer();
            }
        }

        assertThat(told.sightings).extracting(Sighting::key).containsOnly("/k0", "/k1", "/k3");
        assertThat(told.failures).hasSize(1);
        assertThat(etcd.connection().watch().keys).containsExactly("/k0", "/k1", "/k3");
        assertThat(etcd.connection().closed).isFalse();
    }

    @Test
    void onlyForbiddenKeys_countAsAFailure() {
        source.start(List.of(TRIGGER), told);
        fail(EtcdFailure.Kind.PERMISSION_DENIED);

        assertThat(etcd.connection().closed).isTrue();
        assertThat(told.failures).isNotEmpty();
    }

    // ---- watching ----------------------------------------------------------------------------

    @Test
    void watch_beginsAfterTheRevisionOfTheRead() {
        startAndAnswer();

        assertThat(etcd.connection().watch().startRevision).isEqualTo(101);
    }

    @Test
    void event_inheritsTheTimeOfTheReadBeforeIt() {
        startAndAnswer();
        Moment readAsOf = told.last().asOf();
        loop.advance(Duration.ofMillis(400));
        EtcdEntry change = etcd.put(KEY, "pg2", LEASE);
        etcd.connection().watch().tell(change);

        assertThat(told.last())
                .isEqualTo(
                        new Sighting(
                                KEY,
                                Optional.of("pg2"),
                                Sighting.Origin.EVENT,
                                new Revision(7, 101),
                                101,
                                LEASE,
                                readAsOf,
                                loop.now()));
    }

    @Test
    void event_ofADeletion_tellsAnAbsentKey() {
        etcd.put(KEY, "pg1", 0);
        startAndAnswer();
        etcd.connection().watch().tell(etcd.delete(KEY));

        assertThat(told.last().value()).isEmpty();
        assertThat(told.last().modRevision()).isZero();
        assertThat(told.last().revision().number()).isEqualTo(102);
    }

    @Test
    void event_thatAReadHasOvertaken_isDropped() {
        startAndAnswer();
        EtcdEntry change = etcd.put(KEY, "pg2", 0);
        etcd.put(KEY, "pg3", 0);
        loop.advance(INTERVAL);
        FakeEtcd.Watch watch = etcd.connection().watch();
        etcd.connection().reads.remove().answer();
        watch.tell(change);
        etcd.connection().watch().tell(change);

        assertThat(told.last().value()).contains("pg3");
        assertThat(told.sightings).hasSize(2);
    }

    @Test
    void event_ofAnUnconfirmedTime_isReadFirst() {
        startAndAnswer();
        FakeEtcd.Watch watch = etcd.connection().watch();
        loop.advance(INTERVAL);
        loop.advance(TIMEOUT); // the read is under way and is not answered
        loop.advance(Duration.ofMillis(1));
        watch.tell(etcd.put(KEY, "pg1", 0));
        assertThat(told.sightings).as("the event alone proves too little").hasSize(1);

        etcd.connection().reads.remove().answer();
        assertThat(told.last().value()).contains("pg1");
        assertThat(told.last().origin()).isEqualTo(Sighting.Origin.READ);
        assertThat(etcd.connection().reads).as("and one that was sent after it").hasSize(1);
    }

    /** The store was restored from a backup before a read could show what the event had told. */
    @Test
    void event_thatNoReadConfirms_isAwaitedNoMore() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        loop.advance(INTERVAL);
        loop.advance(TIMEOUT); // the read is under way and is not answered
        loop.advance(Duration.ofMillis(1));
        EtcdEntry forgotten = new EtcdEntry(KEY, Optional.of("pg1"), etcd.revision + 1, LEASE + 1);
        etcd.connection().watch().tell(forgotten);
        etcd.connection().reads.remove().answer();
        assertThat(etcd.connection().leases.remove().id).as("the new one").isEqualTo(LEASE + 1);
        etcd.connection().reads.remove().answer();

        assertThat(etcd.connection().leases.element().id).as("the old one").isEqualTo(LEASE);
        etcd.connection().leases.remove().answer(20, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).hasSize(2);
        assertThat(etcd.connection().reads).as("nothing more is asked now").isEmpty();
    }

    /** Whoever holds the address is to let it go at once, and no read may ever be answered. */
    @Test
    void event_thatAnotherLeads_isToldThoughNoReadIsAnswered() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        Moment readAsOf = told.last().asOf();
        FakeEtcd.Watch watch = etcd.connection().watch();
        loop.advance(INTERVAL);
        loop.advance(TIMEOUT);
        loop.advance(Duration.ofMillis(1));
        watch.tell(etcd.put(KEY, "pg2", 0));
        assertThat(told.last().value()).contains("pg2");
        assertThat(told.last().asOf()).isEqualTo(readAsOf);

        watch.tell(etcd.delete(KEY));
        assertThat(told.last().value()).isEmpty();
    }

    @Test
    void event_ofAnotherCluster_beginsAfresh() {
        startAndAnswer();
        etcd.clusterId = 8;
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", 0));

        assertThat(told.sightings).hasSize(1);
        assertThat(etcd.connections).hasSize(2);
        etcd.connection().reads.remove().answer();
        assertThat(told.last().revision().cluster()).isEqualTo(8);
    }

    @Test
    void readThatShowsMoreThanTheWatchTold_replacesTheWatch() {
        startAndAnswer();
        FakeEtcd.Watch mute = etcd.connection().watch();
        etcd.put(KEY, "pg2", 0);
        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();

        assertThat(mute.closed).isTrue();
        assertThat(etcd.connection().watch().startRevision).isEqualTo(102);
        assertThat(etcd.connection().watch().closed).isFalse();
    }

    @Test
    void readThatShowsADeletionTheWatchDidNotTell_replacesTheWatch() {
        etcd.put(KEY, "pg2", 0);
        startAndAnswer();
        FakeEtcd.Watch mute = etcd.connection().watch();
        etcd.delete(KEY);
        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();

        assertThat(mute.closed).isTrue();
    }

    @Test
    void readThatShowsWhatTheWatchTold_keepsTheWatch() {
        startAndAnswer();
        etcd.connection().watch().tell(etcd.put(KEY, "pg2", 0));
        etcd.put("/another/key", "x", 0);
        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();

        assertThat(etcd.connection().watches).hasSize(1);
    }

    @Test
    void readThatAnEventOvertook_keepsTheWatch() {
        startAndAnswer();
        loop.advance(INTERVAL);
        FakeEtcd.Read read = etcd.connection().reads.remove();
        EtcdConnection.Answer before = read.now();
        loop.advance(Duration.ofMillis(5));
        etcd.connection().watch().tell(etcd.put(KEY, "pg2", 0));
        loop.advance(Duration.ofMillis(5));
        read.answer(before);
        loop.runReady();

        assertThat(etcd.connection().reads).as("it proved nothing: asked again at once").hasSize(1);
        assertThat(etcd.connection().watches).hasSize(1);
        loop.advance(INTERVAL);
        etcd.connection().watch().tell(etcd.put(KEY, "pg3", 0));
        assertThat(told.last().value()).contains("pg3");
    }

    @Test
    void storeRestoredFromBackup_replacesTheWatch() {
        etcd.put(KEY, "pg2", 0);
        startAndAnswer();
        FakeEtcd.Watch before = etcd.connection().watch();
        loop.advance(INTERVAL);
        etcd.revision = 50;
        etcd.store.clear();
        etcd.connection().reads.remove().answer();

        assertThat(told.last().revision().number()).isEqualTo(50);
        assertThat(before.closed).isTrue();
        assertThat(etcd.connection().watch().startRevision).isEqualTo(51);
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", 0));
        assertThat(told.last().value()).contains("pg1");
    }

    /** What was heard before belongs to another time, and its revisions are far ahead. */
    @Test
    void watchThatTellsNothing_isReplaced_afterARestoreToo() {
        startAndAnswer();
        etcd.connection().watch().tell(etcd.put(KEY, "pg2", 0));
        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();
        loop.advance(INTERVAL);
        etcd.revision = 50;
        etcd.store.clear();
        etcd.connection().reads.remove().answer();
        FakeEtcd.Watch mute = etcd.connection().watch();
        etcd.put(KEY, "pg3", 0);
        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();

        assertThat(told.last().value()).contains("pg3");
        assertThat(mute.closed).isTrue();
    }

    @Test
    void lostWatch_isFollowedByAReadAndAnotherWatch() {
        startAndAnswer();
        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();
        loop.advance(Duration.ofMillis(300));
        etcd.connection().watch().end(EtcdFailure.Kind.COMPACTED);

        assertThat(etcd.connections).hasSize(1);
        etcd.put(KEY, "pg2", 0);
        etcd.connection().reads.remove().answer();
        assertThat(told.last().value()).contains("pg2");
        assertThat(etcd.connection().watches).hasSize(2);
        assertThat(etcd.connection().watch().startRevision).isEqualTo(102);
    }

    @Test
    void watchThatEndsAtOnce_isTriedAgainOnlyWithTheNextRead() {
        startAndAnswer();
        etcd.connection().watch().end(EtcdFailure.Kind.NO_LEADER);
        loop.runReady();
        assertThat(etcd.connection().reads).isEmpty();

        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();
        assertThat(etcd.connection().watches).hasSize(2);
    }

    @Test
    void watchLostWithItsConnection_makesANewOneAtOnce() {
        startAndAnswer();
        loop.advance(INTERVAL);
        etcd.connection().reads.remove().answer();
        loop.advance(Duration.ofMillis(300));
        etcd.connection().watch().end(EtcdFailure.Kind.ENDED);

        assertThat(etcd.connections).hasSize(2);
        assertThat(etcd.connection().reads).hasSize(1);
    }

    // ---- leases ------------------------------------------------------------------------------

    @Test
    void lease_isAskedAtOnceBeforeASecondReadWhenThisHostLeads() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();

        assertThat(etcd.connection().sent)
                .containsExactly("read " + KEY, "lease 1f", "read " + KEY);
        Moment asked = loop.now();
        loop.advance(Duration.ofMillis(10));
        etcd.connection().leases.remove().answer(20, 30);
        assertThat(told.proofs).as("not without the read").isEmpty();
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs)
                .extracting(LeaseProof::key, LeaseProof::modRevision, LeaseProof::end)
                .containsExactly(tuple(KEY, 101L, asked.plus(Duration.ofMillis(19_800))));
    }

    @Test
    void lease_answeredAfterTheRead_countsToo() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).isEmpty();

        etcd.connection().leases.remove().answer(20, 30);
        assertThat(told.proofs).hasSize(1);
    }

    /** Its newer answer has come already, and the lease has been renewed in between, perhaps. */
    @Test
    void lease_answeredAfterANewerAnswer_isOvertaken() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        FakeEtcd.Lease late = etcd.connection().leases.remove();
        etcd.connection().reads.remove().answer();
        loop.advance(INTERVAL);
        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).hasSize(1);
        late.answer(5, 30);
        assertThat(told.proofs).hasSize(1);
    }

    @Test
    void lease_ofAnotherTerm_provesNothing() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().answer(20, 30);
        etcd.raftTerm++;
        etcd.connection().reads.remove().answer();

        assertThat(told.proofs).isEmpty();
    }

    @Test
    void lease_isAskedAgainWhenLessThanTwoThirdsAreLeft() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        etcd.connection().sent.clear();
        for (int second = 1; second <= 12; second++) {
            loop.advance(INTERVAL);
            etcd.connection().leases.forEach(lease -> lease.answer(30, 30));
            etcd.connection().leases.clear();
            etcd.connection().reads.remove().answer();
        }

        assertThat(etcd.connection().sent)
                .as("29.7 s proven at 0 s are below 20 s at 10 s")
                .startsWith("read " + KEY)
                .containsOnlyOnce("lease 1f")
                .element(9)
                .isEqualTo("lease 1f");
    }

    /**
     * A deposed member tells nonsense of a lease; a host that is not sure of it holds for 2 s only.
     */
    @Test
    void lease_thatWasAnsweredWithNonsense_isAskedAgainSoon() {
        Duration longInterval = Duration.ofSeconds(5);
        source = source(true, longInterval, "http://a:2379");
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().answer(2_000_000_000, 30);
        etcd.raftTerm++;
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).isEmpty();
        assertThat(etcd.connection().leases).as("not at once").isEmpty();

        loop.advance(RETRY_AFTER);
        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).hasSize(1);
        loop.advance(longInterval.minusMillis(2));
        assertThat(etcd.connection().reads).as("what is known needs no haste").isEmpty();
    }

    @Test
    void lease_thatEndsSoon_isAskedEachSecondWhateverTheInterval() {
        source = source(true, Duration.ofSeconds(5), "http://a:2379");
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().answer(8, 30);
        etcd.connection().reads.remove().answer();
        for (int left = 7; left > 3; left--) {
            loop.advance(Duration.ofSeconds(1));
            etcd.connection().leases.remove().answer(left, 30);
            etcd.connection().reads.remove().answer();
        }

        assertThat(told.proofs).hasSize(5);
    }

    @Test
    void lease_isAskedAtMostOnceAnInterval() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().fail(EtcdFailure.Kind.UNEXPECTED);
        etcd.connection().reads.remove().answer();
        source.readNow();
        loop.runReady();
        etcd.connection().reads.remove().answer();
        assertThat(etcd.connection().leases).isEmpty();

        loop.advance(INTERVAL);
        assertThat(etcd.connection().leases).hasSize(1);
    }

    @Test
    void lease_thatStaysUnanswered_movesOnToTheNextEndpoint() {
        source = source(true, "http://a:2379", "http://b:2379");
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().fail(EtcdFailure.Kind.SILENT);
        etcd.connection().reads.remove().answer();
        loop.advance(INTERVAL);
        etcd.connection().leases.remove().fail(EtcdFailure.Kind.SILENT);
        loop.runReady();

        assertThat(endpoints()).containsExactly("a", "b");
    }

    /** As when a login fails that they all wait for. */
    @Test
    void questionsThatAllFailAtOnce_turnToTheNextEndpointOnce() {
        source = source(true, "http://a:2379", "http://b:2379", "http://c:2379");
        List<Trigger> triggers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            triggers.add(new Trigger("/k" + i, "pg1"));
            etcd.put("/k" + i, "pg1", LEASE + i);
        }
        source.start(triggers, told);
        etcd.connection().reads.remove().answer();
        etcd.connection().failEverything(EtcdFailure.Kind.LOGIN_REFUSED);
        loop.runReady();

        assertThat(endpoints()).containsExactly("a", "b");
        assertThat(told.failures).hasSize(1);
    }

    @Test
    void closedByTheListener_asTheyAllFail_tellsNothingMore() {
        etcd.put(KEY, "pg1", LEASE);
        etcd.put("/k2", "pg1", LEASE + 1);
        etcd.put("/k3", "pg1", LEASE + 2);
        source.start(List.of(TRIGGER, new Trigger("/k2", "pg1"), new Trigger("/k3", "pg1")), told);
        etcd.connection().reads.remove().answer();
        told.onFailed = source::close;
        etcd.connection().failEverything(EtcdFailure.Kind.LOGIN_REFUSED);
        loop.advance(INTERVAL.multipliedBy(20));

        assertThat(told.failures).hasSize(1);
        assertThat(etcd.connections).hasSize(1);
        assertThat(loop.alarms()).isZero();
    }

    @Test
    void takeoverByEvent_asksForTheLeaseAndReadsAtOnce() {
        startAndAnswer();
        loop.advance(Duration.ofMillis(300));
        etcd.connection().sent.clear();
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));

        assertThat(told.last().leaseId()).isEqualTo(LEASE);
        assertThat(etcd.connection().sent).containsExactly("lease 1f", "read " + KEY);
        etcd.connection().leases.remove().answer(29, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).hasSize(1);
    }

    @Test
    void keyWrittenAgainUnderTheSameLease_isProvedAnew() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));

        assertThat(etcd.connection().leases).hasSize(1);
    }

    @Test
    void lease_ofAnotherHost_isNotAsked() {
        etcd.put(KEY, "pg2", LEASE);
        startAndAnswer();

        assertThat(etcd.connection().leases).isEmpty();
    }

    /** The key and its lease look as before, but what was known of them belongs to another time. */
    @Test
    void lease_ofARestoredStore_isAskedAboutAnewAtOnce() {
        etcd.put(KEY, "pg1", LEASE);
        etcd.put("/another", "x", 0);
        startAndAnswer();
        etcd.connection().leases.remove().answer(10, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).hasSize(1);
        loop.advance(INTERVAL);
        etcd.connection().leases.remove().answer(30, 30);
        etcd.revision = 101;
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).as("it was asked before").hasSize(1);

        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).hasSize(2);
    }

    /** The decision counts from when a revision was first shown, and so must what is asked here. */
    @Test
    void storeRestored_asSoonAsItWasConfirmed_isSeenBySourceAndDecisionAlike() {
        etcd.put(KEY, "pg1", LEASE);
        etcd.put("/another", "x", 0);
        startAndAnswer();
        etcd.connection().leases.remove().answer(30, 30);
        loop.advance(Duration.ofMillis(1));
        source.readNow();
        etcd.connection().reads.remove().answer();
        assertThat(told.last().asOf()).isLessThan(loop.now());
        etcd.revision = 101;
        etcd.connection().reads.remove().answer();

        assertThat(told.last().asOf()).as("sent when the other was answered").isEqualTo(loop.now());
        assertThat(etcd.connection().leases).hasSize(1);
    }

    @Test
    void lease_thatKeepsTwoKeys_isAskedOnce() {
        etcd.put("/a", "pg1", LEASE);
        etcd.put("/b", "pg1", LEASE);
        source.start(List.of(new Trigger("/a", "pg1"), new Trigger("/b", "pg1")), told);
        etcd.connection().reads.remove().answer();
        assertThat(etcd.connection().leases).hasSize(1);

        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).extracting(LeaseProof::key).containsExactly("/a", "/b");
    }

    @Test
    void lease_thatMayNotBeAsked_isNoLongerShown() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().fail(EtcdFailure.Kind.PERMISSION_DENIED);
        etcd.connection().reads.remove().answer();
        assertThat(told.last().leaseId()).isZero();

        for (int i = 0; i < 3; i++) {
            etcd.connection().reads.forEach(FakeEtcd.Read::answer);
            etcd.connection().reads.clear();
            loop.advance(INTERVAL);
        }
        assertThat(etcd.connection().leases).isEmpty();
        assertThat(told.failures).as("reads go on").isEmpty();
    }

    /** Once a minute it is tried, without the key being shown with what cannot be proved. */
    @Test
    void lease_thatMayBeAskedByNow_isShownAgain() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().fail(EtcdFailure.Kind.PERMISSION_DENIED);
        etcd.connection().reads.remove().answer();
        int before = told.sightings.size();
        for (int refused = 0; refused < 3; refused++) {
            answerReads(58);
            assertThat(etcd.connection().leases).isEmpty();
            answerReads(2);
            etcd.connection().leases.remove().fail(EtcdFailure.Kind.PERMISSION_DENIED);
            loop.runReady();
        }
        assertThat(told.sightings.subList(before, told.sightings.size()))
                .extracting(Sighting::leaseId)
                .containsOnly(0L);

        answerReads(60);
        etcd.connection().leases.remove().answer(20, 30);
        answerReads(1);
        assertThat(told.last().leaseId()).isEqualTo(LEASE);
        etcd.connection().leases.remove().answer(20, 30);
        answerReads(1);
        assertThat(told.proofs).isNotEmpty();
    }

    @Test
    void restart_triesWhetherAHiddenLeaseMayBeAskedByNow() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().leases.remove().fail(EtcdFailure.Kind.PERMISSION_DENIED);
        answerReads(2);
        source.restart();

        assertThat(etcd.connection().sent).containsExactly("lease 1f", "read " + KEY);
    }

    @Test
    void leases_areNeitherShownNorAskedWhenTheyDoNotCount() {
        source = source(false, "http://a:2379");
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        etcd.connection().watch().tell(etcd.put(KEY, "pg1", LEASE));

        assertThat(told.sightings).extracting(Sighting::leaseId).containsOnly(0L);
        assertThat(etcd.connection().leases).isEmpty();
    }

    // ---- beginning afresh --------------------------------------------------------------------

    @Test
    void restart_letsNothingThroughThatWasSentBefore() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        FakeEtcd.Connection before = etcd.connection();
        FakeEtcd.Watch watch = before.watch();
        source.restart();
        before.leases.remove().answer(30, 30);
        before.reads.remove().answer();
        watch.tell(etcd.put(KEY, "pg2", 0));

        assertThat(told.sightings).hasSize(1);
        assertThat(told.proofs).isEmpty();
        assertThat(etcd.connections).hasSize(2);
        etcd.connection().reads.remove().answer();
        assertThat(told.last().value()).contains("pg2");
        assertThat(etcd.connection().watches).hasSize(1);
    }

    @Test
    void restart_fromWithinTheListener_stopsTheAnswerThatIsBeingTold() {
        told.onSeen = source::restart;
        source.start(List.of(new Trigger("/a", "x"), new Trigger("/b", "x")), told);
        etcd.connection().reads.remove().answer();

        assertThat(told.sightings).hasSize(1);
        assertThat(etcd.connections).hasSize(2);
    }

    @Test
    void restart_whileNothingAnswers_triesAtOnce() {
        source.start(List.of(TRIGGER), told);
        fail(EtcdFailure.Kind.LOGIN_REFUSED);
        assertThat(etcd.connections).hasSize(1);
        source.restart();

        assertThat(etcd.connections).hasSize(2);
        etcd.connection().reads.remove().answer();
        loop.advance(INTERVAL);
        assertThat(etcd.connections).hasSize(2);
    }

    @Test
    void close_endsEverything() {
        startAndAnswer();
        loop.advance(INTERVAL);
        FakeEtcd.Read read = etcd.connection().reads.remove();
        source.close();
        read.answer();
        source.readNow();
        loop.advance(INTERVAL.multipliedBy(3));

        assertThat(told.sightings).hasSize(1);
        assertThat(etcd.closed).isTrue();
        assertThat(etcd.connections).hasSize(1);
        assertThat(etcd.connection().closed).isTrue();
        assertThat(loop.alarms()).isZero();
    }

    @Test
    void follow_readsANewKeyAtOnceAndWatchesItToo() {
        startAndAnswer();
        FakeEtcd.Watch before = etcd.connection().watch();
        source.follow(List.of(TRIGGER, new Trigger("/new", "pg1")));
        loop.runReady();
        assertThat(before.closed).as("until there is another").isFalse();
        etcd.connection().reads.remove().answer();

        assertThat(told.last().key()).isEqualTo("/new");
        assertThat(before.closed).isTrue();
        assertThat(etcd.connection().watch().keys).containsExactly(KEY, "/new");
    }

    /** Whoever follows the key from now on has not heard what is left of its lease. */
    @Test
    void follow_asksForTheLeaseOfAKnownKeyAnew() {
        etcd.put(KEY, "pg1", LEASE);
        startAndAnswer();
        loop.runReady();
        etcd.connection().leases.remove().answer(30, 30);
        etcd.connection().reads.remove().answer();
        assertThat(told.proofs).hasSize(1);
        source.follow(List.of(TRIGGER, new Trigger("/new", "pg1")));
        loop.runReady();

        assertThat(etcd.connection().leases).hasSize(1);
    }

    @Test
    void follow_leavesAKeyOut() {
        source.start(List.of(TRIGGER, new Trigger("/old", "pg1")), told);
        etcd.connection().reads.remove().answer();
        FakeEtcd.Watch before = etcd.connection().watch();
        source.follow(List.of(TRIGGER));
        before.tell(etcd.put("/old", "pg1", LEASE));
        loop.runReady();
        etcd.connection().reads.remove().answer();

        assertThat(told.sightings).filteredOn(seen -> seen.key().equals("/old")).hasSize(1);
        assertThat(etcd.connection().watch().keys).containsExactly(KEY);
        assertThat(etcd.connection().leases).isEmpty();
    }

    // ---- practising --------------------------------------------------------------------------

    @Test
    void practise_readsOnceMore() {
        startAndAnswer();

        assertThat(source.practise()).isTrue();
        loop.runReady();
        assertThat(etcd.connection().reads).hasSize(1);
    }

    @Test
    void practise_isOver_whenAnythingHasFailed() {
        startAndAnswer();
        source.readNow();
        loop.runReady();
        fail(EtcdFailure.Kind.SILENT);

        assertThat(source.practise()).isFalse();
        loop.runReady();
        assertThat(etcd.connection().reads).isEmpty();
    }

    @Test
    void practise_isOver_whenAKeyMayNotBeRead() {
        source.start(List.of(TRIGGER, new Trigger("/other", "pg1")), told);
        answerButDeny("/other");

        assertThat(source.practise()).isFalse();
    }

    @Test
    void practise_isNotForWhoAsksRarely_orForMuch() {
        source = source(true, Duration.ofSeconds(10), "http://a:2379");
        startAndAnswer();
        assertThat(source.practise()).isFalse();

        source = source(true, "http://a:2379");
        source.start(
                IntStream.range(0, 129).mapToObj(i -> new Trigger("/k" + i, "pg1")).toList(), told);
        assertThat(source.practise()).isFalse();
    }

    // ---- the parts ---------------------------------------------------------------------------

    private EtcdLeaderSource source(boolean askLeases, String... endpoints) {
        return source(askLeases, INTERVAL, endpoints);
    }

    private EtcdLeaderSource source(boolean askLeases, Duration interval, String... endpoints) {
        List<URI> uris = List.of(endpoints).stream().map(URI::create).toList();
        return new EtcdLeaderSource(
                loop, etcd, new EtcdPolicy(uris, interval, TIMEOUT, 3, RETRY_AFTER, askLeases));
    }

    private void startAndAnswer() {
        source.start(List.of(TRIGGER), told);
        loop.advance(Duration.ofMillis(1));
        etcd.connection().reads.remove().answer();
    }

    private void answerReads(int intervals) {
        for (int i = 0; i < intervals; i++) {
            while (!etcd.connection().reads.isEmpty()) {
                etcd.connection().reads.remove().answer();
                loop.runReady();
            }
            loop.advance(INTERVAL);
        }
    }

    private void fail(EtcdFailure.Kind kind) {
        etcd.connection().reads.remove().fail(kind);
    }

    private void awaitConnection(int count) {
        for (int i = 0; i < 1000 && etcd.connections.size() < count; i++) {
            loop.advance(Duration.ofMillis(50));
        }
        assertThat(etcd.connections).hasSize(count);
    }

    private List<String> endpoints() {
        return etcd.connections.stream().map(made -> made.endpoint.getHost()).toList();
    }
}
