package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.at;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

/** What is newer than what, after revision 10 of cluster 1 arrived at 1000 ms. */
final class SightingOrderTest {

    private static final SightingOrder ORDER =
            SightingOrder.EMPTY.with(sighting(Sighting.Origin.READ, 1, 10, 990, 1000));

    @ParameterizedTest
    @CsvSource({
        "READ,  1, 11,  900, ACT",
        "READ,  1, 10,  900, ACT",
        "READ,  1,  9, 1000, DROP",
        "READ,  1,  9, 1001, STORE_RESTORED",
        "READ,  2, 11, 1000, DROP",
        "READ,  2, 11, 1001, STORE_RESTORED",
        "EVENT, 1, 11,  900, ACT",
        "EVENT, 1, 10, 1001, DROP",
        "EVENT, 1,  9, 1001, DROP",
        "EVENT, 2, 11, 1001, DROP",
    })
    void judges(
            Sighting.Origin origin,
            long cluster,
            long revision,
            long asOf,
            SightingOrder.Verdict verdict) {
        assertThat(ORDER.judge(sighting(origin, cluster, revision, asOf, asOf))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"READ", "EVENT"})
    void theFirstSightingCounts(Sighting.Origin origin) {
        assertThat(SightingOrder.EMPTY.judge(sighting(origin, 1, 1, 0, 0)))
                .isEqualTo(SightingOrder.Verdict.ACT);
    }

    @ParameterizedTest
    @CsvSource({"10, 1000", "11, 2000"})
    void theArrivalOfARevisionIsItsFirst(long revision, long receivedAt) {
        Sighting again = sighting(Sighting.Origin.READ, 1, revision, 1990, 2000);
        assertThat(ORDER.with(again).greatest().orElseThrow().receivedAt())
                .isEqualTo(at(receivedAt));
    }

    private static Sighting sighting(
            Sighting.Origin origin, long cluster, long revision, long asOf, long receivedAt) {
        return new Sighting(
                "/leader",
                Optional.of("pg1"),
                origin,
                new Revision(cluster, revision),
                revision,
                0,
                at(asOf),
                at(receivedAt));
    }
}
