package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.RecordedLog;

import java.util.List;

/**
 * The address is there with another prefix length than the configured one, as the Go program leaves
 * it. Needs root; touches nothing outside its namespaces.
 */
final class OtherPrefixLengthLiveIT extends TableOnFreshNetwork {

    private static String addresses() {
        return ip("-o address show dev eth0");
    }

    /** A follower must not keep it beside the true leader. */
    @ParameterizedTest
    @CsvSource({"10.0.0.9, 24, 8", "10.0.0.9, 24, 32", "2001:db8::9, 64, 48"})
    void anyForm_isFoundAsPermanent_andRemoved(String address, int configured, int left)
            throws Exception {
        ethernet();
        ip("address add " + address + "/" + left + " dev eth0");
        VirtualIp vip = vip(address, configured);
        watch(vip);
        assertThat(running.find(vip).orElseThrow().isPermanent()).isTrue();
        assertThat(running.remove(vip)).isEmpty();
        assertThat(addresses()).doesNotContain(address);
        assertThat(running.find(vip)).isEmpty();
        assertThat(running.otherEvents()).isEmpty();
    }

    /** What is asked before the DCS is: that nothing without a lifetime is left. */
    @ParameterizedTest
    @CsvSource({"10.0.0.9, 24, 8", "2001:db8::9, 64, 48"})
    void put_leavesTheConfiguredForm_withItsLifetime(String address, int configured, int left)
            throws Exception {
        ethernet();
        ip("address add " + address + "/" + left + " dev eth0");
        VirtualIp vip = vip(address, configured);
        watch(vip);
        assertThat(running.put(vip, 10)).isInstanceOf(PutResult.Done.class);
        assertThat(addresses())
                .contains(address + "/" + configured)
                .containsPattern(RunningTable.TEN_SECONDS)
                .doesNotContain(address + "/" + left);
    }

    /** Beside a form with a lifetime the permanent one decides how long the address stays. */
    @Test
    void formThatLastsLongest_isTheOneFound() throws Exception {
        ethernet();
        ip("address add 10.0.0.9/24 dev eth0 valid_lft 60 preferred_lft 0");
        ip("address add 10.0.0.9/8 dev eth0");
        start();
        assertThat(running.find(V4).orElseThrow().isPermanent()).isTrue();
    }

    @Test
    void formThatSomebodyAddsLater_hasAppeared() throws Exception {
        ethernet();
        watch(V4);
        ip("address add 10.0.0.9/16 dev eth0");
        assertThat(running.nextEvent()).isEqualTo("appeared for ever");
    }

    /** The kernel knows such a one by the other end's address as well. */
    @Test
    void pointToPointForm_isRemoved() throws Exception {
        ethernet();
        ip("address add 10.0.0.9 peer 10.1.0.1/32 dev eth0");
        watch(V4);
        assertThat(running.remove(V4)).isEmpty();
        assertThat(addresses()).doesNotContain("10.0.0.9");
    }

    /** Somebody may want it there: on lo, for direct server return. */
    @Test
    void otherInterface_keepsTheAddress_andOneLineTellsEachThing() throws Exception {
        ethernet();
        ip("address add 10.0.0.9/24 dev wire");
        ip("address add 10.0.0.9/8 dev eth0");
        List<String> lines;
        try (RecordedLog log = RecordedLog.of("org.vipmanager.netlink")) {
            hold(V4);
            running.remove(V4);
            lines = log.lines();
        }
        assertThat(ip("-o address show dev wire")).contains("10.0.0.9/24");
        assertThat(lines).hasSize(2);
        assertThat(lines).anyMatch(line -> line.startsWith("10.0.0.9/24 is on wire of this host"));
        assertThat(lines).anyMatch(line -> line.startsWith("10.0.0.9/8 is there"));
    }
}
