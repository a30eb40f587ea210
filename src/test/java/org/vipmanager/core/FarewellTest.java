package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.OTHER;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.at;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Whether, and when, the connections of an address that is let go are ended. */
final class FarewellTest {

    private static final long TRUST = Rules.DEFAULT.policyTrust().toMillis();
    private static final Action REMOVE = new Action.Remove();

    private final MachineUnderTest machine =
            new MachineUnderTest(Rules.DEFAULT.resettingConnections());

    private static void lead(MachineUnderTest leader) {
        leader.read(US, 1, 0);
        assertThat(leader.state().isHolding()).isTrue();
    }

    private static void placeFor(MachineUnderTest leader, int seconds) {
        leader.next(
                new Event.PutEnded(new PutResult.Done(at(0), seconds, at(0), true, Duration.ZERO)),
                0);
    }

    /** The kernel counts whole seconds, so that it is mostly its lifetime that ends. */
    @Test
    void lifetimeRunsOut_connectionsAreEndedBeforeTheKernelRemovesIt() {
        lead(machine);
        placeFor(machine, 7);
        machine.tick(3000); // a renewal would not make it longer

        Step early = machine.tick(7000 - 41);
        Step due = machine.tick(7000 - 40);

        assertThat(early.actions()).doesNotContain(REMOVE);
        assertThat(due.actions()).startsWith(new Action.ResetConnections(at(6980)), REMOVE);
    }

    @Test
    void kernelHasRemovedIt_connectionsAreLeftAlone() {
        lead(machine);
        placeFor(machine, 7);

        assertThat(machine.next(new Event.AddressGone(), 6990).actions())
                .contains(REMOVE)
                .noneMatch(Action.ResetConnections.class::isInstance);
    }

    @Test
    void trustRunsOut_connectionsAreEndedBeforeTheRemovalWhichIsNoLater() {
        lead(machine);

        Step early = machine.tick(TRUST - 271);
        Step due = machine.tick(TRUST - 270);

        assertThat(early.actions()).doesNotContain(REMOVE);
        assertThat(due.actions()).startsWith(new Action.ResetConnections(at(TRUST - 250)), REMOVE);
    }

    @Test
    void trustRunsOutUnnoticed_removalComesFirst() {
        lead(machine);

        assertThat(machine.tick(TRUST - 20).actions())
                .startsWith(REMOVE, new Action.ResetConnections(at(TRUST - 20)));
    }

    /** Nobody else leads because of it, and no other address is kept waiting. */
    @Test
    void stop_connectionsAreEndedBeforeTheRemoval_whichWaitsLonger() {
        lead(machine);

        assertThat(machine.next(new Event.StopRequested(false), 5).actions())
                .startsWith(new Action.ResetConnections(at(155)), REMOVE);
    }

    @Test
    void stopWhenTrustIsAboutToEnd_removalComesFirst() {
        lead(machine);

        assertThat(machine.next(new Event.StopRequested(false), TRUST - 150).actions())
                .startsWith(REMOVE);
    }

    @Test
    void stopThatKeepsTheAddress_leavesThemAlone() {
        lead(machine);

        assertThat(machine.next(new Event.StopRequested(true), 5).actions())
                .noneMatch(Action.ResetConnections.class::isInstance);
    }

    @Test
    void noLongerConfigured_connectionsAreEndedBeforeTheRemoval() {
        lead(machine);

        assertThat(machine.next(new Event.Unconfigured(), 5).actions())
                .startsWith(new Action.ResetConnections(at(25)), REMOVE);
    }

    @Test
    void anotherLeads_removalComesFirst() {
        lead(machine);

        assertThat(machine.read(OTHER, 2, 5).actions())
                .startsWith(REMOVE, new Action.ResetConnections(at(5)));
    }

    /** It may have the key again in a moment, and the sessions live on. */
    @Test
    void nobodyLeads_connectionsAreLeftAlone() {
        lead(machine);

        assertThat(machine.readAbsent(2, 5).actions())
                .contains(REMOVE)
                .noneMatch(Action.ResetConnections.class::isInstance);
    }

    @Test
    void addressThatIsNotHeld_isRemovedWithoutAWord() {
        machine.read(OTHER, 1, 0);

        assertThat(machine.next(new Event.StopRequested(false), 5).actions())
                .containsExactly(REMOVE);
    }

    @Test
    void notAskedFor_connectionsAreLeftAlone() {
        MachineUnderTest plain = new MachineUnderTest();
        lead(plain);

        assertThat(plain.tick(TRUST - 251).actions()).doesNotContain(REMOVE);
        assertThat(plain.tick(TRUST - 250).actions()).containsExactly(REMOVE);
    }
}
