package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

/** What counts as an address: less than what the JDK reads, and never a name. */
final class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "10.1.2.3, 10.1.2.3",
        "255.255.255.255, 255.255.255.255",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "2001:DB8::0a, 2001:db8:0:0:0:0:0:a",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "64:ff9b::192.0.2.1, 64:ff9b:0:0:0:0:c000:201",
    })
    void address_isRead(String text, String shown) {
        assertThat(AddressText.parse(text)).map(InetAddress::getHostAddress).contains(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2.3",
                "1.2.3.4.",
                ".1.2.3.4",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.1000",
                "01.2.3.4",
                "1.2.3.00",
                "0x1.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4\n",
                "+1.2.3.4",
                "16909060",
                "\uff11.2.3.4",
                "\u0661.2.3.4",
                "localhost",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "fe80::1%1",
                "[::1]",
                "::ffff:192.0.2.1",
                "::ffff:c000:201",
                "::1.2.3",
                "::1\n",
            })
    void anythingElse_isNoAddress(String text) {
        assertThat(AddressText.parse(text)).isEmpty();
    }
}
