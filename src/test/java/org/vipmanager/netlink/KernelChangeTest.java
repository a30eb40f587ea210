package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** The lines that {@code verbose} shows of the kernel's messages. */
final class KernelChangeTest {

    private static final int UP = 0x1;
    private static final int UP_WITH_CARRIER = 0x10001;

    private final InterfaceTable table = new InterfaceTable();
    private final InetAddress ours = InetAddress.ofLiteral("10.7.0.9");

    private static LinkMessage link(String name, int flags, String hardwareAddress) {
        return new LinkMessage(3, name, flags, hardwareAddress, Set.of());
    }

    private AddressMessage address(int seconds) {
        return new AddressMessage(3, ours, ours, 24, 0, 0, 0, seconds, 0);
    }

    @Test
    void address_appearsIsRenewedAndGoes() {
        Moment now = new Moment(0);
        assertThat(table.put(address(6), now))
                .hasToString("kernel: 10.7.0.9/24 on interface 3 appeared, valid for 6 s");
        table.remove(address(6));
        table.put(link("eth0", UP_WITH_CARRIER, ""));
        assertThat(table.put(address(6), now))
                .hasToString("kernel: 10.7.0.9/24 on eth0 appeared, valid for 6 s");
        assertThat(table.put(address(AddressMessage.FOREVER), now))
                .hasToString("kernel: 10.7.0.9/24 on eth0 is valid for ever");
        assertThat(table.remove(address(6))).hasToString("kernel: 10.7.0.9/24 on eth0 is gone");
    }

    @Test
    void ipv6Address_isWrittenAsIpDoes() {
        InetAddress ipv6 = InetAddress.ofLiteral("2001:db8::9");
        AddressMessage message = new AddressMessage(3, ipv6, ipv6, 64, 0, 0, 0, 6, 0);
        assertThat(table.remove(message))
                .hasToString("kernel: 2001:db8::9/64 on interface 3 is gone");
    }

    @Test
    void link_appearsChangesAndGoes() {
        LinkMessage created = link("eth0", 0, "02:00:00:00:00:0a");
        assertThat(table.put(created))
                .hasToString(
                        "kernel: interface eth0 appeared and is down, hardware address"
                                + " 02:00:00:00:00:0a");
        assertThat(table.put(link("eth0", UP, "")))
                .hasToString("kernel: interface eth0 is up without a carrier");
        assertThat(table.put(link("lan0", UP_WITH_CARRIER, "")))
                .hasToString("kernel: interface lan0, until now eth0, is up");
        assertThat(new KernelChange.Link(null, created, true, List.of()))
                .hasToString("kernel: interface eth0 is gone");
    }
}
