package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

final class PrintedAddressTest {

    /** The right column is what {@code ip -6 address} prints for the left one. */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.9, 10.0.0.9",
        "fd00:0:0:0:0:0:0:9, fd00::9",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "0:0:0:0:0:0:0:1, ::1",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8"
    })
    void text_isWhatPeopleSearchFor(String written, String text) {
        assertThat(PrintedAddress.of(InetAddress.ofLiteral(written))).isEqualTo(text);
        assertThat(PrintedAddress.read(text)).contains(InetAddress.ofLiteral(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.256", "fd00::9]", "[10.0.0.9]", "fd00::9/64"})
    void whatIsNoAddress_isNone(String written) {
        assertThat(PrintedAddress.read(written)).isEmpty();
    }

    @Test
    void bracketsOfAUrl_areDropped() {
        assertThat(PrintedAddress.read("[fd00::9]")).contains(InetAddress.ofLiteral("fd00::9"));
    }
}
