package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;
import static org.vipmanager.posix.FreshNetwork.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FreshNetwork;
import org.vipmanager.posix.RecordedLog;

import java.net.InetAddress;
import java.util.List;

/**
 * In a container /proc/sys is read-only, so promote_secondaries cannot be set: what becomes of the
 * host's addresses that have become secondary to ours. Needs root; touches nothing outside its
 * namespaces.
 */
@ExtendWith(FreshNetwork.class)
final class ReadOnlySettingsLiveIT {

    private static final String LATER = "address add 10.0.0.2/24 dev eth0 ";

    private static VirtualIp vip(String address) throws Exception {
        return new VirtualIp(InetAddress.getByName(address), 24, "eth0");
    }

    private static void container() throws Throwable {
        ethernet();
        for (String where : new String[] {"all", "eth0"}) {
            String file = "/proc/sys/net/ipv4/conf/" + where + "/promote_secondaries";
            run("sh", "-c", "echo 0 > " + file);
        }
        FreshNetwork.makeSettingsReadOnly();
    }

    private static String addresses() {
        return ip("-4 -o address show dev eth0");
    }

    /** Those of the host, but for what changes by itself: who is primary, and seconds that pass. */
    private static List<String> ofTheHost() {
        return addresses()
                .lines()
                .filter(line -> !line.contains("10.0.0.9"))
                .map(line -> line.replace(" secondary", "").replaceAll("\\b\\d+sec", "some sec"))
                .sorted()
                .toList();
    }

    /** All that an address can have is there again, and so is what depends on it. */
    @Test
    void hostsAddresses_areAsTheyWere_whenOursGoes() throws Throwable {
        container();
        try (RunningTable running = new RunningTable()) {
            VirtualIp vip = vip("10.0.0.9");
            running.put(vip, 60);
            ip(LATER + "brd 10.0.0.200 label eth0:own metric 77");
            ip("address add 10.0.0.3/24 dev eth0 noprefixroute");
            ip("address add 10.0.0.4 peer 10.0.0.77/24 dev eth0 valid_lft 3000 preferred_lft 2000");
            ip("route add default via 10.0.0.1 src 10.0.0.2");
            ip("route add 10.50.0.0/16 via 10.0.0.1 src 10.0.0.3");
            assertThat(addresses().lines().filter(line -> line.contains("secondary"))).hasSize(3);
            List<String> before = ofTheHost();
            assertThat(running.remove(vip)).isEmpty();
            assertThat(addresses()).doesNotContain("10.0.0.9");
            assertThat(ofTheHost()).isEqualTo(before);
            assertThat(ip("route"))
                    .contains("default via 10.0.0.1 dev eth0 src 10.0.0.2")
                    .contains("10.50.0.0/16 via 10.0.0.1 dev eth0 src 10.0.0.3")
                    .contains("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2");
        }
    }

    @Test
    void oneWarning_namesTheConsequenceAndTheRemedy_howeverOftenItIsRenewed() throws Throwable {
        container();
        try (RecordedLog log = RecordedLog.of("org.vipmanager.netlink");
                RunningTable running = new RunningTable()) {
            VirtualIp vip = vip("10.0.0.9");
            running.put(vip, 60);
            ip(LATER);
            running.put(vip, 60);
            running.put(vip, 60);
            running.remove(vip);
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst())
                    .contains("on eth0 other addresses are secondary to a virtual one")
                    .contains("Read-only file system")
                    .contains("set net.ipv4.conf.all.promote_secondaries=1")
                    .doesNotContain("has been set");
        }
    }

    /** What cannot be removed has taken nothing along. */
    @Test
    void refusedRemoval_leavesTheHostsAddressAsItIs() throws Throwable {
        container();
        FaultyKernel kernel = new FaultyKernel();
        try (RunningTable running = new RunningTable(kernel)) {
            VirtualIp vip = vip("10.0.0.9");
            running.put(vip, 60);
            ip(LATER);
            kernel.refusesRemovals = true;
            assertThat(running.remove(vip)).isPresent();
            kernel.refusesRemovals = false;
            assertThat(addresses()).contains("10.0.0.9/24").contains("10.0.0.2/24");
            assertThat(running.remove(vip)).isEmpty();
            assertThat(addresses()).contains("10.0.0.2/24").doesNotContain("10.0.0.9");
        }
    }
}
