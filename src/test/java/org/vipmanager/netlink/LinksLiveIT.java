package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.HardwareAddresses;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FreshNetwork;

import java.net.InetAddress;
import java.util.List;

/**
 * What is told when interfaces come, go and change. Needs root; touches nothing outside its
 * namespaces.
 */
final class LinksLiveIT extends TableOnFreshNetwork {

    private void holdBoth() throws Exception {
        start();
        running.watch(V4, running.recorder("v4 "));
        running.watch(V6, running.recorder("v6 "));
        running.put(V4, 10);
        running.put(V6, 10);
    }

    private static String addresses(String name) {
        return ip("-o address show dev " + name);
    }

    private void assertLost() throws Exception {
        assertThat(running.nextEvent()).startsWith("lost: ");
        assertThat(running.nextEvent()).isEqualTo("gone with its interface");
    }

    private void assertReadyFor(VirtualIp vip) throws Exception {
        assertThat(running.nextEvent()).startsWith("ready: ");
        assertThat(running.put(vip, 10)).isInstanceOf(PutResult.Done.class);
    }

    @Test
    void interfaceAbsentAtStart_isWaitedFor() throws Exception {
        start();
        running.watch(V4);
        assertThat(running.put(V4, 10))
                .isEqualTo(
                        new PutResult.Failed(
                                "cannot put 10.0.0.9/24 on eth0: there is no interface of that"
                                        + " name"));
        assertThat(running.remove(V4)).isEmpty();
        assertThat(running.find(V4)).isEmpty();
        ethernet();
        assertReadyFor(V4);
    }

    @Test
    void deletedAndCreatedAgain() throws Exception {
        ethernet();
        hold(V4);
        ip("link del eth0");
        assertLost();
        assertThat(running.put(V4, 10)).isInstanceOf(PutResult.Failed.class);
        ethernet();
        assertReadyFor(V4);
        assertThat(addresses("eth0")).contains("10.0.0.9/24");
        assertThat(running.otherEvents()).isEmpty();
    }

    /** As udev gives them; longer than a name that an interface has of its own. */
    @Test
    void altname_isFoundAndFollowed_asItIsAddedRemovedAndMoved() throws Exception {
        ethernet();
        ip("link add other type veth peer name other-peer");
        ip("link set other up");
        ip("link set other-peer up");
        String altname = "database-network-of-this-host";
        start();
        VirtualIp vip = new VirtualIp(InetAddress.getByName("10.0.0.9"), 24, altname);
        running.watch(vip);
        assertThat(running.put(vip, 10)).isInstanceOf(PutResult.Failed.class);
        ip("link property add dev eth0 altname " + altname);
        assertReadyFor(vip);
        assertThat(addresses("eth0")).contains("10.0.0.9/24");
        assertThat(running.table.shortName(altname)).isEqualTo("eth0");
        assertThat(HostNetwork.hasInterface(running.libC, altname)).isTrue();

        ip("link property del dev eth0 altname " + altname);
        assertLost();
        assertThat(addresses("eth0")).doesNotContain("10.0.0.9");
        assertThat(HostNetwork.hasInterface(running.libC, altname)).isFalse();

        ip("link property add dev other altname " + altname);
        assertReadyFor(vip);
        assertThat(addresses("other")).contains("10.0.0.9/24");
        ip("address del 10.0.0.9/24 dev other");
        assertThat(running.nextEvent()).isEqualTo("gone");
        assertThat(running.otherEvents()).isEmpty();
    }

    /**
     * On an interface that is called otherwise now the address is out of reach, so it must not
     * stay.
     */
    @Test
    void renamedAwayAndBack() throws Exception {
        ethernet();
        hold(V4);
        ip("link set eth0 down");
        assertThat(running.nextEvent()).isEqualTo("lost: interface down");
        ip("link set eth0 name lan0");
        assertThat(running.nextEvent()).isEqualTo("gone with its interface");
        assertThat(running.otherEvents()).isEmpty();
        assertThat(addresses("lan0")).doesNotContain("10.0.0.9");
        ip("link set lan0 name eth0");
        ip("link set eth0 up");
        assertReadyFor(V4);
        assertThat(running.otherEvents()).isEmpty();
    }

    @Test
    void anotherTakesTheName() throws Exception {
        ethernet();
        ip("link add spare type veth peer name other");
        hold(V4);
        ip("link set eth0 down");
        ip("link set eth0 name lan0");
        ip("link set spare name eth0");
        ip("link set other up");
        ip("link set eth0 up");
        List<String> events = running.eventsUntil("ready: ");
        assertThat(events).anyMatch(event -> event.startsWith("gone"));
        assertThat(events.getLast()).startsWith("ready: ");
        assertThat(addresses("lan0")).doesNotContain("10.0.0.9");
        assertThat(running.put(V4, 10)).isInstanceOf(PutResult.Done.class);
        assertThat(addresses("eth0")).contains("10.0.0.9/24");
    }

    @Test
    void hardwareAddressChanged() throws Exception {
        ethernet();
        start();
        running.watch(V4);
        String before = hardwareAddress();
        ip("link set eth0 address 02:00:00:00:00:0b");
        assertThat(running.nextEvent())
                .isEqualTo("ready: hardware address changed to 02:00:00:00:00:0b");
        assertThat(isOwn("02:00:00:00:00:0b")).isTrue();
        assertThat(isOwn(before)).isTrue();
        assertThat(isOwn("02:00:00:00:00:0c")).isFalse();
    }

    private boolean isOwn(String address) {
        return running.onLoop(() -> running.table.isOwn(HardwareAddresses.of(address)));
    }

    private static String hardwareAddress() {
        return ip("-o link show eth0").replaceAll("(?s).*link/ether (\\S+).*", "$1");
    }

    @Test
    void downAndUp_takesIpv6AddressesAndKeepsIpv4() throws Exception {
        ethernet();
        holdBoth();
        ip("link set eth0 down");
        assertThat(List.of(running.nextEvent(), running.nextEvent(), running.nextEvent()))
                .containsExactly(
                        "v4 lost: interface down",
                        "v6 lost: interface down",
                        "v6 gone with its interface");
        ip("link set eth0 up");
        assertThat(List.of(running.nextEvent(), running.nextEvent()))
                .allMatch(event -> event.matches("v[46] ready: .*"));
        assertThat(running.put(V6, 10)).isInstanceOf(PutResult.Done.class);
        assertThat(running.otherEvents()).isEmpty();
    }

    /**
     * What is put on a link that is down is there when it comes up; its route with the next put.
     */
    @Test
    void putWhileDown_worksWhenUp() throws Exception {
        ethernet();
        ip("link set eth0 down");
        start();
        running.watch(V6);
        assertThat(running.put(V4, 10)).isInstanceOf(PutResult.Done.class);
        assertThat(running.put(V6, 10)).isInstanceOf(PutResult.Done.class);
        ip("link set eth0 up");
        assertThat(running.nextEvent()).startsWith("ready: ");
        running.put(V4, 10);
        running.put(V6, 10);
        assertThat(addresses("eth0")).contains("10.0.0.9/24").contains("2001:db8::9/64");
        assertThat(ip("route")).contains("10.0.0.0/24");
        assertThat(ip("-6 route")).contains("2001:db8::/64");
        assertThat(running.otherEvents()).isEmpty();
    }

    @Test
    void carrierLostAndReturned_removesNothing() throws Exception {
        ethernet();
        hold(V6);
        ip("link set wire down");
        assertThat(running.nextEvent()).isEqualTo("lost: no carrier");
        ip("link set wire up");
        assertThat(running.nextEvent()).isEqualTo("ready: carrier returned");
        assertThat(running.otherEvents()).isEmpty();
        assertThat(running.find(V6)).isPresent();
    }

    @Test
    void flush_isToldForEveryAddress() throws Exception {
        ethernet();
        holdBoth();
        ip("address flush dev eth0");
        assertThat(List.of(running.nextEvent(), running.nextEvent()))
                .containsExactlyInAnyOrder("v4 gone", "v6 gone");
        assertThat(running.otherEvents()).isEmpty();
    }

    @Test
    void movedToAnotherNamespaceAndBack() throws Exception {
        ethernet();
        Process elsewhere = new ProcessBuilder("unshare", "--net", "sleep", "60").start();
        Process here = new ProcessBuilder("sleep", "60").start();
        try {
            hold(V4);
            while (FreshNetwork.run("readlink", "/proc/" + elsewhere.pid() + "/ns/net")
                    .equals(FreshNetwork.run("readlink", "/proc/self/ns/net"))) {
                Thread.onSpinWait();
            }
            ip("link set eth0 netns " + elsewhere.pid());
            assertLost();
            FreshNetwork.run(
                    "nsenter",
                    "--target",
                    Long.toString(elsewhere.pid()),
                    "--net",
                    "ip",
                    "link",
                    "set",
                    "eth0",
                    "netns",
                    Long.toString(here.pid()));
            ip("link set eth0 up");
            assertReadyFor(V4);
            assertThat(addresses("eth0")).contains("10.0.0.9/24");
        } finally {
            elsewhere.destroy();
            here.destroy();
        }
    }

    /** A port that leaves its bridge is told with RTM_DELLINK too, but is not deleted. */
    @Test
    void leavingABridge_isNoDeletion() throws Exception {
        ethernet();
        ip("link add br0 type bridge");
        ip("link set eth0 master br0");
        hold(V4);
        ip("link set eth0 nomaster");
        assertThat(running.otherEvents()).isEmpty();
        assertThat(running.find(V4)).isPresent();
    }
}
