package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.at;
import static org.vipmanager.core.MachineUnderTest.leadingByLease;
import static org.vipmanager.core.MachineUnderTest.puts;
import static org.vipmanager.core.PatroniAnswer.Failsafe.ACTIVE;
import static org.vipmanager.core.PatroniAnswer.Failsafe.EXPECTED;
import static org.vipmanager.core.PatroniAnswer.Failsafe.NONE;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What the leader does while the DCS is silent, and after this process was frozen. */
final class DoubtTest {

    private static final String STATION = "02:00:00:00:00:02";
    private static final Action PROBE = new Action.Probe();
    private static final Action ASK = new Action.AskPatroni();
    private static final Action REMOVE = new Action.Remove();

    private final MachineUnderTest leader = leadingByLease();

    @Test
    void doubt_beginsAfterThreeSeconds_andAsksAroundEachInterval() {
        assertThat(leader.tick(2000).actions()).contains(PROBE).doesNotContain(ASK);
        assertThat(leader.tick(2999).actions()).doesNotContain(PROBE);
        Step step = leader.tick(3000);
        assertThat(step.actions()).contains(PROBE, ASK);
        assertThat(step.reasons())
                .containsExactly(new Reason.InDoubt(Duration.ofSeconds(3), Duration.ofSeconds(25)));
        assertThat(leader.tick(3500).actions()).doesNotContain(PROBE);
        Step again = leader.tick(4000);
        assertThat(again.actions()).contains(PROBE, ASK);
        assertThat(again.reasons()).isEmpty();
    }

    /** What Patroni says counts for three seconds, which is to be no gap. */
    @Test
    void doubt_asksAroundOnceASecond_withLongIntervals() {
        MachineUnderTest slow = MachineUnderTest.leading(rules(Duration.ofSeconds(5), true, true));
        assertThat(slow.tick(7000).actions()).contains(PROBE, ASK);
        assertThat(slow.tick(7999).actions()).doesNotContain(PROBE);
        assertThat(slow.tick(8000).actions()).contains(PROBE, ASK);
    }

    @Test
    void doubt_endsWithARead() {
        leader.tick(3000);
        Step step = leader.readLeased(5, 4500);
        assertThat(step.reasons())
                .containsExactly(new Reason.ConfirmedAgain(Duration.ofMillis(4500)));
        assertThat(leader.tick(5000).actions()).doesNotContain(PROBE);
        assertThat(leader.readLeased(5, 5500).reasons()).isEmpty();
    }

    /** A doubt from before another led was never over, and so the next one never began. */
    @Test
    void doubt_isForgotten_whenAReadShowsThatAnotherLeads() {
        MachineUnderTest host = MachineUnderTest.leading();
        host.tick(3000);
        host.read(MachineUnderTest.OTHER, 2, 4000);
        host.event(US, 3, 0, 4000, 4100);
        host.putDone(4100, 2);
        host.tick(4150);
        host.putDone(4150, 7);
        assertThat(host.tick(6500).actions()).contains(ASK);
        Step doubt = host.tick(7000);
        assertThat(doubt.actions()).contains(PROBE, ASK);
        assertThat(doubt.reasons()).hasSize(1).hasOnlyElementsOfType(Reason.InDoubt.class);
    }

    @Test
    void confirmation_isNotTold_whereTheDcsHasAnsweredForAnother() {
        MachineUnderTest host = MachineUnderTest.leading();
        host.tick(3000);
        host.read(MachineUnderTest.OTHER, 2, 4000);
        host.event(US, 3, 0, 4000, 4100);
        assertThat(host.read(US, 3, 4200).reasons()).isEmpty();
    }

    @Test
    void yield_toTwoClaimsApart() {
        leader.tick(3000);
        assertThat(MachineUnderTest.quiet(leader.claim(STATION, 3100))).isEmpty();
        assertThat(MachineUnderTest.quiet(leader.claim(STATION, 3299))).isEmpty();
        Step step = leader.claim(STATION, 3300);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.YieldedTo(STATION));
    }

    @Test
    void yield_countsClaimsHeardBeforeTheDoubt_sinceTheLastRead() {
        leader.claim(STATION, 1000);
        leader.claim(STATION, 1500);
        assertThat(leader.tick(3000).reasons()).contains(new Reason.YieldedTo(STATION));

        MachineUnderTest confirmed = leadingByLease();
        confirmed.claim(STATION, 1000);
        confirmed.claim(STATION, 1500);
        confirmed.readLeased(5, 1600);
        assertThat(confirmed.tick(4600).reasons()).doesNotContain(new Reason.YieldedTo(STATION));
    }

    @Test
    void yield_notToClaimsOfDifferentStations() {
        leader.tick(3000);
        leader.claim(STATION, 3100);
        assertThat(MachineUnderTest.quiet(leader.claim("02:00:00:00:00:03", 3400))).isEmpty();
    }

    @Test
    void yielded_returnsOnlyAfterAReadSentAfterTheLastClaim() {
        leader.tick(3000);
        leader.claim(STATION, 3100);
        leader.claim(STATION, 3400);
        leader.claim(STATION, 5000);
        assertThat(puts(leader.readLeased(5, 5000))).isEmpty();
        assertThat(puts(leader.readLeased(5, 5001))).hasSize(1);
    }

    /**
     * It yields, reads that nobody leads, and takes over again by an event, which counts from that
     * read. What was claimed before must not take the address away when the DCS falls silent again.
     */
    @Test
    void takeover_forgetsClaimsHeardBeforeIt() {
        leader.tick(3000);
        leader.claim(STATION, 3100);
        leader.claim(STATION, 3400);
        leader.readAbsent(2, 4000);
        assertThat(puts(leader.event(US, 3, 0, 4000, 4100))).hasSize(1);
        leader.putDone(4100, 2);
        leader.tick(4150);
        leader.putDone(4150, 7);
        Step inDoubt = leader.tick(7000);
        assertThat(inDoubt.actions()).contains(PROBE).doesNotContain(REMOVE);
    }

    @Test
    void yield_notWhenTurnedOff() {
        Rules stubborn = rules(Rules.DEFAULT.interval(), false, true);
        MachineUnderTest machine = MachineUnderTest.leading(stubborn);
        machine.tick(3000);
        machine.claim(STATION, 3100);
        assertThat(machine.claim(STATION, 3400).actions()).doesNotContain(REMOVE);
    }

    @Test
    void liar_isNotYieldedTo() {
        for (long millis = 100; millis <= 5100; millis += 1000) {
            leader.readLeased(5, millis);
            leader.claim(STATION, millis);
        }
        leader.readLeased(5, 5200);
        leader.claim(STATION, 5201);
        assertThat(leader.tick(8200).reasons()).contains(new Reason.KnownLiars(List.of(STATION)));
        leader.claim(STATION, 8300);
        assertThat(leader.claim(STATION, 8600).actions()).doesNotContain(REMOVE);
    }

    /** Whoever answers every probe is found out by those of the first eight seconds. */
    @Test
    void answererToProbes_isFoundOutWhileTheDcsConfirms_andNotYieldedTo() {
        answerProbes(9500);
        long doubt = leader.now() + 3000;
        assertThat(leader.tick(doubt).reasons()).contains(new Reason.KnownLiars(List.of(STATION)));
        leader.claim(STATION, doubt + 1);
        assertThat(leader.claim(STATION, doubt + 1001).actions()).doesNotContain(REMOVE);
    }

    /** It is asked once a minute, so that it stays known, and forgotten when it has stopped. */
    @Test
    void answererToProbes_staysKnownAsLongAsItAnswers() {
        answerProbes(300_000);
        assertThat(leader.tick(leader.now() + 3000).reasons())
                .contains(new Reason.KnownLiars(List.of(STATION)));

        MachineUnderTest later = leadingByLease();
        lead(later, 9500, true);
        lead(later, 150_000, false);
        assertThat(later.tick(later.now() + 3000).reasons())
                .doesNotContain(new Reason.KnownLiars(List.of(STATION)));
    }

    /** It held until it heard of its successor: that is no lie. */
    @Test
    void formerHolder_thatAnswersForAMoment_isNoLiar_whenItLeadsAgainUnseen() {
        leader.claim(STATION, 100);
        leader.claim(STATION, 1100);
        lead(leader, 100_000, false);
        long read = leader.now();
        leader.claim(STATION, read + 100);
        leader.claim(STATION, read + 400);
        assertThat(leader.tick(read + 3000).reasons()).contains(new Reason.YieldedTo(STATION));
    }

    /** Only a read that was sent after a claim says anything about it. */
    @Test
    void newLeader_thatNoReadHasRefuted_isYieldedTo_howeverLongItClaims() {
        MachineUnderTest slow = MachineUnderTest.leading(rules(Duration.ofSeconds(10), true, true));
        slow.claim(STATION, 100);
        slow.read(US, 1, 200);
        renewAt(slow, 200);
        for (long millis = 5300; millis <= 11_300; millis += 1000) {
            slow.claim(STATION, millis);
        }
        assertThat(slow.tick(12_200).reasons()).contains(new Reason.YieldedTo(STATION));
    }

    @Test
    void liar_isForgotten_whenAnotherHasLed() {
        answerProbes(9500);
        leader.read(MachineUnderTest.OTHER, 2, 10_000);
        leader.readLeased(5, 3, 11_000);
        leader.proved(5, 3, 41_000, 11_000);
        leader.putDone(11_000, 2);
        leader.claim(STATION, 11_100);
        leader.claim(STATION, 11_400);
        assertThat(leader.tick(14_000).reasons()).contains(new Reason.YieldedTo(STATION));
    }

    /** Stations that nobody has ever seen, a new one each time, and among them the new leader. */
    @Test
    void yield_toOneThatIsDrownedInClaimsOfOthers() {
        leader.tick(3000);
        int claimant = 0;
        for (long millis = 3100; millis <= 3500; millis++) {
            String name = millis % 200 == 0 ? STATION : "06:00:00:00:%04x".formatted(claimant++);
            leader.claim(name, millis);
        }
        assertThat(leader.state().isHolding()).isFalse();
        assertThat(leader.state().claims().claimants()).hasSizeLessThanOrEqualTo(16);
    }

    /** Liars of before take the place of none that is heard later. */
    @Test
    void yield_toANewStation_thoughAllThatAreRememberedAreLiars() {
        for (long millis = 100; millis <= 6100; millis += 1000) {
            leader.readLeased(5, millis);
            renewAt(leader, millis);
            for (int liar = 0; liar < 20; liar++) {
                leader.claim("06:00:00:00:%04x".formatted(liar), millis + 1);
            }
        }
        leader.readLeased(5, 6200);
        leader.tick(9200);
        leader.claim(STATION, 9300);
        assertThat(leader.claim(STATION, 9600).reasons())
                .containsExactly(new Reason.YieldedTo(STATION));
    }

    private void answerProbes(long untilMillis) {
        lead(leader, untilMillis, true);
    }

    /** Reads each second, on the way to which the station answers each probe, or does not. */
    private static void lead(MachineUnderTest machine, long untilMillis, boolean answering) {
        long now = machine.now();
        long read = now;
        while (now < untilMillis) {
            now = Math.min(read + 1000, Math.max(now + 1, machine.wakeUpMillis()));
            boolean asked = machine.tick(now).actions().contains(PROBE);
            if (now == read + 1000) {
                read = now;
                asked |= machine.readLeased(5, now).actions().contains(PROBE);
                machine.proved(5, now + 30_000, now);
            }
            renewAt(machine, now);
            if (answering && asked) {
                machine.claim(STATION, now);
            }
        }
    }

    /** The kernel takes whatever it is given. */
    private static void renewAt(MachineUnderTest machine, long millis) {
        machine.putDone(millis, 10);
    }

    /**
     * With long intervals doubt begins long after the last read: until then the new leader claims,
     * and nothing has shown that it is wrong.
     */
    @Test
    void newLeader_thatClaimsForLongBeforeDoubtBegins_isYieldedTo() {
        MachineUnderTest slow = MachineUnderTest.leading(rules(Duration.ofSeconds(10), true, true));
        for (long millis = 1000; millis <= 11_000; millis += 1000) {
            if (!puts(slow.claim(STATION, millis)).isEmpty()) {
                slow.putDone(millis, 10);
            }
        }
        assertThat(slow.tick(12_000).reasons()).contains(new Reason.YieldedTo(STATION));
    }

    @Test
    void doubt_afterAFreeze_tellsThatNothingIsRenewed() {
        leader.next(new Event.Woke(), 1000);
        assertThat(leader.tick(3000).reasons())
                .contains(new Reason.InDoubt(Duration.ofSeconds(3), Duration.ofMillis(7050)));
    }

    /** The DCS has answered since: who claims the address then changes nothing about an event. */
    @Test
    void yielded_thenLedByAnother_isTakenOverByEventAgain() {
        MachineUnderTest host = MachineUnderTest.leading();
        host.tick(3000);
        host.claim(STATION, 3100);
        host.claim(STATION, 3400);
        assertThat(host.state().isHolding()).isFalse();
        host.read(MachineUnderTest.OTHER, 2, 5000);
        host.claim(STATION, 5500);
        assertThat(puts(host.event(US, 3, 0, 5000, 5600))).hasSize(1);
    }

    /** What this host let go for is newer than the read that the event inherits its age from. */
    @Test
    void yielded_thenNamedByEvent_readsAtOnce() {
        MachineUnderTest host = MachineUnderTest.leading();
        host.tick(3000);
        host.claim(STATION, 3100);
        host.claim(STATION, 3400);
        Step step = host.event(US, 2, 0, 2900, 3500);
        assertThat(step.actions()).containsExactly(new Action.ReadNow());
    }

    /** It claimed the address as the leader, between two times in which this host led. */
    @Test
    void formerLeader_thatLeadsAgain_isYieldedTo() {
        MachineUnderTest host = MachineUnderTest.leading();
        host.claim(STATION, 100);
        host.read(MachineUnderTest.OTHER, 2, 200);
        host.read(US, 3, 10_000);
        host.putDone(10_000, 2);
        host.tick(10_050);
        host.putDone(10_050, 7);
        host.read(US, 3, 12_000);
        host.claim(STATION, 12_100);
        host.claim(STATION, 12_400);
        assertThat(host.tick(15_000).reasons()).contains(new Reason.YieldedTo(STATION));
    }

    @Test
    void patroni_thatDoesNotLead_releases() {
        leader.tick(3000);
        Step step = leader.patroni(503, NONE, 3100);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.PatroniDoesNotLead(503));
        assertThat(puts(leader.readLeased(5, 3100))).isEmpty();
        assertThat(puts(leader.readLeased(5, 3101))).hasSize(1);
    }

    @Test
    void patroni_thatLeadsOrIsSilent_changesNothing() {
        leader.tick(3000);
        assertThat(MachineUnderTest.quiet(leader.patroni(200, NONE, 3100))).isEmpty();
        assertThat(MachineUnderTest.quiet(leader.patroni(0, NONE, 3100))).isEmpty();
        assertThat(leader.state().leadership().failsafe()).isEqualTo(Trust.NONE);
    }

    @Test
    void patroni_isNotListenedTo_withoutDoubtOrWithAnOldAnswer() {
        leader.tick(2000);
        assertThat(MachineUnderTest.quiet(leader.patroni(503, NONE, 2000))).isEmpty();
        leader.tick(3000);
        Event old = new Event.PatroniAnswered(new PatroniAnswer(at(0), 503, NONE));
        assertThat(MachineUnderTest.quiet(leader.next(old, 3100))).isEmpty();
    }

    @Test
    void patroni_inFailsafeMode_extendsForThreeSeconds() {
        leader.tick(3000);
        leader.patroni(200, ACTIVE, 29_000);
        Trust failsafe = leader.state().leadership().failsafe();
        assertThat(failsafe.basis()).isEqualTo(Trust.Basis.FAILSAFE);
        assertThat(failsafe.holdUntil()).isEqualTo(at(32_000));
        assertThat(failsafe.end()).isEqualTo(at(32_000));
        assertThat(failsafe.kernelUntil()).isEqualTo(at(33_000));
        assertThat(failsafe.cap()).isEqualTo(Duration.ofSeconds(3));
    }

    /**
     * The kernel's lifetimes end two seconds before the lease. Where Patroni was asked each second,
     * and counted only from the lease's end on, the last of them could end between two questions.
     */
    @Test
    void patroni_inFailsafeMode_countsAsSoonAsItReachesBeyondTheKernelsLifetimes() {
        MachineUnderTest machine = leadingByLease(15_000, 10);
        machine.tick(3000);

        machine.patroni(200, ACTIVE, 10_000); // until 13 s, as the lifetimes
        assertThat(machine.state().leadership().effectiveTrust().basis())
                .isEqualTo(Trust.Basis.LEASE);
        machine.patroni(200, ACTIVE, 10_040);
        assertThat(machine.state().leadership().effectiveTrust().basis())
                .isEqualTo(Trust.Basis.FAILSAFE);
        assertThat(machine.state().leadership().secondsLeft(at(10_040))).isEqualTo(3);
    }

    /** Every member has agreed, so that whoever claims the address does not lead. */
    @Test
    void patroni_inFailsafeMode_outweighsClaims_asLongAsItSaysSo() {
        leader.tick(3000);
        leader.patroni(200, ACTIVE, 3010);
        leader.claim(STATION, 3100);
        assertThat(leader.claim(STATION, 3400).actions()).doesNotContain(REMOVE);
        leader.patroni(200, ACTIVE, 4010);
        assertThat(leader.claim(STATION, 6000).actions()).doesNotContain(REMOVE);
        assertThat(leader.tick(7009).actions()).doesNotContain(REMOVE);
        assertThat(leader.tick(7010).reasons()).contains(new Reason.YieldedTo(STATION));
    }

    /** What was claimed just before counts at once, so that Patroni is asked before. */
    @Test
    void patroni_isAskedBeforeThereIsDoubt() {
        for (int i = 0; i < 6; i++) {
            leader.tick(2000); // what was to be announced until then
        }
        assertThat(leader.tick(2499).wakeUp()).isEqualTo(at(2500));
        assertThat(leader.tick(2500).actions()).containsExactly(ASK);
        assertThat(leader.tick(2501).actions()).isEmpty();
        leader.claim(STATION, 2600);
        leader.claim(STATION, 2900);
        leader.patroni(200, ACTIVE, 2910);
        assertThat(leader.tick(3000).actions()).contains(PROBE).doesNotContain(REMOVE);
    }

    @Test
    void patroni_thatHasFailsafeModeAheadOnly_doesNotOutweighClaims() {
        MachineUnderTest machine = MachineUnderTest.leading();
        machine.tick(3000);
        machine.patroni(200, EXPECTED, 3010);
        machine.claim(STATION, 3100);
        assertThat(machine.claim(STATION, 3400).reasons())
                .containsExactly(new Reason.YieldedTo(STATION));
    }

    /** A known lease says until when nobody else can lead; only failsafe mode goes beyond. */
    @Test
    void patroni_beforeFailsafeMode_doesNotExtendALease() {
        leader.tick(3000);
        assertThat(MachineUnderTest.quiet(leader.patroni(200, EXPECTED, 3100))).isEmpty();
        assertThat(leader.state().leadership().failsafe()).isEqualTo(Trust.NONE);
    }

    /**
     * Consul tells of no lease, so policy ends trust after 7.25 s; Patroni finds out later that the
     * DCS is lost, and is in failsafe mode from then on.
     */
    @Test
    void patroni_beforeFailsafeMode_extendsPolicyForThreeSeconds() {
        MachineUnderTest machine = MachineUnderTest.leading();
        machine.tick(3000);
        assertThat(machine.patroni(200, EXPECTED, 4200).reasons()).isEmpty();
        assertThat(machine.patroni(200, EXPECTED, 5200).reasons())
                .containsExactly(new Reason.HeldByPatroni(Trust.Basis.FAILSAFE_EXPECTED));
        assertThat(machine.patroni(200, EXPECTED, 6200).reasons()).isEmpty();
        Trust trust = machine.state().leadership().effectiveTrust();
        assertThat(trust.holdUntil()).isEqualTo(at(9200));
        assertThat(trust.cap()).isEqualTo(Duration.ofSeconds(3));
        assertThat(machine.patroni(200, ACTIVE, 7200).reasons())
                .containsExactly(new Reason.HeldByPatroni(Trust.Basis.FAILSAFE));
        assertThat(machine.state().leadership().effectiveTrust().holdUntil()).isEqualTo(at(10_200));
    }

    @Test
    void patroni_thatLeadsWithoutFailsafeMode_doesNotExtendPolicy() {
        MachineUnderTest machine = MachineUnderTest.leading();
        machine.tick(3000);
        machine.patroni(200, NONE, 5200);
        assertThat(machine.state().leadership().effectiveTrust().holdUntil()).isEqualTo(at(7250));
    }

    /** {@code on-dcs-loss: release}. */
    @Test
    void patroni_beforeFailsafeMode_isNotBelieved_whenTurnedOff() {
        Rules strict = rules(Rules.DEFAULT.interval(), true, false);
        MachineUnderTest machine = MachineUnderTest.leading(strict);
        machine.tick(3000);
        machine.patroni(200, EXPECTED, 5200);
        assertThat(machine.state().leadership().effectiveTrust().holdUntil()).isEqualTo(at(7250));
        machine.patroni(200, ACTIVE, 6200);
        assertThat(machine.state().leadership().effectiveTrust().holdUntil()).isEqualTo(at(9200));
    }

    @Test
    void patroni_thatNeverReachesFailsafeMode_releases() {
        MachineUnderTest demoting = MachineUnderTest.leading();
        demoting.tick(3000);
        demoting.patroni(200, EXPECTED, 6200);
        assertThat(demoting.patroni(503, NONE, 7200).reasons())
                .containsExactly(new Reason.PatroniDoesNotLead(503));

        MachineUnderTest silent = MachineUnderTest.leading();
        silent.tick(3000);
        silent.patroni(200, EXPECTED, 6200);
        silent.putDone(6210, 3);
        silent.patroni(200, NONE, 7200);
        silent.patroni(0, NONE, 8200);
        Step step = silent.tick(9200);
        assertThat(step.actions()).contains(REMOVE);
        assertThat(step.reasons())
                .contains(
                        new Reason.TrustRanOut(
                                Trust.Basis.FAILSAFE_EXPECTED, Duration.ofMillis(9200)));
    }

    @Test
    void patroni_beforeFailsafeMode_isOverWithARead() {
        MachineUnderTest machine = MachineUnderTest.leading();
        machine.tick(3000);
        machine.patroni(200, EXPECTED, 6200);
        assertThat(machine.read("pg2", 2, 6500).actions()).contains(REMOVE);
        assertThat(machine.state().leadership().effectiveTrust()).isEqualTo(Trust.NONE);
    }

    @Test
    void woken_announcesAndPutsNothingAnewBeforeARead() {
        leader.next(new Event.Woke(), 2000);
        Step ready = leader.next(new Event.LinkChanged(new LinkChange.CarrierReturned()), 2010);
        assertThat(ready.actions()).isEmpty();
        assertThat(ready.wakeUp()).isEqualTo(at(2500));
        Sighting before = MachineUnderTest.sighting(Sighting.Origin.READ, US, 1, 1, 5, 1999);
        assertThat(MachineUnderTest.quiet(leader.next(new Event.Seen(before), 2020))).isEmpty();
        Sighting after = MachineUnderTest.sighting(Sighting.Origin.READ, US, 1, 1, 5, 2000);
        assertThat(puts(leader.next(new Event.Seen(after), 2030))).hasSize(1);
        assertThat(leader.putDone(2031, 2).actions()).containsExactly(new Action.Announce());
    }

    @Test
    void woken_renewsNothingBeforeARead() {
        leader.next(new Event.Woke(), 3000);
        assertThat(puts(leader.tick(4050))).isEmpty();
        assertThat(puts(leader.readLeased(5, 4100))).hasSize(1);
    }

    @Test
    void woken_whileTheDcsIsLost_renewsWhenPatroniIsInFailsafeMode() {
        MachineUnderTest machine = leadingByLease(8500, 5);
        machine.next(new Event.Woke(), 2000);
        assertThat(puts(machine.tick(3000))).isEmpty();
        Event before =
                new Event.PatroniAnswered(
                        new PatroniAnswer(at(1999), 200, PatroniAnswer.Failsafe.ACTIVE));
        assertThat(puts(machine.next(before, 3001))).isEmpty();
        Event after =
                new Event.PatroniAnswered(
                        new PatroniAnswer(at(2000), 200, PatroniAnswer.Failsafe.ACTIVE));
        assertThat(puts(machine.next(after, 3002))).hasSize(1);
    }

    @Test
    void woken_keepingTheAddress_renewsNothing() {
        leader.next(new Event.Woke(), 3000);
        Step step = leader.next(new Event.StopRequested(true), 3100);
        assertThat(step.actions()).isEmpty();
        assertThat(step.reasons()).containsExactly(new Reason.StoppingKept());
    }

    @Test
    void woken_forgetsClaims() {
        leader.claim(STATION, 1000);
        leader.claim(STATION, 1500);
        leader.next(new Event.Woke(), 2000);
        assertThat(leader.tick(3000).reasons()).doesNotContain(new Reason.YieldedTo(STATION));
    }

    /** While the kernel had a put nobody could hear what the DCS said against them. */
    @Test
    void busyKernel_forgetsClaims_butNotThoseThatGoOn() {
        leader.claim(STATION, 1000);
        leader.claim(STATION, 1500);
        leader.next(new Event.KernelWasBusy(), 4000);
        assertThat(leader.state().isHolding()).isTrue();
        leader.claim(STATION, 4100);
        assertThat(leader.claim(STATION, 4300).reasons()).contains(new Reason.YieldedTo(STATION));
    }

    @Test
    void renewalThatTookSeconds_forgetsClaims() {
        leader.readLeased(5, 3000);
        assertThat(puts(leader.tick(4050))).hasSize(1);
        leader.claim(STATION, 4100);
        leader.claim(STATION, 4400);
        PutResult slow = new PutResult.Done(at(4050), 10, at(7000), false, Duration.ofMillis(2900));
        Step step = leader.next(new Event.PutEnded(slow), 7000);
        assertThat(step.reasons()).hasAtLeastOneElementOfType(Reason.InDoubt.class);
        assertThat(leader.state().isHolding()).isTrue();
    }

    /** Killed now it would leave the address for ever; and no read can confirm anything. */
    @Test
    void woken_givesBackWhatItHadToAnAddressThatOthersProlong() {
        leader.next(new Event.Woke(), 2000);
        List<KernelLifetime> puts = puts(leader.next(MachineUnderTest.appearedForEver(), 3000));
        assertThat(puts).hasSize(1);
        // It was given ten seconds at 50 ms.
        assertThat(puts.getFirst().secondsAt(at(3000).nanos())).isEqualTo(6);
        assertThat(leader.putDone(3000, 6).actions()).isEmpty();
        assertThat(puts(leader.tick(8900))).isEmpty();
        assertThat(leader.state().isHolding()).isTrue();
    }

    @Test
    void woken_goesOnGivingBack_whenTheKernelRefuses() {
        leader.next(new Event.Woke(), 2000);
        leader.next(MachineUnderTest.appearedForEver(), 3000);
        leader.next(new Event.PutEnded(new PutResult.Failed("ENOBUFS")), 3001);
        assertThat(puts(leader.tick(leader.wakeUpMillis()))).hasSize(1);
    }

    @Test
    void woken_takesBackWhatOthersHaveProlongedAndRemoved() {
        leader.next(new Event.Woke(), 2000);
        leader.next(MachineUnderTest.appearedForEver(), 3000);
        PutResult created = MachineUnderTest.created(3000, 6, 3001, 1);
        assertThat(leader.next(new Event.PutEnded(created), 3001).actions()).contains(REMOVE);
    }

    /**
     * Frozen again while it gave back: the kernel may have taken that in at any time since, and
     * ends it at 9 s or at 11.75 s; trust allows 10.5 s.
     */
    @Test
    void woken_shortensToWhatTheKernelMayEndFirst() {
        MachineUnderTest machine = givingBackAfterWaking();
        Step step = machine.next(new Event.PutEnded(MachineUnderTest.put(3000, 6, 5750)), 5750);
        assertThat(puts(step)).hasSize(1);
        assertThat(puts(step).getFirst().secondsAt(at(5750).nanos())).isEqualTo(3);
    }

    /** Even one second may be more than the kernel would give it. */
    @Test
    void woken_letsGo_whereItCannotShortenSurely() {
        MachineUnderTest machine = givingBackAfterWaking();
        Step step = machine.next(new Event.PutEnded(MachineUnderTest.put(3000, 6, 7850)), 7850);
        assertThat(puts(step)).isEmpty();
        assertThat(step.actions()).contains(REMOVE);
        assertThat(step.reasons()).hasAtLeastOneElementOfType(Reason.TrustRanOut.class);
    }

    private static MachineUnderTest givingBackAfterWaking() {
        MachineUnderTest machine = leadingByLease(12_500, 10);
        machine.next(new Event.Woke(), 2000);
        List<KernelLifetime> puts = puts(machine.next(MachineUnderTest.appearedForEver(), 3000));
        assertThat(puts.getFirst().secondsAt(at(3000).nanos())).isEqualTo(6);
        return machine;
    }

    /** A reload asks more often from now on; what is known is as old as it was allowed to be. */
    @Test
    void shorterInterval_isNoDoubt() {
        MachineUnderTest slow = new MachineUnderTest(rules(Duration.ofSeconds(30), true, false));
        slow.read(US, 1, 0);
        slow.putDone(0, 2);
        slow.tick(50);
        slow.putDone(50, 10);
        slow.tick(4050);
        slow.putDone(4050, 10);
        slow.claim(STATION, 6000);
        slow.claim(STATION, 6500);
        Step step = slow.decideBy(rules(Duration.ofSeconds(1), true, false), 7000);
        assertThat(step.reasons()).isEmpty();
        assertThat(step.actions()).doesNotContain(REMOVE);
        assertThat(slow.tick(9999).reasons()).isEmpty();
        Step silent = slow.tick(10_000);
        assertThat(silent.reasons()).hasAtLeastOneElementOfType(Reason.YieldedTo.class);
    }

    @Test
    void woken_doesNotAnnounceAtTheRefresh() {
        leader.tick(100);
        leader.next(new Event.Woke(), 200);
        assertThat(leader.tick(300).actions()).isEmpty();
        assertThat(leader.readLeased(5, 310).actions()).containsExactly(new Action.Announce());
    }

    private static Rules rules(Duration interval, boolean yieldInDoubt, boolean expectFailsafe) {
        Rules usual = Rules.DEFAULT;
        return new Rules(
                interval,
                usual.dcsTimeout(),
                usual.retryNum(),
                usual.retryAfter(),
                usual.addressLifetime(),
                usual.announceCount(),
                usual.announceRefresh(),
                yieldInDoubt,
                expectFailsafe,
                usual.margins());
    }
}
