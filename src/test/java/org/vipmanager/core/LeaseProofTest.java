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
    private static final Moment ANSWERED = at(1100);

    private final LeaseProof.Question question = new LeaseProof.Question(key, at(1000));

    @Test
    void proof_reachesFromTheQuestion_lessOnePercent() {
        LeaseProof proof =
                LeaseProof.weigh(question, answer(5, 20, 30, 2), ANSWERED, key, 2).orElseThrow();
        assertThat(proof.end()).isEqualTo(at(1000 + 19_800));
        assertThat(proof.key()).isEqualTo("/leader");
        assertThat(proof.modRevision()).isEqualTo(3);
        assertThat(proof.leaseId()).isEqualTo(5);
    }

    /** What has less than a second left proves that it is about to end. */
    @Test
    void proof_ofALeaseThatEndsNow() {
        LeaseProof proof =
                LeaseProof.weigh(question, answer(5, 0, 99, 2), ANSWERED, key, 2).orElseThrow();
        assertThat(proof.end()).isEqualTo(at(1000));
        assertThat(proof.latestEnd()).isBetween(at(1100 + 1010), at(1100 + 1011));
    }

    /** One second more, as etcd rounds down, and one percent: from the answer, not the question. */
    @Test
    void proof_disprovesWhatReachesBeyondTheLatestEnd() {
        LeaseProof proof =
                LeaseProof.weigh(question, answer(5, 98, 98, 2), ANSWERED, key, 2).orElseThrow();
        assertThat(proof.latestEnd()).isEqualTo(at(1100 + 100_000));
        assertThat(proof.disproves(at(1100 + 100_000))).isFalse();
        assertThat(proof.disproves(at(1100 + 100_001))).isTrue();
    }

    @Test
    void proof_ofALeaseForEver_disprovesNothing() {
        long centuries = 9_000_000_000L; // etcd's longest
        LeaseProof proof =
                LeaseProof.weigh(question, answer(5, centuries, centuries, 2), ANSWERED, key, 2)
                        .orElseThrow();
        assertThat(proof.latestEnd()).isEqualTo(Moment.NEVER);
        assertThat(proof.end()).isGreaterThan(at(1000));
    }

    @Test
    void proof_countsNoMoreThanWasGranted() {
        assertThat(
                        LeaseProof.weigh(question, answer(5, 31, 30, 2), ANSWERED, key, 2)
                                .orElseThrow()
                                .end())
                .isEqualTo(at(1000 + 29_700));
    }

    @Test
    void noProof_ofAnotherLeaseOrTerm_orOfALeaseThatIsOver() {
        assertThat(LeaseProof.weigh(question, answer(6, 20, 30, 2), ANSWERED, key, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, 20, 30, 2), ANSWERED, key, 3)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, -1, 0, 2), ANSWERED, key, 2)).isEmpty();
    }

    @Test
    void noProof_ofNonsense() {
        assertThat(LeaseProof.weigh(question, answer(5, 9_223_372_036L, 30, 2), ANSWERED, key, 2))
                .isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, 61, 30, 2), ANSWERED, key, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer(5, 60, 30, 2), ANSWERED, key, 2)).isPresent();
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
        assertThat(LeaseProof.weigh(question, answer, ANSWERED, event, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer, ANSWERED, earlier, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer, ANSWERED, rewritten, 2)).isEmpty();
        assertThat(LeaseProof.weigh(question, answer, ANSWERED, absent, 2)).isEmpty();
    }

    private static LeaseProof.Answer answer(long lease, long seconds, long granted, long term) {
        return new LeaseProof.Answer(
                lease, Duration.ofSeconds(seconds), Duration.ofSeconds(granted), term);
    }
}
