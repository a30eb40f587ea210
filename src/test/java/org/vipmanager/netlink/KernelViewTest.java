package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;

final class KernelViewTest {

    private static final Moment NOW = new Moment(0);

    private final KernelView view = new KernelView();
    private final InetAddress ours = InetAddress.ofLiteral("10.0.0.9");
    private final InetAddress hosts = InetAddress.ofLiteral("10.0.0.2");
    private final Subnet subnet = Subnet.of(ours, 24);

    @BeforeEach
    void oneInterface() {
        view.putLink(link(3, "eth0"));
    }

    private static LinkMessage link(int index, String name) {
        return new LinkMessage(index, name, 0x10001, "a", Set.of());
    }

    private static AddressMessage message(InetAddress address, int prefixLength, int flags) {
        return new AddressMessage(3, address, address, prefixLength, flags, 0, 0, 10, 0);
    }

    @Test
    void others_areThoseThatAreNotOurs() {
        view.becomeOurs(ours);
        assertThat(view.putAddress(message(ours, 24, 0), NOW)).isTrue();
        assertThat(view.putAddress(message(ours, 24, 0), NOW)).isFalse();
        assertThat(view.subnet(3, subnet).hasOthers()).isFalse();
        assertThat(view.othersWereThere("eth0", subnet)).isFalse();
        assertThat(view.putAddress(message(hosts, 24, AddressMessage.SECONDARY), NOW)).isTrue();
        assertThat(view.subnet(3, subnet).primary()).isEqualTo(ours);
        assertThat(view.removeAddress(message(hosts, 24, 0))).isTrue();
        assertThat(view.subnet(3, subnet).hasOthers()).isFalse();
        assertThat(view.othersWereThere("eth0", subnet)).isTrue();
    }

    @Test
    void addressWithAnotherMask_isInAnotherSubnet() {
        view.putAddress(message(hosts, 16, 0), NOW);
        assertThat(view.subnet(3, subnet).hasOthers()).isFalse();
        assertThat(view.othersWereThere("eth0", subnet)).isFalse();
    }

    @Test
    void addressThatWasSeenBeforeItBecameOurs_isNobodyElses() {
        view.putAddress(message(ours, 24, 0), NOW);
        assertThat(view.subnet(3, subnet).hasOthers()).isTrue();
        view.becomeOurs(ours);
        assertThat(view.subnet(3, subnet).hasOthers()).isFalse();
        assertThat(view.othersWereThere("eth0", subnet)).isFalse();
        view.becomeTheirs(ours);
        assertThat(view.subnet(3, subnet).hasOthers()).isTrue();
    }

    @Test
    void promotedAddress_isThePrimary() {
        view.becomeOurs(ours);
        view.putAddress(message(hosts, 24, 0), NOW);
        view.putAddress(message(ours, 24, AddressMessage.SECONDARY), NOW);
        assertThat(view.subnet(3, subnet).primary()).isEqualTo(hosts);
        view.removeAddress(message(hosts, 24, 0));
        assertThat(view.subnet(3, subnet).primary()).isNull();
        view.putAddress(message(ours, 24, 0), NOW);
        assertThat(view.subnet(3, subnet).primary()).isEqualTo(ours);
    }

    @Test
    void memoryOfOthers_outlivesTheInterface() {
        view.putAddress(message(hosts, 24, 0), NOW);
        assertThat(view.removeLink(3)).containsExactly(hosts);
        view.putLink(link(4, "eth0"));
        assertThat(view.link("eth0").index()).isEqualTo(4);
        assertThat(view.othersWereThere("eth0", subnet)).isTrue();
        assertThat(view.subnet(4, subnet).hasOthers()).isFalse();
    }

    /** The kernel may tell of the new bearer of a name before the old one's new name. */
    @Test
    void name_goesToItsNextBearer_inEitherOrder() {
        view.putLink(link(4, "eth0"));
        view.putLink(link(3, "lan0"));
        assertThat(view.link("eth0").index()).isEqualTo(4);
        assertThat(view.link("lan0").index()).isEqualTo(3);
        view.putLink(link(4, "wan0"));
        assertThat(view.link("eth0")).isNull();
    }

    @Test
    void lifetime_countsFromWhenItWasRead() {
        view.putAddress(message(ours, 24, 0), NOW);
        ObservedAddress found = view.address(3, ours, 24);
        assertThat(found.asFoundAt(NOW.plus(Duration.ofSeconds(4))).validFor())
                .contains(Duration.ofSeconds(6));
        assertThat(found.asFoundAt(NOW.plus(Duration.ofSeconds(40))).validFor())
                .contains(Duration.ZERO);
        assertThat(view.address(3, ours, 32)).isNull();
    }
}
