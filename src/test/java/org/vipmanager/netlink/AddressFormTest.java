package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;

/** The rule "never somebody's primary", case by case. */
final class AddressFormTest {

    @ParameterizedTest(name = "{0}/{1}, others there {2}, before {3}, ours {4}: /{5}, route {6}")
    @CsvSource({
        "10.0.0.9,    24, false, false, false, 24,  true", // alone: as the known program does
        "10.0.0.9,    24, false, false, true,  32,  true", // another of ours brings the route
        "10.0.0.9,    24, true,  true,  false, 24,  true", // another's address is primary
        "10.0.0.9,    24, true,  true,  true,  24,  true",
        "10.0.0.9,    24, true,  false, false, 24,  true",
        "10.0.0.9,    24, false, true,  false, 32,  true", // it has vanished and may return
        "10.0.0.9,    24, false, true,  true,  32,  true",
        "10.0.0.9,    32, false, true,  false, 32,  true",
        "2001:db8::9, 64, false, false, false, 64,  true",
        "2001:db8::9, 64, false, false, true,  64,  true",
        "2001:db8::9, 64, true,  true,  false, 64,  false", // the route is another's
        "2001:db8::9, 64, false, true,  false, 64,  true",
        "2001:db8::9, 128, true, true,  true,  128, false",
    })
    void rule(
            String address,
            int prefix,
            boolean there,
            boolean before,
            boolean ours,
            int put,
            boolean route)
            throws Exception {
        VirtualIp vip = new VirtualIp(InetAddress.getByName(address), prefix, "eth0");
        assertThat(AddressForm.of(vip, there, before, ours)).isEqualTo(new AddressForm(put, route));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.9, 24, 10.0.0.0",
        "10.1.2.3, 12, 10.0.0.0",
        "10.1.2.3, 32, 10.1.2.3",
        "10.1.2.3, 0, 0.0.0.0",
        "2001:db8:1:2:3::9, 64, 2001:db8:1:2::",
        "2001:db8::ff, 121, 2001:db8::80"
    })
    void subnet(String address, int prefixLength, String network) throws Exception {
        assertThat(Subnets.Subnet.of(InetAddress.getByName(address), prefixLength))
                .isEqualTo(new Subnets.Subnet(InetAddress.getByName(network), prefixLength));
    }
}
