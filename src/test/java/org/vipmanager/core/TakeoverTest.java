package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.OTHER;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.at;
import static org.vipmanager.core.MachineUnderTest.leading;
import static org.vipmanager.core.MachineUnderTest.leadingByLease;
import static org.vipmanager.core.MachineUnderTest.puts;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/** From the first sighting to an address that is there and announced. */
final class TakeoverTest {

    private final MachineUnderTest machine = new MachineUnderTest();

    @Test
    void standby_whenDcsAnswersAnotherHolder_clearsWhatAnEarlierDaemonLeft() {
        Step step = machine.read(OTHER, 1, 0);
        assertThat(step.actions()).containsExactly(new Action.Remove());
        assertThat(step.reasons()).containsExactly(new Reason.StandingBy(OTHER));
        assertThat(step.wakeUp()).isEqualTo(Moment.NEVER);

        Step again = machine.read(OTHER, 1, 1000);
        assertThat(again.actions()).isEmpty();
        assertThat(again.reasons()).isEmpty();
    }

    @Test
    void standby_whenNobodyLeads_isToldOncePerChange() {
        assertThat(machine.readAbsent(1, 0).reasons()).containsExactly(new Reason.NobodyLeads());
        assertThat(machine.readAbsent(2, 1000).reasons()).isEmpty();
        assertThat(machine.read(OTHER, 3, 2000).reasons())
                .containsExactly(new Reason.StandingBy(OTHER));
    }

    @Test
    void takeover_beginsWithAShortLifetime() {
        Step step = machine.read(US, 1, 0);
        assertThat(step.reasons()).containsExactly(new Reason.TookOver(US));
        KernelLifetime lifetime = puts(step).getFirst();
        assertThat(lifetime.secondsAt(at(0).nanos())).isEqualTo(2);
        assertThat(lifetime.computeBy()).isEqualTo(at(500));
        assertThat(lifetime.until()).isEqualTo(at(7500));
        assertThat(lifetime.holdUntil()).isEqualTo(at(7250));
    }

    @Test
    void takeover_isAnnouncedAfterTheKernelsAnswer_andRenewedSoonAfter() {
        machine.read(US, 1, 0);
        Step done = machine.putDone(1, 2);
        assertThat(done.actions()).containsExactly(new Action.Announce());
        assertThat(done.wakeUp()).isEqualTo(at(51));
        Step renewal = machine.tick(51);
        assertThat(puts(renewal).getFirst().secondsAt(at(51).nanos())).isEqualTo(7);
        assertThat(machine.putDone(51, 7).wakeUp()).isEqualTo(at(101));
        assertThat(machine.tick(101).actions()).containsExactly(new Action.Announce());
        assertThat(machine.tick(200).actions()).isEmpty();
        assertThat(machine.tick(301).actions()).containsExactly(new Action.Announce());
    }

    @Test
    void takeover_ofALeasedKey_waitsForTheProof() {
        Step seen = machine.readLeased(5, 0);
        assertThat(seen.actions()).isEmpty();
        Step proved = machine.proved(5, 30_000, 1);
        assertThat(proved.reasons()).containsExactly(new Reason.TookOver(US));
        KernelLifetime lifetime = puts(proved).getFirst();
        assertThat(lifetime.until()).isEqualTo(at(28_000));
        assertThat(lifetime.holdUntil()).isEqualTo(at(29_750));
        assertThat(lifetime.cap()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void takeover_byWatchEvent_trustsALeaseOfUnknownTimeForTwoSeconds() {
        machine.read(OTHER, 1, 0);
        Step step = machine.event(US, 2, 5, 0, 500);
        assertThat(step.reasons()).containsExactly(new Reason.TookOver(US));
        KernelLifetime lifetime = puts(step).getFirst();
        assertThat(lifetime.holdUntil()).isEqualTo(at(2000));
        assertThat(lifetime.secondsAt(at(500).nanos())).isEqualTo(1);
        assertThat(machine.putDone(500, 1).actions()).containsExactly(new Action.Announce());
        assertThat(machine.tick(2000).reasons())
                .containsExactly(
                        new Reason.TrustRanOut(Trust.Basis.UNKNOWN_LEASE, Duration.ofMillis(2000)));
    }

    @Test
    void takeover_byAnEventWithoutTrust_readsFirst() {
        machine.read(OTHER, 1, 0);
        Step step = machine.event(US, 2, 5, 0, 3500);
        assertThat(step.actions()).containsExactly(new Action.ReadNow());
        assertThat(step.reasons()).isEmpty();
    }

    @Test
    void takeover_byAReadOfAKeyWrittenLongAgo_waitsForTheProof() {
        machine.read(OTHER, 1, 0);
        assertThat(machine.readLeased(5, 2, 4000).actions()).isEmpty();
    }

    @Test
    void takeover_doesNotHappen_whenTheLeaseIsTooShort() {
        machine.readLeased(5, 0);
        Step step = machine.proved(5, 2900, 0);
        assertThat(step.actions()).containsExactly(new Action.Remove());
        assertThat(step.reasons())
                .containsExactly(new Reason.LeaseTooShort(Duration.ofMillis(2900)));
        assertThat(machine.proved(5, 2950, 0).reasons()).isEmpty();
    }

    @Test
    void proof_ofAnotherKeyWriteOrLease_isIgnored() {
        machine.readLeased(5, 3, 0);
        assertThat(machine.proved(6, 3, 30_000, 0).actions()).isEmpty();
        assertThat(machine.proved(5, 2, 30_000, 0).actions()).isEmpty();
        LeaseProof other = new LeaseProof("/other", 3, 5, at(30_000));
        assertThat(machine.next(new Event.LeaseProved(other), 0).actions()).isEmpty();
        assertThat(puts(machine.proved(5, 3, 30_000, 0))).hasSize(1);
    }

    @Test
    void proof_whenAnotherLeads_isIgnored() {
        machine.event(OTHER, 1, 5, 0, 0);
        assertThat(machine.proved(5, 30_000, 0).actions()).isEmpty();
        assertThat(new MachineUnderTest().proved(5, 30_000, 0).actions()).isEmpty();
    }

    @Test
    void proof_thatReachesFurtherCounts_notTheLaterOne() {
        MachineUnderTest leader = leadingByLease();
        leader.proved(5, 20_000, 1000);
        assertThat(leader.state().leadership().trust().end()).isEqualTo(at(30_000));
        leader.proved(5, 35_000, 2000);
        assertThat(leader.state().leadership().trust().end()).isEqualTo(at(35_000));
    }

    @Test
    void put_thatFails_isTriedAgainAfterEverLongerPauses() {
        machine.read(US, 1, 0);
        Event failed = new Event.PutEnded(new PutResult.Failed("no such device"));
        Step first = machine.next(failed, 1);
        assertThat(first.reasons()).isEmpty();
        assertThat(first.wakeUp()).isEqualTo(at(21));
        assertThat(machine.tick(20).actions()).isEmpty();
        assertThat(puts(machine.tick(21))).hasSize(1);
        Step second = machine.next(failed, 22);
        assertThat(second.reasons()).containsExactly(new Reason.PutFailed("no such device"));
        assertThat(second.wakeUp()).isEqualTo(at(62));
        assertThat(second.actions()).isEmpty();
        machine.tick(62);
        assertThat(machine.next(failed, 63).reasons()).isEmpty();
    }

    @Test
    void put_thatGoesOnFailing_isToldOnceAMinute_andNotCalledReleased() {
        MachineUnderTest machine = new MachineUnderTest();
        Event failed = new Event.PutEnded(new PutResult.Failed("no such device"));
        int told = 0;
        long millis = 0;
        for (int second = 0; second < 150; second++) {
            machine.read(US, 1, millis);
            told += machine.next(failed, millis + 1).reasons().size();
            millis += 1001;
        }
        assertThat(told).isEqualTo(3);
        assertThat(machine.read(OTHER, 2, millis).reasons())
                .containsExactly(new Reason.GaveUp(new Reason.LeaderIsOther(OTHER)));
    }

    /** A paused virtual machine stops every clock inside it: the lease runs on. */
    @Test
    void lease_thatEndsSoonerThanWasProved_cutsTheLifetimeShort() {
        MachineUnderTest leader = leadingByLease();
        Step step =
                leader.next(
                        new Event.LeaseProved(
                                new LeaseProof(
                                        MachineUnderTest.TRIGGER.key(), 1, 5, at(8000), at(9500))),
                        3000);
        assertThat(puts(step)).hasSize(1);
        assertThat(puts(step).getFirst().secondsAt(at(3000).nanos())).isEqualTo(3);
    }

    @Test
    void lease_thatMayRunAsLongAsWasProved_changesNothing() {
        MachineUnderTest leader = leadingByLease();
        Step step =
                leader.next(
                        new Event.LeaseProved(
                                new LeaseProof(
                                        MachineUnderTest.TRIGGER.key(),
                                        1,
                                        5,
                                        at(28_000),
                                        at(30_000))),
                        3000);
        assertThat(puts(step)).isEmpty();
        assertThat(leader.state().leadership().trust().end()).isEqualTo(at(30_000));
    }

    /**
     * The key was written anew with a shorter lease, while the daemon before this one was cut off.
     */
    @Test
    void leaseTooShort_atTheStart_removesWhatWasFound() {
        MachineUnderTest machine = new MachineUnderTest();
        Event.AddressAppeared found = MachineUnderTest.appeared(Duration.ofSeconds(6));
        machine.next(found, 0);
        machine.readLeased(5, 10);
        Step step = machine.proved(5, 2010, 10);
        assertThat(step.actions()).containsExactly(new Action.Remove());
        assertThat(step.reasons())
                .containsExactly(
                        new Reason.LeaseTooShort(Duration.ofSeconds(2)),
                        new Reason.FoundRemoved(found.found()));
    }

    /** The process was frozen for less than what makes it let go: the kernel's end moves along. */
    @Test
    void put_thatTheKernelTookInLate_isPutAgainShorter() {
        MachineUnderTest machine = new MachineUnderTest();
        machine.readLeased(5, 0);
        machine.proved(5, 5100, 0);
        PutResult late = MachineUnderTest.put(50, 2, 450);
        assertThat(puts(machine.next(new Event.PutEnded(late), 450))).isEmpty();
        assertThat(puts(machine.tick(850))).hasSize(1);
        PutResult later = MachineUnderTest.put(850, 2, 1150);
        Step step = machine.next(new Event.PutEnded(later), 1150);
        assertThat(puts(step)).hasSize(1);
        assertThat(puts(step).getFirst().secondsAt(at(1150).nanos())).isEqualTo(1);
    }

    @Test
    void renewal_isDueWhenTwoFifthsOfTheLifetimeAreGone() {
        MachineUnderTest leader = leadingByLease();
        for (long millis = 100; millis <= 4000; millis += 1000) {
            leader.readLeased(5, millis);
        }
        leader.tick(4000);
        assertThat(puts(leader.readLeased(5, 4040))).isEmpty();
        assertThat(puts(leader.tick(4050))).hasSize(1);
        assertThat(leader.tick(4060).actions()).isEmpty();
    }

    @Test
    void renewal_isLeftOut_whenItWouldGainNothing() {
        MachineUnderTest leader = leading();
        leader.tick(3000);
        assertThat(puts(leader.tick(3050))).isEmpty();
        assertThat(puts(leader.read(US, 1, 3060))).hasSize(1);
    }

    @Test
    void renewal_happensAtOnce_whenTrustHasBecomeShorter() {
        MachineUnderTest leader = leadingByLease();
        leader.readLeased(5, 1000);
        Step changed = leader.event(US, 2, 6, 1000, 1500);
        assertThat(puts(changed).getFirst().secondsAt(at(1500).nanos())).isEqualTo(1);
        assertThat(changed.reasons()).isEmpty();
        leader.putDone(1500, 1);
        leader.readLeased(6, 2, 1510);
        leader.proved(6, 2, 5000, 1520);
        assertThat(leader.state().leadership().trust().end()).isEqualTo(at(5000));
    }

    @Test
    void returning_needsASightingThatIsNewerThanTheRelease() {
        MachineUnderTest leader = leading();
        leader.tick(7250);
        assertThat(leader.state().isHolding()).isFalse();
        Sighting old = MachineUnderTest.sighting(Sighting.Origin.READ, US, 1, 1, 0, 0);
        assertThat(leader.next(new Event.Seen(old), 7260).actions()).isEmpty();
        assertThat(puts(leader.read(US, 1, 7270))).hasSize(1);
    }

    @Test
    void events_ofAKeyWithoutLease_extendTrustToTheirReadsTime() {
        MachineUnderTest leader = leading();
        leader.event(US, 2, 0, 900, 1000);
        assertThat(leader.state().leadership().trust().end()).isEqualTo(at(8400));
        leader.event(US, 3, 0, 1000, 4500);
        assertThat(leader.state().leadership().trust().end()).isEqualTo(at(8400));
        assertThat(leader.state().leadership().last().flatMap(Sighting::value))
                .isEqualTo(Optional.of(US));
    }

    @Test
    void takeover_happens_whenTheLeaseLeavesOneSecond() {
        machine.readLeased(5, 0);
        Step step = machine.proved(5, 3000, 0);
        assertThat(step.reasons()).containsExactly(new Reason.TookOver(US));
        assertThat(puts(step).getFirst().secondsAt(at(0).nanos())).isEqualTo(1);
    }

    @Test
    void takeover_whileARemovalIsOwed_removesNothingLater() {
        machine.read(OTHER, 1, 0);
        machine.next(new Event.RemoveFailed("busy"), 10);
        assertThat(machine.read(US, 2, 20).wakeUp()).as("doubt is near").isEqualTo(at(2520));
        machine.putDone(20, 2);
        assertThat(machine.tick(30).actions()).isEmpty();
    }

    /** Nothing is gained by a renewal that would give what is there. */
    @Test
    void put_thatGaveAllThereIs_isNotRenewedSoon() {
        machine.read(US, 1, 0);
        assertThat(machine.putDone(0, 7).wakeUp()).isEqualTo(at(100));
        machine.tick(100);
        assertThat(puts(machine.tick(150))).isEmpty();
    }
}
