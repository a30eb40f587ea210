package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.OTHER;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.at;
import static org.vipmanager.core.MachineUnderTest.leading;
import static org.vipmanager.core.MachineUnderTest.leadingByLease;
import static org.vipmanager.core.MachineUnderTest.puts;

import org.junit.jupiter.api.Test;
import org.vipmanager.report.ReasonText;

import java.time.Duration;
import java.util.List;

/** Every reason to let the address go, and what brings it back. */
final class ReleaseTest {

    private static final Action REMOVE = new Action.Remove();
    private static final Action READ = new Action.ReadNow();

    private final MachineUnderTest leader = leading();

    @Test
    void release_whenDcsAnswersAnotherHolder() {
        Step step = leader.read(OTHER, 2, 1000);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.LeaderIsOther(OTHER));
        assertThat(leader.state().leadership().trust()).isEqualTo(Trust.NONE);
    }

    @Test
    void release_whenAnEventSaysSo() {
        Step step = leader.event(OTHER, 2, 0, 0, 1000);
        assertThat(step.reasons()).containsExactly(new Reason.LeaderIsOther(OTHER));
    }

    @Test
    void release_whenTheKeyIsGone() {
        Step step = leader.readAbsent(2, 1000);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.LeaderKeyGone());
    }

    @Test
    void hold_whenAnOlderAnswerArrivesLate() {
        leader.read(US, 5, 1000);
        Sighting late = MachineUnderTest.sighting(Sighting.Origin.READ, OTHER, 4, 4, 0, 900);
        assertThat(MachineUnderTest.quiet(leader.next(new Event.Seen(late), 1100))).isEmpty();
        assertThat(MachineUnderTest.quiet(leader.event(OTHER, 5, 0, 1000, 1100))).isEmpty();
        assertThat(MachineUnderTest.quiet(leader.event(OTHER, 4, 0, 1000, 1100))).isEmpty();
    }

    @Test
    void release_whenTheStoreGoesBackInTime() {
        leader.read(US, 5, 1000);
        Step step = leader.read(US, 4, 1100);
        assertThat(step.actions()).containsExactly(REMOVE, READ);
        assertThat(step.reasons()).containsExactly(new Reason.StoreRestored());
        assertThat(puts(leader.read(US, 4, 1200))).hasSize(1);
    }

    @Test
    void release_whenTheRetriesAreUsedUp() {
        assertThat(leader.tick(7000).reasons())
                .doesNotHaveAnyElementsOfTypes(Reason.TrustRanOut.class);
        MachineUnderTest other = leading();
        other.tick(3000);
        Step step = other.tick(7250);
        assertThat(step.actions().getFirst()).isEqualTo(REMOVE);
        assertThat(step.reasons())
                .contains(new Reason.TrustRanOut(Trust.Basis.POLICY, Duration.ofMillis(7250)));
    }

    @Test
    void releaseLine_namesTheTroubleThatWasToldBefore() {
        leader.next(new Event.DcsFailed("Consul at x: 403, ACL not found"), 1500);
        leader.tick(3000);

        assertThat(sentences(leader.tick(7250)))
                .singleElement()
                .asString()
                .contains("could not be read for 7.3 s: Consul at x: 403, ACL not found")
                .doesNotContain("no answer");
    }

    @Test
    void troubleThatIsOver_isNotNamedLater() {
        leader.next(new Event.DcsFailed("Consul at x: 403, ACL not found"), 500);
        leader.read(US, 1, 1000);
        leader.tick(4000);

        assertThat(sentences(leader.tick(8250)))
                .singleElement()
                .asString()
                .contains("no answer from the DCS for 7.3 s");
    }

    @Test
    void addressReleasedInSilence_namesTheTroubleToo() {
        leader.next(new Event.DcsFailed("wrong password"), 500);
        leader.tick(3000);
        PatroniAnswer denial = new PatroniAnswer(at(3500), 503, PatroniAnswer.Failsafe.NONE);

        assertThat(leader.next(new Event.PatroniAnswered(denial), 3500).reasons())
                .containsExactly(
                        new Reason.AfterTrouble(
                                new Reason.PatroniDoesNotLead(503), "wrong password"));
    }

    private static List<String> sentences(Step step) {
        return step.reasons().stream()
                .map(new ReasonText(MachineUnderTest.VIP, MachineUnderTest.TRIGGER)::of)
                .toList();
    }

    @Test
    void release_whenTheLeaseEnds() {
        MachineUnderTest byLease = leadingByLease();
        byLease.tick(3000);
        byLease.tick(4050);
        byLease.putDone(4050, 10);
        byLease.tick(9000);
        byLease.putDone(9000, 10);
        byLease.tick(14_000);
        byLease.putDone(14_000, 10);
        byLease.tick(19_000);
        byLease.putDone(19_000, 9);
        Step step = byLease.tick(28_000);
        assertThat(step.actions().getFirst()).isEqualTo(REMOVE);
        assertThat(step.reasons())
                .contains(new Reason.TrustRanOut(Trust.Basis.LEASE, Duration.ofMillis(28_000)));
    }

    @Test
    void release_whenTrustBecomesTooShortToBeShortened() {
        MachineUnderTest byLease = leadingByLease();
        Step step = byLease.readLeased(6, 1, 3500);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons())
                .contains(new Reason.TrustRanOut(Trust.Basis.NONE, Duration.ZERO));
    }

    @Test
    void renewal_withTheVeryLastSecondOfTrust_isLeftOut() {
        Moment end = leader.state().leadership().trust().end();
        assertThat(end).isEqualTo(at(7500));
        assertThat(puts(leader.tick(6495))).isEmpty();
        assertThat(leader.state().isHolding()).isTrue();
        assertThat(puts(leading().tick(6485))).hasSize(1);
    }

    @Test
    void release_whenTheKernelsLifetimeIsOver() {
        assertThat(leader.state().isHolding()).isTrue();
        Step step = leader.tick(7050);
        assertThat(step.actions().getFirst()).isEqualTo(REMOVE);
        assertThat(leader.state().isHolding()).isFalse();
    }

    @Test
    void release_whenThePutCameTooLateBecauseTrustHasEnded() {
        leader.read(US, 1, 3000);
        Step step = leader.next(new Event.PutEnded(new PutResult.TooLate(Duration.ZERO)), 9800);
        assertThat(step.actions().getFirst()).isEqualTo(REMOVE);
        assertThat(step.reasons())
                .containsExactly(
                        new Reason.TrustRanOut(Trust.Basis.POLICY, Duration.ofMillis(6800)));
    }

    @Test
    void restore_whenSomebodyRemovedTheAddress() {
        Step step = leader.next(new Event.AddressGone(), 100);
        assertThat(step.reasons()).contains(new Reason.Restored(1));
        assertThat(puts(step)).hasSize(1);
    }

    /** NetworkManager takes it away two or three times in a few milliseconds. */
    @Test
    void restore_whenItWasRemovedAgainRightAfterItWasPut() {
        MachineUnderTest machine = putForTwoSeconds();
        Step step = machine.next(new Event.AddressGone(), 1);
        assertThat(step.reasons()).contains(new Reason.Restored(1));
        assertThat(puts(step)).hasSize(1);
    }

    @Test
    void restore_untilJustBeforeTheKernelsOwnEnd() {
        Step step = putForTwoSeconds().next(new Event.AddressGone(), 1799);
        assertThat(step.reasons()).contains(new Reason.Restored(1));
        assertThat(puts(step)).hasSize(1);
    }

    @Test
    void removals_areToldOnceASecond_andCounted() {
        leader.next(new Event.AddressGone(), 100);
        leader.putDone(101, 7);
        for (long millis = 110; millis < 1100; millis += 110) {
            assertThat(leader.next(new Event.AddressGone(), millis).reasons()).isEmpty();
            leader.putDone(millis + 1, 6);
        }
        assertThat(leader.next(new Event.AddressGone(), 1100).reasons())
                .containsExactly(new Reason.Restored(10));
    }

    /** A second daemon, or a script, takes it away again and again. */
    @Test
    void restore_withoutEnd_isDoneTenTimesASecond() {
        int puts = 0;
        for (long millis = 100; millis < 2100; millis++) {
            if (!puts(leader.next(new Event.AddressGone(), millis)).isEmpty()
                    || !puts(leader.tick(millis)).isEmpty()) {
                puts++;
                leader.putDone(millis, 5);
            }
        }
        assertThat(puts).isBetween(30, 50);
    }

    @Test
    void restore_isAtOnceAgainAfterACalmSecond() {
        for (long millis = 100; millis < 140; millis++) {
            leader.next(new Event.AddressGone(), millis);
            leader.tick(millis);
            leader.putDone(millis, 5);
        }
        leader.tick(240);
        leader.putDone(240, 5);
        leader.read(US, 1, 1300);
        leader.putDone(1300, 7);
        assertThat(puts(leader.next(new Event.AddressGone(), 1301))).hasSize(1);
    }

    @Test
    void release_whenTheKernelRemovedTheAddressAtItsEnd() {
        MachineUnderTest machine = putForTwoSeconds();
        Step step = machine.next(new Event.AddressGone(), 1800);
        assertThat(step.actions()).containsExactly(REMOVE, READ);
        assertThat(step.reasons()).containsExactly(new Reason.LifetimeRanOut());
        assertThat(MachineUnderTest.quiet(machine.next(new Event.AddressGone(), 1810))).isEmpty();
        assertThat(puts(machine.read(US, 1, 1820))).hasSize(1);
    }

    /** The first put of a takeover, not renewed yet. */
    private static MachineUnderTest putForTwoSeconds() {
        MachineUnderTest machine = new MachineUnderTest();
        machine.read(US, 1, 0);
        machine.putDone(0, 2);
        return machine;
    }

    @Test
    void addressGoneWithItsInterface_isPutWhenThatReturns() {
        Step gone = leader.next(new Event.AddressGoneWithLink(), 100);
        assertThat(gone.actions()).isEmpty();
        assertThat(gone.reasons()).isEmpty();
        assertThat(puts(leader.read(US, 1, 1000))).isEmpty();
        assertThat(puts(leader.next(new Event.LinkChanged(new LinkChange.SetUp()), 1100)))
                .hasSize(1);
    }

    @Test
    void addressGone_whileItIsBeingPut_isLeftToThePut() {
        MachineUnderTest machine = new MachineUnderTest();
        machine.read(US, 1, 0);
        assertThat(machine.next(new Event.AddressGone(), 1).actions()).isEmpty();
    }

    @Test
    void removal_thatFails_isTriedAgainSoonAndThenLessOften() {
        leader.read(OTHER, 2, 1000);
        Step failed = leader.next(new Event.RemoveFailed("busy"), 1000);
        assertThat(failed.reasons()).containsExactly(new Reason.RemovalFailed("busy"));
        assertThat(failed.wakeUp()).isEqualTo(at(1020));
        assertThat(leader.tick(1019).actions()).isEmpty();
        Step again = leader.tick(1020);
        assertThat(again.actions()).containsExactly(REMOVE);
        assertThat(again.wakeUp()).isEqualTo(Moment.NEVER);
        Step failedAgain = leader.next(new Event.RemoveFailed("busy"), 1020);
        assertThat(failedAgain.reasons()).isEmpty();
        assertThat(failedAgain.wakeUp()).isEqualTo(at(1060));
    }

    @Test
    void removal_thatFailsAfterTheStop_isTriedOnceMore_andThenTold() {
        leader.next(new Event.StopRequested(false), 1000);
        assertThat(leader.next(new Event.RemoveFailed("busy"), 1000).actions())
                .containsExactly(REMOVE);
        Step step = leader.next(new Event.RemoveFailed("busy"), 1001);
        assertThat(step.actions()).isEmpty();
        assertThat(step.reasons()).containsExactly(new Reason.LeftBehind("busy"));
        assertThat(leader.state().phase())
                .isInstanceOfSatisfying(
                        VipState.Phase.Stopped.class,
                        stopped -> assertThat(stopped.isLeftBehind()).isTrue());
    }

    @Test
    void unconfigured_releases() {
        Step step = leader.next(new Event.Unconfigured(), 1000);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.NoLongerConfigured());
    }

    @Test
    void removal_thatGoesOnFailing_isTriedEverySecond() {
        leader.read(OTHER, 2, 1000);
        long now = 1000;
        for (int failures = 1; failures <= 10; failures++) {
            leader.next(new Event.RemoveFailed("busy"), now);
            now += 1000;
            assertThat(leader.tick(now).actions()).containsExactly(REMOVE);
        }
        assertThat(leader.next(new Event.RemoveFailed("busy"), now).wakeUp())
                .isEqualTo(at(now + 1000));
    }

    @Test
    void stray_isRemovedFromAHostThatDoesNotLead() {
        leader.read(OTHER, 2, 1000);
        Step step = leader.next(MachineUnderTest.appearedForEver(), 2000);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.StrayRemoved(24, 1));
    }

    /** A second daemon, or a script, puts it again and again. */
    @Test
    void strays_withoutEnd_areRemovedTenTimesASecond_andToldOnce() {
        leader.read(OTHER, 2, 1000);
        int removals = 0;
        int told = 0;
        for (long millis = 2000; millis < 4000; millis++) {
            Step step = leader.next(MachineUnderTest.appearedForEver(), millis);
            removals += step.actions().contains(REMOVE) ? 1 : 0;
            told += step.reasons().size();
        }
        assertThat(removals).isBetween(30, 50);
        assertThat(told).isEqualTo(2);
    }

    @Test
    void stray_whileItsRemovalIsRetried_isLeftToThat() {
        leader.read(OTHER, 2, 1000);
        leader.next(new Event.RemoveFailed("busy"), 1000);
        Step step = leader.next(MachineUnderTest.appearedForEver(), 1001);
        assertThat(step.actions()).isEmpty();
        assertThat(step.reasons()).isEmpty();
        assertThat(leader.tick(1020).actions()).containsExactly(REMOVE);
    }

    @Test
    void appeared_whileItIsHeld_isPutAgain() {
        Step step = leader.next(MachineUnderTest.appearedForEver(), 100);
        assertThat(puts(step)).hasSize(1);
        assertThat(step.reasons())
                .containsExactly(
                        new Reason.LifetimeChanged(MachineUnderTest.appearedForEver().found(), 1));
    }

    @Test
    void stop_releases() {
        Step step = leader.next(new Event.StopRequested(false), 1000);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.Stopping());
        assertThat(step.wakeUp()).isEqualTo(Moment.NEVER);
        assertThat(leader.read(US, 2, 1001).actions()).isEmpty();
    }

    @Test
    void stop_keeping_renewsOnce() {
        Step step = leader.next(new Event.StopRequested(true), 1000);
        assertThat(puts(step)).hasSize(1);
        assertThat(step.reasons()).containsExactly(new Reason.StoppingKept());
        assertThat(leader.putDone(1001, 6).actions()).isEmpty();
        Event late = new Event.PutEnded(MachineUnderTest.created(1001, 6, 1600, 0));
        assertThat(leader.next(late, 1600).actions()).containsExactly(REMOVE);
    }

    @Test
    void stop_beforeAnythingIsKnown_removesWhatMayBeThere() {
        MachineUnderTest machine = new MachineUnderTest();
        assertThat(machine.next(new Event.StopRequested(false), 0).actions())
                .containsExactly(REMOVE);
        MachineUnderTest keeping = new MachineUnderTest();
        assertThat(keeping.next(new Event.StopRequested(true), 0).actions()).isEmpty();
    }

    @Test
    void link_thatReturns_putsTheAddressAgain() {
        assertThat(leader.next(new Event.LinkChanged(new LinkChange.NoCarrier()), 100).reasons())
                .containsExactly(new Reason.InterfaceLost(new LinkChange.NoCarrier()));
        Step step = leader.next(new Event.LinkChanged(new LinkChange.CarrierReturned()), 200);
        assertThat(step.reasons())
                .containsExactly(new Reason.InterfaceReady(new LinkChange.CarrierReturned()));
        assertThat(puts(step)).hasSize(1);
        assertThat(
                        MachineUnderTest.quiet(
                                leader.next(
                                        new Event.LinkChanged(new LinkChange.CarrierReturned()),
                                        201)))
                .isEmpty();
    }

    @Test
    void stop_keeping_withOneSecondLeft_keeps() {
        Step step = leader.next(new Event.StopRequested(true), 6500);
        assertThat(step.reasons()).containsExactly(new Reason.StoppingKept());
    }

    /** No whole second that is less than what is left would end it in time. */
    @Test
    void lifetime_thatOutlivesTrustByMilliseconds_endsAtOnce() {
        MachineUnderTest host = MachineUnderTest.leadingByLease();
        LeaseProof shorter =
                new LeaseProof(MachineUnderTest.TRIGGER.key(), 1, 5, at(12_047), at(12_100));
        Step step = host.next(new Event.LeaseProved(shorter), 9040);
        assertThat(step.actions()).contains(new Action.Remove());
        assertThat(puts(step)).isEmpty();
    }

    @Test
    void addressThatOthersRemoved_isPutAgain_inTheLastSecondOfTrust() {
        assertThat(leader.next(new Event.AddressGone(), 6500).reasons())
                .contains(new Reason.Restored(1));
    }
}
