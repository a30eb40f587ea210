package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** What is noted of the kernel's messages, and what it comes to when it is told. */
final class WatchedAddressesTest {

    private static final int DOWN = 0;
    private static final int READY = 0x10001;
    private static final Moment NOW = new Moment(0);

    private final InterfaceTable table = new InterfaceTable();
    private final WatchedAddresses watched = new WatchedAddresses(table);
    private final InetAddress address = InetAddress.ofLiteral("10.0.0.9");
    private final VirtualIp vip = new VirtualIp(address, 24, "eth0");

    private void link(int index, String name, int flags) {
        watched.note(table.put(new LinkMessage(index, name, flags, "a", Set.of())));
    }

    private AddressMessage message() {
        return new AddressMessage(3, address, address, 24, 0, 0, 0, 10, 0);
    }

    private List<String> toldOfLinks() {
        return watched.takeChangedLinks().stream()
                .flatMap(changed -> changed.changesTo(table.link(changed.name)).stream())
                .map(WatchedInterfaceTest::told)
                .toList();
    }

    @Test
    void linkOfOurs_isComparedWithWhatWasTold() {
        watched.add(vip);
        link(3, "eth0", READY);
        assertThat(toldOfLinks()).containsExactly("ready: interface created");
        link(3, "eth0", DOWN);
        link(3, "eth0", READY);
        assertThat(toldOfLinks()).containsExactly("ready: link was lost for a moment");
        link(3, "eth0", READY);
        assertThat(toldOfLinks()).isEmpty();
    }

    @Test
    void linkThatIsThereBefore_isNotCreated() {
        link(3, "eth0", READY);
        watched.add(vip);
        link(3, "eth0", READY);
        assertThat(toldOfLinks()).isEmpty();
    }

    @Test
    void nameThatGoesToAnother_isToldWithBothNames() {
        link(3, "eth0", READY);
        link(4, "eth1", READY);
        watched.add(vip);
        link(3, "lan0", READY);
        link(4, "eth0", READY);
        assertThat(toldOfLinks())
                .containsExactly(
                        "lost: interface renamed to lan0", "ready: interface renamed from eth1");
    }

    @Test
    void whatIsAboutNoneOfOurs_isNotNoted() {
        watched.add(vip);
        watched.remove(vip);
        link(3, "eth0", READY);
        watched.note(table.put(message(), NOW));
        watched.note(new KernelChange.Everything());
        assertThat(watched.haveChanged()).isFalse();
    }

    @Test
    void addressThatComesBackBeforeItIsTold_wasGone() {
        WatchedAddress ours = watched.add(vip);
        link(3, "eth0", READY);
        watched.note(table.put(message(), NOW));
        assertThat(ours.wasGone).isFalse();
        ours.present = true;
        watched.note(table.remove(message()));
        assertThat(watched.anyIsGone()).isTrue();
        watched.note(table.put(message(), NOW));
        assertThat(watched.anyIsGone()).isFalse();
        assertThat(ours.wasGone).isTrue();
        assertThat(watched.takeChangedAddresses()).containsExactly(ours);
        assertThat(watched.takeChangedAddresses()).isEmpty();
    }

    @Test
    void afterALoss_everyAddressMayHaveBeenGone_andEveryLinkIsCompared() {
        link(3, "eth0", READY);
        WatchedAddress ours = watched.add(vip);
        watched.note(new KernelChange.Everything());
        table.reset();
        link(3, "eth0", READY);
        assertThat(ours.wasGone).isTrue();
        assertThat(toldOfLinks()).isEmpty();
        assertThat(watched.takeChangedSubnets()).hasSize(1);
    }

    /** The last one of an address takes with it that it is ours. */
    @Test
    void addressOnTwoInterfaces_isOursUntilBothAreRemoved() {
        VirtualIp other = new VirtualIp(address, 24, "eth1");
        watched.add(vip);
        watched.add(other);
        watched.remove(vip);
        assertThat(table.subnets().isOurs(address)).isTrue();
        watched.remove(other);
        assertThat(table.subnets().isOurs(address)).isFalse();
    }
}
