package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.OTHER;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.appeared;
import static org.vipmanager.core.MachineUnderTest.appearedForEver;
import static org.vipmanager.core.MachineUnderTest.at;
import static org.vipmanager.core.MachineUnderTest.created;
import static org.vipmanager.core.MachineUnderTest.put;
import static org.vipmanager.core.MachineUnderTest.puts;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What is there at the start, and for how long it may stay before the DCS says who leads. */
final class FoundAddressTest {

    private static final Duration MOST = Rules.DEFAULT.addressLifetime();
    private static final Action REMOVE = new Action.Remove();

    private final MachineUnderTest machine = new MachineUnderTest();

    private Step putEnds(PutResult result, long millis) {
        return machine.next(new Event.PutEnded(result), millis);
    }

    @Test
    void withoutALifetime_getsOne() {
        Step step = machine.next(appearedForEver(), 0);
        assertThat(puts(step).getFirst().secondsAt(0)).isEqualTo(10);
        assertThat(step.reasons())
                .containsExactly(new Reason.FoundLimited(appearedForEver().found(), MOST));
        assertThat(putEnds(put(0, 10, 0), 0).wakeUp()).isEqualTo(Moment.NEVER);
        assertThat(appearedForEver().found().isPermanent()).isTrue();
    }

    /** Whoever put it. */
    @Test
    void withALongerLifetime_isShortened() {
        Event.AddressAppeared found = appeared(MOST.plusMillis(1));
        Step step = machine.next(found, 0);
        assertThat(puts(step).getFirst().secondsAt(0)).isEqualTo(10);
        assertThat(step.reasons()).containsExactly(new Reason.FoundLimited(found.found(), MOST));
    }

    @Test
    void withAShorterLifetime_isLeftAlone() {
        Event.AddressAppeared found = appeared(MOST);
        Step step = machine.next(found, 0);
        assertThat(step.actions()).isEmpty();
        assertThat(step.reasons()).containsExactly(new Reason.FoundWithLifetime(found.found()));
        assertThat(machine.tick(9000).actions()).isEmpty();
        assertThat(found.found().isPermanent()).isFalse();
    }

    @Test
    void limiting_isTriedAgainUntilItWorks_andToldOnce() {
        machine.next(appearedForEver(), 0);
        assertThat(putEnds(new PutResult.Failed("ENOBUFS"), 0).reasons())
                .containsExactly(new Reason.LimitFailed("ENOBUFS"));
        assertThat(machine.tick(19).actions()).isEmpty();
        assertThat(puts(machine.tick(20))).hasSize(1);
        Step again = putEnds(new PutResult.Failed("ENOBUFS"), 20);
        assertThat(again.reasons()).isEmpty();
        assertThat(again.wakeUp()).isEqualTo(at(60));
        assertThat(puts(machine.tick(60))).hasSize(1);
        assertThat(putEnds(put(60, 10, 60), 60).wakeUp()).isEqualTo(Moment.NEVER);
    }

    @Test
    void limiting_whatOthersHaveRemovedMeanwhile_doesNotBringItBack() {
        machine.next(appearedForEver(), 0);
        assertThat(putEnds(created(0, 10, 1, 1), 1).actions()).containsExactly(REMOVE);
        machine.next(appearedForEver(), 10);
        putEnds(new PutResult.Failed("ENOBUFS"), 10);
        machine.next(new Event.AddressGone(), 20);
        assertThat(machine.tick(1000).actions()).isEmpty();
    }

    @Test
    void limiting_isOver_whenTheDcsSaysWhoLeads() {
        machine.next(appearedForEver(), 0);
        putEnds(new PutResult.Failed("ENOBUFS"), 0);
        Step step = machine.read(OTHER, 1, 10);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons())
                .isEqualTo(
                        List.of(
                                new Reason.FoundRemoved(appearedForEver().found()),
                                new Reason.StandingBy(OTHER)));
        assertThat(machine.tick(20).actions()).isEmpty();
    }

    @Test
    void nothingFound_isNotRemovedAloud() {
        assertThat(machine.read(OTHER, 1, 10).reasons())
                .containsExactly(new Reason.StandingBy(OTHER));
    }

    @Test
    void isAdopted_byTheLeader() {
        machine.next(appeared(Duration.ofSeconds(4)), 0);
        assertThat(puts(machine.read(US, 1, 10))).hasSize(1);
    }

    /** It may be a lifetime of days. */
    @Test
    void lengthenedWhileHeld_isPutAgain_andToldOnceASecond() {
        MachineUnderTest leader = MachineUnderTest.leading();
        Event.AddressAppeared longer = appeared(Duration.ofDays(1));
        Step step = leader.next(longer, 100);
        assertThat(puts(step)).hasSize(1);
        assertThat(step.reasons()).containsExactly(new Reason.LifetimeChanged(longer.found(), 1));
        leader.putDone(100, 2);
        assertThat(leader.next(longer, 110).reasons()).isEmpty();
    }

    @Test
    void withALifetimeByNow_isRemoved_whenAnotherLeads() {
        machine.next(appearedForEver(), 0);
        putEnds(put(0, 10, 0), 0);
        assertThat(machine.read(OTHER, 1, 10).reasons())
                .containsExactly(
                        new Reason.FoundRemoved(appearedForEver().found()),
                        new Reason.StandingBy(OTHER));
    }
}
