package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** What the confirmed leader does about another station's claims. */
final class DefenceTest {

    private static final Trigger TRIGGER = new Trigger("/leader", "pg1");
    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");
    private static final Action ANNOUNCE = new Action.Announce();
    private static final Reason DEFENDED = new Reason.Defended("02:00:00:00:00:02", false);

    private VipState state = VipState.atStart(at(0));
    private long revision = 1;

    /** Leads, and all announcements of the takeover are sent. */
    @BeforeEach
    void lead() {
        read("pg1", 0);
        next(new Event.PutEnded(MachineUnderTest.put(1, 2, 1)), 1);
        leadOn(1000, 20_000);
    }

    @Test
    void claim_isAnsweredOnceAReadHasShownThatThisHostLeads() {
        Step heard = claim(20_100);
        assertThat(heard.actions()).containsExactly(new Action.ReadNow());
        assertThat(heard.reasons()).isEmpty();

        Step confirmed = read("pg1", 20_110);
        assertThat(confirmed.actions()).contains(ANNOUNCE);
        assertThat(confirmed.reasons()).containsExactly(DEFENDED);
    }

    @Test
    void claim_isNotAnsweredByAReadThatIsOlder() {
        claim(20_100);
        assertThat(read("pg1", 20_090, 20_110).actions()).doesNotContain(ANNOUNCE);
    }

    @Test
    void claim_ofTheNewLeader_isNotAnswered() {
        claim(20_100);
        revision++;
        Step released = read("pg2", 20_110);
        assertThat(released.actions()).containsExactly(new Action.Remove());
        assertThat(released.reasons()).containsExactly(new Reason.LeaderIsOther("pg2"));
        revision++;
        assertThat(read("pg1", 20_120).reasons()).doesNotContain(DEFENDED);
        Event put = new Event.PutEnded(MachineUnderTest.put(20_121, 2, 20_121));
        assertThat(next(put, 20_121).reasons()).isEmpty();
    }

    @Test
    void laterClaims_areAnsweredTogetherTenSecondsAfterTheFirst() {
        claim(20_100);
        read("pg1", 20_110);
        assertThat(claim(20_400).actions()).isEmpty();
        leadOn(21_000, 22_000);
        assertThat(claim(22_100).actions()).isEmpty();
        leadOn(23_000, 29_000);
        Step waiting = read("pg1", 30_000);
        assertThat(waiting.actions()).doesNotContain(ANNOUNCE);
        assertThat(waiting.wakeUp()).isEqualTo(at(30_110));
        assertThat(next(new Event.Tick(), 30_110).reasons()).containsExactly(DEFENDED);
        leadOn(31_000, 45_000);
        assertThat(next(new Event.Tick(), 45_100).reasons()).doesNotContain(DEFENDED);
    }

    @Test
    void liar_isToldWithTheNextDefence_andOnlyThen() {
        claim(20_100);
        read("pg1", 20_110);
        for (long millis = 20_600; millis < 30_100; millis += 500) {
            read("pg1", millis);
            assertThat(claim(millis).reasons()).isEmpty();
        }
        assertThat(next(new Event.Tick(), 30_110).reasons())
                .containsExactly(new Reason.Defended("02:00:00:00:00:02", true));
    }

    private void leadOn(long fromMillis, long toMillis) {
        for (long millis = fromMillis; millis <= toMillis; millis += 1000) {
            read("pg1", millis);
            next(new Event.PutEnded(MachineUnderTest.put(millis, 7, millis)), millis);
        }
    }

    private Step claim(long millis) {
        return next(
                new Event.ClaimHeard(
                        new Claim(HardwareAddresses.of("02:00:00:00:00:02"), at(millis))),
                millis);
    }

    private Step read(String leader, long millis) {
        return read(leader, millis, millis);
    }

    private Step read(String leader, long asOfMillis, long millis) {
        Sighting sighting =
                new Sighting(
                        TRIGGER.key(),
                        Optional.of(leader),
                        Sighting.Origin.READ,
                        new Revision(1, revision),
                        revision,
                        0,
                        at(asOfMillis),
                        at(millis));
        return next(new Event.Seen(sighting), millis);
    }

    private Step next(Event event, long millis) {
        Step step = new Decision(VIP, TRIGGER, Rules.DEFAULT, state, at(millis)).about(event);
        state = step.state();
        return step;
    }

    private static Moment at(long millis) {
        return new Moment(0).plus(Duration.ofMillis(millis));
    }
}
