package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;

import java.net.InetAddress;
import java.util.Set;

/** The lines that {@code verbose} shows of the kernel's messages. */
final class KernelNewsTest {

    private static final int UP = 0x1;
    private static final int UP_WITH_CARRIER = 0x10001;

    private final KernelView view = new KernelView();
    private final InetAddress ours = InetAddress.ofLiteral("10.7.0.9");

    private static LinkMessage link(String name, int flags, String hardwareAddress) {
        return new LinkMessage(3, name, flags, hardwareAddress, Set.of());
    }

    private AddressMessage address(int seconds) {
        return new AddressMessage(3, ours, ours, 24, 0, 0, 0, seconds, 0);
    }

    @Test
    void address_appearsIsRenewedAndGoes() {
        assertThat(KernelNews.put(address(6), view))
                .isEqualTo("kernel: 10.7.0.9/24 on interface 3 appeared, valid for 6 s");
        view.putLink(link("eth0", UP_WITH_CARRIER, ""));
        assertThat(KernelNews.put(address(6), view))
                .isEqualTo("kernel: 10.7.0.9/24 on eth0 appeared, valid for 6 s");
        view.putAddress(address(6), new Moment(0));
        assertThat(KernelNews.put(address(AddressMessage.FOREVER), view))
                .isEqualTo("kernel: 10.7.0.9/24 on eth0 is valid for ever");
        assertThat(KernelNews.removed(address(6), view))
                .isEqualTo("kernel: 10.7.0.9/24 on eth0 is gone");
    }

    @Test
    void ipv6Address_isWrittenAsIpDoes() {
        InetAddress ipv6 = InetAddress.ofLiteral("2001:db8::9");
        AddressMessage message = new AddressMessage(3, ipv6, ipv6, 64, 0, 0, 0, 6, 0);
        assertThat(KernelNews.removed(message, view))
                .isEqualTo("kernel: 2001:db8::9/64 on interface 3 is gone");
    }

    @Test
    void link_appearsChangesAndGoes() {
        LinkMessage created = link("eth0", 0, "02:00:00:00:00:0a");
        assertThat(KernelNews.put(created, view))
                .isEqualTo(
                        "kernel: interface eth0 appeared and is down, hardware address"
                                + " 02:00:00:00:00:0a");
        view.putLink(created);
        assertThat(KernelNews.put(link("eth0", UP, ""), view))
                .isEqualTo("kernel: interface eth0 is up without a carrier");
        assertThat(KernelNews.put(link("lan0", UP_WITH_CARRIER, ""), view))
                .isEqualTo("kernel: interface lan0, until now eth0, is up");
        assertThat(KernelNews.removed(created)).isEqualTo("kernel: interface eth0 is gone");
    }
}
