package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.at;
import static org.vipmanager.core.MachineUnderTest.created;
import static org.vipmanager.core.MachineUnderTest.leading;
import static org.vipmanager.core.MachineUnderTest.put;
import static org.vipmanager.core.MachineUnderTest.puts;
import static org.vipmanager.core.MachineUnderTest.quiet;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Others keep the kernel busy, or the process is frozen while it puts the address. */
final class SlowKernelTest {

    private static final Action REMOVE = new Action.Remove();
    private static final Action READ = new Action.ReadNow();
    private static final Action ANNOUNCE = new Action.Announce();

    /** Leads, and renews at 3 s what it was given for 7 s at 0.05 s. */
    private static MachineUnderTest renewing() {
        MachineUnderTest leader = leading();
        for (long millis = 1000; millis < 3000; millis += 1000) {
            leader.read(US, 1, millis);
        }
        assertThat(puts(leader.read(US, 1, 3000))).hasSize(1);
        return leader;
    }

    private static Step ends(MachineUnderTest machine, PutResult result, long millis) {
        return machine.next(new Event.PutEnded(result), millis);
    }

    @Test
    void hold_whenARenewalTookSeconds() {
        MachineUnderTest leader = renewing();
        assertThat(ends(leader, put(3000, 7, 5100), 5100).reasons()).isEmpty();
        assertThat(leader.state().isHolding()).isTrue();
    }

    /** Even beyond its lifetime: the kernel was too busy to end it, and has it still. */
    @Test
    void hold_whenARenewalTookLongerThanTheLifetime_andTheAddressWasThereAllTheTime() {
        MachineUnderTest leader = renewing();
        PutResult slow = new PutResult.Done(at(3000), 7, at(8000), false, Duration.ofMillis(4900));
        assertThat(quiet(ends(leader, slow, 8000))).doesNotContain(REMOVE);
        assertThat(leader.state().isHolding()).isTrue();
    }

    /** Others kept it there meanwhile; by right it had ended before the kernel got the renewal. */
    @Test
    void release_whenTheProcessStoodStillUntilItsRenewalWasOver() {
        MachineUnderTest leader = MachineUnderTest.leadingByLease();
        leader.readLeased(5, 4000);
        assertThat(puts(leader.tick(4050))).hasSize(1);
        Step step = ends(leader, put(4050, 10, 14_050), 14_050);
        assertThat(step.actions()).containsExactly(REMOVE, READ);
        assertThat(step.reasons()).containsExactly(new Reason.FrozenDuringPut());
    }

    @Test
    void release_whenARenewalCreatedWhatHadEnded() {
        MachineUnderTest leader = renewing();
        Step step = ends(leader, created(3000, 7, 6851, 3800), 6851);
        assertThat(step.actions()).containsExactly(REMOVE, READ);
        assertThat(step.reasons())
                .containsExactly(new Reason.KernelTooSlow(Duration.ofMillis(3800)));
        assertThat(puts(leader.read(US, 1, 6851))).isEmpty();
        assertThat(puts(leader.read(US, 1, 6852))).hasSize(1);
    }

    @Test
    void release_whenTheProcessStoodStillDuringARenewal_saysSo() {
        MachineUnderTest leader = renewing();
        Step step = ends(leader, created(3000, 7, 6851, 100), 6851);
        assertThat(step.reasons()).containsExactly(new Reason.FrozenDuringPut());
    }

    /** Before its lifetime's end it can only have been others. */
    @Test
    void restored_byARenewal_isAnnouncedAnew() {
        MachineUnderTest leader = renewing();
        Step step = ends(leader, created(3000, 7, 3001, 1), 3001);
        assertThat(step.reasons()).containsExactly(new Reason.Restored(1));
        assertThat(step.actions()).containsExactly(ANNOUNCE);
        assertThat(step.wakeUp()).isEqualTo(at(3101));
    }

    @Test
    void returned_isAnnouncedAnew() {
        MachineUnderTest leader = renewing();
        ends(leader, put(3000, 7, 3001), 3001);
        Step step = leader.next(new Event.AddressReturned(), 3500);
        assertThat(step.actions()).containsExactly(ANNOUNCE);
        assertThat(step.reasons()).isEmpty();
        assertThat(new MachineUnderTest().next(new Event.AddressReturned(), 0).actions()).isEmpty();
    }

    @Test
    void release_whenATakeoverTookMoreThanHalfASecond() {
        MachineUnderTest leader = new MachineUnderTest();
        leader.read(US, 1, 0);
        Step step = ends(leader, created(0, 2, 501, 501), 501);
        assertThat(step.actions()).containsExactly(REMOVE, READ);
        assertThat(step.reasons())
                .containsExactly(new Reason.KernelTooSlow(Duration.ofMillis(501)));
        MachineUnderTest quicker = new MachineUnderTest();
        quicker.read(US, 1, 0);
        assertThat(quiet(ends(quicker, created(0, 2, 500, 500), 500))).isEmpty();
        assertThat(quicker.state().isHolding()).isTrue();
    }

    /** It was ours by right until the end of what it was given before. */
    @Test
    void hold_whatOthersRemoved_whenRestoringItTookLong() {
        MachineUnderTest leader = leading();
        leader.read(US, 1, 1000);
        assertThat(puts(leader.next(new Event.AddressGone(), 1100))).hasSize(1);
        assertThat(quiet(ends(leader, created(1100, 2, 3100, 2000), 3100))).isEmpty();
        assertThat(leader.state().isHolding()).isTrue();
    }

    @Test
    void hold_whatOthersRemoved_whenRestoringItTookLongerThanItWasGiven_isNot() {
        MachineUnderTest leader = leading();
        leader.read(US, 1, 3000);
        ends(leader, new PutResult.Failed("ENODEV"), 3000);
        leader.tick(3020);
        assertThat(ends(leader, created(3020, 2, 6900, 3800), 6900).actions())
                .containsExactly(REMOVE, READ);
    }

    /** Long after it was there last it is put as at first: the link was down meanwhile. */
    @Test
    void hold_whatIsPutAgainLongAfterItsEnd() {
        MachineUnderTest leader = leading();
        leader.next(new Event.AddressGoneWithLink(), 100);
        for (long millis = 1000; millis <= 20_000; millis += 1000) {
            leader.read(US, 1, millis);
        }
        assertThat(puts(leader.next(new Event.LinkChanged(new LinkChange.SetUp()), 20_100)))
                .hasSize(1);
        assertThat(quiet(ends(leader, created(20_100, 2, 20_101, 1), 20_101))).isEmpty();
        assertThat(leader.state().isHolding()).isTrue();
    }

    /** What came before the request took the time: it is there still, and decided anew. */
    @Test
    void renewalThatWasNotSent_isDecidedAnew() {
        MachineUnderTest leader = renewing();
        Step step = ends(leader, new PutResult.TooLate(Duration.ofSeconds(1)), 4000);
        assertThat(quiet(step)).containsExactly(new Action.Probe()); // which is due by then
        assertThat(puts(leader.tick(4019))).isEmpty();
        assertThat(puts(leader.tick(4020))).hasSize(1);
    }

    @Test
    void takeoverThatWasNotSent_asksFirst() {
        MachineUnderTest leader = new MachineUnderTest();
        leader.read(US, 1, 0);
        Step step = ends(leader, new PutResult.TooLate(Duration.ofMillis(600)), 600);
        assertThat(step.actions()).containsExactly(REMOVE, READ);
        assertThat(step.reasons())
                .containsExactly(new Reason.KernelTooSlow(Duration.ofMillis(600)));
    }

    /** What ended unseen must not be brought back for its whole lifetime by a stop. */
    @Test
    void stop_keeping_leavesOutWhatMayHaveEnded() {
        MachineUnderTest leader = renewing();
        ends(leader, put(3000, 3, 3001), 3001);
        leader.read(US, 1, 3900);
        assertThat(puts(leader.next(new Event.StopRequested(true), 5900))).isEmpty();
    }
}
