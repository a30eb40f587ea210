package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.OTHER;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.puts;

import org.junit.jupiter.api.Test;

/** Another DCS is asked from now on: revisions begin anew, and leases are others. */
final class AnotherSourceTest {

    private static final Action REMOVE = new Action.Remove();
    private static final Event REPLACED = new Event.SourceReplaced();

    private static MachineUnderTest leadingByPolicyUntilReplaced() {
        MachineUnderTest leader = new MachineUnderTest();
        leader.read(US, 1000, 0);
        leader.putDone(0, 7);
        leader.next(REPLACED, 100);
        return leader;
    }

    @Test
    void holdsUntilItSpeaks_butNotForLonger() {
        MachineUnderTest leader = MachineUnderTest.leadingByLease();
        Trust before = leader.state().leadership().trust();
        assertThat(MachineUnderTest.quiet(leader.next(REPLACED, 100))).isEmpty();
        assertThat(leader.state().leadership().trust()).isEqualTo(before);
        assertThat(leader.tick(9000).actions()).doesNotContain(REMOVE);
        assertThat(leader.tick(29_750).actions()).contains(REMOVE);
    }

    @Test
    void aLowerRevisionIsNoRestoredStore() {
        MachineUnderTest leader = leadingByPolicyUntilReplaced();
        Step step = leader.read(US, 5, 110);
        assertThat(step.actions()).doesNotContain(REMOVE);
        assertThat(step.reasons()).isEmpty();
        assertThat(leader.state().leadership().trust().holdUntil())
                .as("what it says counts")
                .isEqualTo(MachineUnderTest.at(7360));
    }

    @Test
    void anotherLeaderThere_isObeyedAtOnce() {
        MachineUnderTest leader = leadingByPolicyUntilReplaced();
        Step step = leader.read(OTHER, 5, 110);
        assertThat(step.actions()).containsExactly(REMOVE);
        assertThat(step.reasons()).containsExactly(new Reason.LeaderIsOther(OTHER));
    }

    @Test
    void noLeaderThere_isObeyedAtOnce() {
        MachineUnderTest leader = MachineUnderTest.leadingByLease();
        leader.next(REPLACED, 100);
        assertThat(leader.readAbsent(5, 110).actions()).containsExactly(REMOVE);
    }

    /** Two clusters may number their leases alike: what is known of one is not of the other. */
    @Test
    void aLeaseOfTheSameNumber_isProvedFirst() {
        MachineUnderTest leader = MachineUnderTest.leadingByLease();
        leader.next(REPLACED, 1000);
        Step seen = leader.readLeased(5, 1010);
        assertThat(seen.actions()).doesNotContain(REMOVE);
        assertThat(puts(seen)).as("shortened").hasSize(1);
        assertThat(leader.state().leadership().trust().basis())
                .isEqualTo(Trust.Basis.UNKNOWN_LEASE);
        leader.putDone(1010, 1);
        assertThat(leader.tick(3010).actions()).contains(REMOVE);
    }

    @Test
    void aLeaseThatIsProved_isHeldBy() {
        MachineUnderTest leader = MachineUnderTest.leadingByLease();
        leader.next(REPLACED, 1000);
        leader.readLeased(77, 1010);
        leader.putDone(1010, 1);
        leader.proved(77, 41_000, 1015);
        assertThat(leader.state().leadership().trust().basis()).isEqualTo(Trust.Basis.LEASE);
        assertThat(leader.tick(1700).actions()).doesNotContain(REMOVE);
    }

    /** From Consul, which tells of no lease. */
    @Test
    void aLeaseAfterPolicy_isProved_withinWhatWasTrusted() {
        MachineUnderTest leader = MachineUnderTest.leading();
        leader.next(REPLACED, 6000);
        leader.readLeased(77, 6010);
        assertThat(leader.state().leadership().trust().holdUntil())
                .isEqualTo(MachineUnderTest.at(7250));
        assertThat(leader.state().isHolding()).isTrue();
    }

    /** It was not to be asked about, or this user was not allowed to, until now. */
    @Test
    void aLeaseThatIsAskedAboutFromNowOn_isProved_whileTheAddressIsHeld() {
        MachineUnderTest leader = MachineUnderTest.leading();
        Step seen = leader.readLeased(77, 1, 1000);
        assertThat(seen.actions()).doesNotContain(REMOVE);
        assertThat(leader.state().leadership().trust().basis())
                .isEqualTo(Trust.Basis.UNKNOWN_LEASE);
        assertThat(seen.reasons()).isEmpty();
        leader.putDone(1000, 1);
        leader.proved(77, 31_000, 1005);
        assertThat(leader.state().leadership().trust().basis()).isEqualTo(Trust.Basis.LEASE);
        assertThat(leader.state().isHolding()).isTrue();
    }

    /** Who was trusted with nothing holds nothing before the proof. */
    @Test
    void whoDidNotLead_waitsForTheProof() {
        MachineUnderTest follower = new MachineUnderTest();
        follower.read(OTHER, 1000, 0);
        follower.next(REPLACED, 100);
        follower.readLeased(77, 110);
        assertThat(follower.state().isHolding()).isFalse();
        follower.proved(77, 30_000, 115);
        assertThat(follower.state().isHolding()).isTrue();
    }
}
