package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.netlink.protocol.NetlinkMessage;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Set;

final class InterfaceTableTest {

    private static final Moment NOW = new Moment(0);

    private final InterfaceTable table = new InterfaceTable();
    private final InetAddress ours = InetAddress.ofLiteral("10.0.0.9");
    private final InetAddress hosts = InetAddress.ofLiteral("10.0.0.2");
    private final Subnets.Subnet subnet = Subnets.Subnet.of(ours, 24);

    @BeforeEach
    void oneInterface() {
        table.put(link(3, "eth0"));
    }

    private static LinkMessage link(int index, String name) {
        return new LinkMessage(index, name, 0x10001, "a", Set.of());
    }

    private static AddressMessage message(InetAddress address, int prefixLength, int flags) {
        return new AddressMessage(3, address, address, prefixLength, flags, 0, 0, 10, 0);
    }

    /** Returns whether the subnet has other company now. */
    private boolean put(AddressMessage message, Moment at) {
        return ((KernelChange.Address) table.put(message, at)).hasOtherCompany();
    }

    private boolean remove(AddressMessage message) {
        return ((KernelChange.Address) table.remove(message)).hasOtherCompany();
    }

    /** Returns the addresses that went with it. */
    private List<InetAddress> deleted(LinkMessage link) {
        ByteBuffer payload = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        LinkMessage.encodeQuestion(payload, link.index());
        NetlinkMessage message =
                new NetlinkMessage(NetlinkMessage.DELETE_LINK, 0, 0, 0, payload.flip());
        return ((KernelChange.Link) table.apply(message, NOW).orElseThrow()).lost();
    }

    @Test
    void others_areThoseThatAreNotOurs() {
        table.subnets().becomeOurs(ours);
        assertThat(put(message(ours, 24, 0), NOW)).isTrue();
        assertThat(put(message(ours, 24, 0), NOW)).isFalse();
        assertThat(table.subnets().members(3, subnet).hasOthers()).isFalse();
        assertThat(table.subnets().othersWereThere("eth0", subnet)).isFalse();
        assertThat(put(message(hosts, 24, AddressMessage.SECONDARY), NOW)).isTrue();
        assertThat(table.subnets().members(3, subnet).isPrimary(ours)).isTrue();
        assertThat(remove(message(hosts, 24, 0))).isTrue();
        assertThat(table.subnets().members(3, subnet).hasOthers()).isFalse();
        assertThat(table.subnets().othersWereThere("eth0", subnet)).isTrue();
    }

    @Test
    void addressWithAnotherMask_isInAnotherSubnet() {
        put(message(hosts, 16, 0), NOW);
        assertThat(table.subnets().members(3, subnet).hasOthers()).isFalse();
        assertThat(table.subnets().othersWereThere("eth0", subnet)).isFalse();
    }

    @Test
    void addressThatWasSeenBeforeItBecameOurs_isNobodyElses() {
        put(message(ours, 24, 0), NOW);
        assertThat(table.subnets().members(3, subnet).hasOthers()).isTrue();
        table.subnets().becomeOurs(ours);
        assertThat(table.subnets().members(3, subnet).hasOthers()).isFalse();
        assertThat(table.subnets().othersWereThere("eth0", subnet)).isFalse();
        table.subnets().becomeTheirs(ours);
        assertThat(table.subnets().members(3, subnet).hasOthers()).isTrue();
    }

    @Test
    void promotedAddress_isThePrimary() {
        table.subnets().becomeOurs(ours);
        put(message(hosts, 24, 0), NOW);
        put(message(ours, 24, AddressMessage.SECONDARY), NOW);
        assertThat(table.subnets().members(3, subnet).isPrimary(hosts)).isTrue();
        remove(message(hosts, 24, 0));
        assertThat(table.subnets().members(3, subnet).isPrimary(hosts)).isFalse();
        assertThat(table.subnets().members(3, subnet).isPrimary(ours)).isFalse();
        put(message(ours, 24, 0), NOW);
        assertThat(table.subnets().members(3, subnet).isPrimary(ours)).isTrue();
    }

    @Test
    void memoryOfOthers_outlivesTheInterface() {
        put(message(hosts, 24, 0), NOW);
        assertThat(deleted(link(3, "eth0"))).containsExactly(hosts);
        table.put(link(4, "eth0"));
        assertThat(table.link("eth0").index()).isEqualTo(4);
        assertThat(table.subnets().othersWereThere("eth0", subnet)).isTrue();
        assertThat(table.subnets().members(4, subnet).hasOthers()).isFalse();
    }

    /** The kernel may tell of the new bearer of a name before the old one's new name. */
    @Test
    void name_goesToItsNextBearer_inEitherOrder() {
        table.put(link(4, "eth0"));
        table.put(link(3, "lan0"));
        assertThat(table.link("eth0").index()).isEqualTo(4);
        assertThat(table.link("lan0").index()).isEqualTo(3);
        table.put(link(4, "wan0"));
        assertThat(table.link("eth0")).isNull();
    }

    @Test
    void lifetime_countsFromWhenItWasRead() {
        put(message(ours, 24, 0), NOW);
        InterfaceTable.Entry found = table.address(3, ours, 24);
        assertThat(found.asFoundAt(NOW.plus(Duration.ofSeconds(4))).validFor())
                .contains(Duration.ofSeconds(6));
        assertThat(found.asFoundAt(NOW.plus(Duration.ofSeconds(40))).validFor())
                .contains(Duration.ZERO);
        assertThat(table.address(3, ours, 32)).isNull();
    }
}
