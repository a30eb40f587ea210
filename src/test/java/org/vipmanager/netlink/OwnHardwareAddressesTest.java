package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.Set;

final class OwnHardwareAddressesTest {

    private static final HardwareAddress A = new HardwareAddress(0xa);
    private static final HardwareAddress B = new HardwareAddress(0xb);
    private static final HardwareAddress PERMANENT = new HardwareAddress(0xc);
    private static final Moment START = new Moment(0);

    private final OwnHardwareAddresses own = new OwnHardwareAddresses();

    @Test
    void address_isOursWhileHeldAndFiveMinutesLonger() {
        own.update(3, Set.of(A, PERMANENT), START);
        assertThat(own.contains(A, START)).isTrue();
        assertThat(own.contains(B, START)).isFalse();
        Moment changed = START.plus(Duration.ofMinutes(10));
        own.update(3, Set.of(B, PERMANENT), changed);
        assertThat(own.contains(B, changed)).isTrue();
        assertThat(own.contains(A, changed.plus(Duration.ofMinutes(5)))).isTrue();
        assertThat(own.contains(A, changed.plus(Duration.ofSeconds(301)))).isFalse();
        assertThat(own.contains(PERMANENT, changed.plus(Duration.ofHours(1)))).isTrue();
    }

    @Test
    void addressOfTwoInterfaces_isOursUntilBothAreGone() {
        own.update(3, Set.of(A), START);
        own.update(4, Set.of(A), START);
        own.update(3, Set.of(), START);
        Moment later = START.plus(Duration.ofHours(1));
        assertThat(own.contains(A, later)).isTrue();
        own.update(4, Set.of(), START);
        assertThat(own.contains(A, later)).isFalse();
    }

    /** Its end was told while notifications were lost. */
    @Test
    void addressOfAnInterfaceThatIsNotListedAnyMore_isForgotten() {
        own.update(3, Set.of(A), START);
        own.update(4, Set.of(B), START);
        own.retain(Set.of(4), START);
        assertThat(own.contains(A, START)).isTrue();
        Moment later = START.plus(Duration.ofSeconds(301));
        assertThat(own.contains(A, later)).isFalse();
        assertThat(own.contains(B, later)).isTrue();
    }
}
