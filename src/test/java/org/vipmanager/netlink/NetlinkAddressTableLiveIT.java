package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FreshNetwork;

import java.net.InetAddress;
import java.time.Duration;

/**
 * Puts, removes and watches addresses of a real kernel. Needs root; touches nothing outside its
 * namespaces.
 */
@ExtendWith(FreshNetwork.class)
final class NetlinkAddressTableLiveIT {

    private static VirtualIp vip(String address, int prefixLength) throws Exception {
        return new VirtualIp(InetAddress.getByName(address), prefixLength, "eth0");
    }

    @Test
    void put_givesALifetimeAndTheConnectedRoute_whenAlone() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable()) {
            VirtualIp vip = vip("10.0.0.9", 24);
            assertThat(running.put(vip, 10)).isInstanceOf(PutResult.Done.class);
            assertThat(ip("-d address show dev eth0"))
                    .contains("inet 10.0.0.9/24")
                    .containsPattern(RunningTable.TEN_SECONDS + " preferred_lft 0sec");
            assertThat(ip("route")).contains("10.0.0.0/24 dev eth0");
            assertThat(running.find(vip).orElseThrow().validFor().orElseThrow())
                    .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
            assertThat(running.remove(vip)).isEmpty();
            assertThat(running.remove(vip)).isEmpty();
            assertThat(ip("address show dev eth0")).doesNotContain("10.0.0.9");
        }
    }

    @Test
    void put_givesALifetimeAndTheConnectedRoute_whenAloneInIpv6() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable()) {
            VirtualIp vip = vip("2001:db8::9", 64);
            assertThat(running.put(vip, 10)).isInstanceOf(PutResult.Done.class);
            assertThat(ip("-6 -d address show dev eth0"))
                    .contains("inet6 2001:db8::9/64")
                    .containsPattern(RunningTable.TEN_SECONDS + " preferred_lft 0sec")
                    .contains("nodad")
                    .doesNotContain("tentative 2001");
            assertThat(ip("-6 route")).contains("2001:db8::/64 dev eth0");
            assertThat(running.remove(vip)).isEmpty();
            assertThat(ip("-6 address show dev eth0")).doesNotContain("2001:db8::9");
        }
    }

    @Test
    void listener_isToldWhatOthersDoAndNothingThatWeDo() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable()) {
            VirtualIp vip = vip("10.0.0.9", 24);
            running.watch(vip);
            running.put(vip, 10);
            running.put(vip, 9);
            running.remove(vip);
            assertThat(running.otherEvents()).isEmpty();
            ip("address add 10.0.0.9/24 dev eth0");
            assertThat(running.nextEvent()).isEqualTo("appeared for ever");
            running.put(vip, 10);
            assertThat(ip("address show dev eth0")).containsPattern(RunningTable.TEN_SECONDS);
            ip("address replace 10.0.0.9/24 dev eth0");
            assertThat(running.nextEvent()).isEqualTo("appeared for ever");
            running.put(vip, 10);
            assertThat(ip("address show dev eth0")).containsPattern(RunningTable.TEN_SECONDS);
            ip("address del 10.0.0.9/24 dev eth0");
            assertThat(running.nextEvent()).isEqualTo("gone");
            assertThat(running.otherEvents()).isEmpty();
        }
    }
}
