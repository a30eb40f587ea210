package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.at;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/** Which answers about a lease prove something. */
final class LeaseProofTest {

    private final Sighting key =
            MachineUnderTest.sighting(Sighting.Origin.READ, "pg1", 7, 3, 5, 1000);
    private final LeaseProof.Question question = new LeaseProof.Question(key, at(1000));

    @Test
    void proof_reachesFromTheQuestion_lessOnePercent() {
        assertThat(LeaseProof.weigh(question, answer(5, 20, 30, 2), key, 2))
                .contains(new LeaseProof("/leader", 3, 5, at(1000 + 19_800)));
    }

    @Test
    void proof_countsNoMoreThanWasGranted() {
        assertThat(LeaseProof.weigh(question, answer(5, 31, 30, 2), key, 2).orElseThrow().end())
                .isEqualTo(at(1000 + 29_700));
    }

    @Test
    void noProof_ofAnotherLeaseOrTerm_orOfALeaseThatIsOver() {
        assertThat(LeaseProof.weigh(question, answer(6, 20, 30, 2), key, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, 20, 30, 2), key, 3)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, 0, 30, 2), key, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, -1, 0, 2), key, 2)).isEmpty();
    }

    @Test
    void noProof_ofNonsense() {
        assertThat(LeaseProof.weigh(question, answer(5, 9_223_372_036L, 30, 2), key, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, 61, 30, 2), key, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, 60, 30, 2), key, 2)).isPresent();
    }

    @Test
    void noProof_withoutALaterReadOfTheSameKey() {
        LeaseProof.Answer answer = answer(5, 20, 30, 2);
        Sighting event = MachineUnderTest.sighting(Sighting.Origin.EVENT, "pg1", 7, 3, 5, 1000);
        Sighting earlier = MachineUnderTest.sighting(Sighting.Origin.READ, "pg1", 7, 3, 5, 999);
        Sighting rewritten = MachineUnderTest.sighting(Sighting.Origin.READ, "pg1", 8, 8, 5, 1000);
        Sighting absent =
                new Sighting(
                        "/leader",
                        Optional.empty(),
                        Sighting.Origin.READ,
                        new Revision(1, 7),
                        3,
                        5,
                        at(1000),
                        at(1000));
        assertThat(LeaseProof.weigh(question, answer, event, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer, earlier, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer, rewritten, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer, absent, 2)).isEmpty();
    }

    private static LeaseProof.Answer answer(long lease, long seconds, long granted, long term) {
        return new LeaseProof.Answer(
                lease, Duration.ofSeconds(seconds), Duration.ofSeconds(granted), term);
    }
}
