package org.vipmanager.arp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How many claims are passed on. */
final class ClaimRateTest {

    private static final HardwareAddress LEADER = new HardwareAddress(0x0200_0000_0001L);

    private final ClaimRate rate = new ClaimRate();

    @Test
    void oneClaimByAStationOfAnAddress_inATenthOfASecond() {
        assertThat(rate.allows(claim(1, LEADER), 0)).isTrue();
        assertThat(rate.allows(claim(1, LEADER), 99_999_999)).isFalse();
        assertThat(rate.allows(claim(1, LEADER), 100_000_000)).isTrue();
    }

    @Test
    void eachAddressIsHeardOf_howeverManyThereAre() {
        for (int address = 0; address < 5000; address++) {
            assertThat(rate.allows(claim(address, LEADER), 0)).isTrue();
        }
    }

    /** One that is claimed by stations without number takes nothing from the others. */
    @Test
    void stationsWithoutNumber_shareWhatIsThereForAll() {
        int allowed = 0;
        for (int station = 0; station < 100_000; station++) {
            HardwareAddress madeUp = new HardwareAddress(0x0600_0000_0000L + station);
            allowed += rate.allows(claim(station % 10, madeUp), 0) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(10 + 64);
        assertThat(rate.allows(claim(11, LEADER), 0)).isTrue();
    }

    private static HeardClaim claim(int address, HardwareAddress hardwareAddress) {
        byte[] bytes = {10, (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return new HeardClaim(
                    2, InetAddress.getByAddress(bytes), hardwareAddress, hardwareAddress);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
