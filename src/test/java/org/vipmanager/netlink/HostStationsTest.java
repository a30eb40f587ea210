package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.Set;

final class HostStationsTest {

    private static final Moment START = new Moment(0);

    private final HostStations stations = new HostStations();

    @Test
    void address_isOursWhileHeldAndFiveMinutesLonger() {
        stations.update(3, Set.of("a", "permanent"), START);
        assertThat(stations.contains("a", START)).isTrue();
        assertThat(stations.contains("b", START)).isFalse();
        Moment changed = START.plus(Duration.ofMinutes(10));
        stations.update(3, Set.of("b", "permanent"), changed);
        assertThat(stations.contains("b", changed)).isTrue();
        assertThat(stations.contains("a", changed.plus(Duration.ofMinutes(5)))).isTrue();
        assertThat(stations.contains("a", changed.plus(Duration.ofSeconds(301)))).isFalse();
        assertThat(stations.contains("permanent", changed.plus(Duration.ofHours(1)))).isTrue();
    }

    @Test
    void addressOfTwoInterfaces_isOursUntilBothAreGone() {
        stations.update(3, Set.of("a"), START);
        stations.update(4, Set.of("a"), START);
        stations.update(3, Set.of(), START);
        Moment later = START.plus(Duration.ofHours(1));
        assertThat(stations.contains("a", later)).isTrue();
        stations.update(4, Set.of(), START);
        assertThat(stations.contains("a", later)).isFalse();
    }

    /** Its end was told while notifications were lost. */
    @Test
    void addressOfAnInterfaceThatIsNotListedAnyMore_isForgotten() {
        stations.update(3, Set.of("a"), START);
        stations.update(4, Set.of("b"), START);
        stations.retain(Set.of(4), START);
        assertThat(stations.contains("a", START)).isTrue();
        Moment later = START.plus(Duration.ofSeconds(301));
        assertThat(stations.contains("a", later)).isFalse();
        assertThat(stations.contains("b", later)).isTrue();
    }
}
