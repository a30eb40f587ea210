package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;
import static org.vipmanager.posix.FreshNetwork.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.time.Duration;

/**
 * What becomes of the host's own addresses and routes when ours come and go, on a real kernel.
 * Needs root; touches nothing outside its namespaces.
 */
final class NeverSomebodysPrimaryLiveIT extends TableOnFreshNetwork {

    private static final String SETTING = "/proc/sys/net/ipv4/conf/eth0/promote_secondaries";

    private static final String ALONE = "10.0.0.9/24";
    private static final String SECONDARY = "10.0.0.9/24 scope global secondary";
    private static final String HOST_ROUTE = "10.0.0.9/32";

    private static void host(int promote) {
        ethernet();
        promote(promote);
        giveHostItsAddress();
    }

    private static void giveHostItsAddress() {
        ip("address add 10.0.0.2/24 dev eth0");
        ip("route replace default via 10.0.0.1 src 10.0.0.2");
    }

    private static void promote(int value) {
        run("sh", "-c", "echo " + value + " > " + SETTING);
    }

    private static String addresses() {
        return ip("-4 -o address show dev eth0");
    }

    private static void awaitAddress(String there, String gone) {
        await().untilAsserted(() -> assertThat(addresses()).contains(there).doesNotContain(gone));
    }

    private static void assertHostIntact() {
        assertThat(addresses()).contains("inet 10.0.0.2/24");
        assertThat(ip("route")).contains("default via 10.0.0.1").contains("src 10.0.0.2");
    }

    /**
     * The host has its own address; ours comes as its secondary and leaves it and its routes alone.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void hostsOwnAddress_isUntouched_whenOursComesAndGoes(int promote) throws Exception {
        host(promote);
        start();
        running.put(V4, 10);
        assertThat(addresses()).contains(SECONDARY);
        running.remove(V4);
        assertThat(addresses()).doesNotContain("10.0.0.9");
        assertHostIntact();
        running.watch(V4);
        running.put(V4, 1);
        assertThat(running.nextEvent()).isEqualTo("gone");
        assertHostIntact();
    }

    /**
     * Without promote_secondaries ours goes with the host's; it is back as /32 and harms nobody.
     */
    @Test
    void whenTheHostsAddressVanishes_oursIsPutAsHostRoute_andChangesBack() throws Exception {
        host(0);
        hold(V4);
        ip("address del 10.0.0.2/24 dev eth0");
        assertThat(running.nextEvent()).isEqualTo("gone");
        assertThat(running.put(V4, 10)).isInstanceOf(PutResult.Done.class);
        assertThat(addresses()).contains(HOST_ROUTE).doesNotContain(ALONE);
        RunningTable.letDecisionsGrowOld();
        giveHostItsAddress();
        awaitAddress(SECONDARY, HOST_ROUTE);
        assertHostIntact();
        running.remove(V4);
        assertHostIntact();
        assertThat(running.otherEvents()).isEmpty();
    }

    /**
     * With promote_secondaries ours stays and becomes the primary; it makes way before the host
     * returns.
     */
    @Test
    void whenOursIsPromoted_itBecomesAHostRoute_andChangesBack() throws Exception {
        host(1);
        hold(V4);
        RunningTable.letDecisionsGrowOld();
        ip("address del 10.0.0.2/24 dev eth0");
        awaitAddress(HOST_ROUTE, ALONE);
        giveHostItsAddress();
        awaitAddress(SECONDARY, HOST_ROUTE);
        running.remove(V4);
        assertHostIntact();
        assertThat(running.otherEvents()).isEmpty();
    }

    /** Whoever changes the form has not asked who leads. */
    @Test
    void changeOfForm_prolongsNothing_andHappensNotAtAllPastTheTimeToHold() throws Exception {
        host(1);
        start();
        running.watch(V4);
        running.put(V4, 5);
        Thread.sleep(2000); // some of its lifetime is to be over
        ip("address del 10.0.0.2/24 dev eth0");
        await().until(() -> addresses().contains(HOST_ROUTE));
        assertThat(running.find(V4).orElseThrow().validFor().orElseThrow())
                .isLessThanOrEqualTo(Duration.ofSeconds(3));
        Moment soon = running.clock.now().plus(Duration.ofMillis(1500));
        KernelLifetime shortly =
                new KernelLifetime(
                        soon.plus(Duration.ofSeconds(5)), soon, Duration.ofSeconds(5), soon);
        running.onLoop(() -> running.table.put(V4, shortly));
        await().until(() -> running.clock.now().isAfter(soon));
        RunningTable.letDecisionsGrowOld();
        giveHostItsAddress();
        assertThat(running.otherEvents()).isEmpty();
        assertThat(addresses()).contains(HOST_ROUTE).doesNotContain(ALONE);
    }

    /** The address was there first; the host's own comes later and would go with it. */
    @Test
    void anotherThatBecomesSecondaryToOurs_staysWhenOursGoes() throws Exception {
        ethernet();
        start();
        running.put(V4, 10);
        assertThat(addresses()).contains("10.0.0.9/24");
        ip("address add 10.0.0.2/24 dev eth0");
        assertThat(addresses()).contains("10.0.0.2/24 scope global secondary");
        await().until(() -> run("cat", SETTING).strip().equals("1"));
        running.put(V4, 10);
        assertThat(addresses()).contains("10.0.0.9/24").contains("10.0.0.2/24");
        running.remove(V4);
        assertThat(addresses()).contains("10.0.0.2/24").doesNotContain("secondary");
        assertThat(ip("route")).contains("10.0.0.0/24 dev eth0");
    }

    /** The same, but ours expires because nobody renews it. */
    @Test
    void anotherThatBecomesSecondaryToOurs_staysWhenOursExpires() throws Exception {
        ethernet();
        start();
        running.watch(V4);
        running.put(V4, 3);
        ip("address add 10.0.0.2/24 dev eth0");
        assertThat(running.nextEvent()).isEqualTo("gone");
        assertThat(addresses()).contains("10.0.0.2/24").doesNotContain("10.0.0.9");
    }

    /** One of ours brings the route; when it goes another takes over, and none goes with it. */
    @Test
    void severalOfOursAlone_doNotTakeEachOtherAlong() throws Exception {
        ethernet();
        start();
        VirtualIp second = vip("10.0.0.10", 24);
        VirtualIp third = vip("10.0.0.11", 24);
        running.watch(V4);
        running.watch(second);
        running.watch(third);
        running.put(V4, 10);
        running.put(second, 10);
        running.put(third, 10);
        assertThat(addresses()).contains("10.0.0.9/24", "10.0.0.10/32", "10.0.0.11/32");
        RunningTable.letDecisionsGrowOld();
        running.remove(V4);
        await().untilAsserted(
                        () ->
                                assertThat(addresses())
                                        .contains("10.0.0.10/24", "10.0.0.11/32")
                                        .doesNotContain("10.0.0.9/"));
        assertThat(ip("route")).contains("10.0.0.0/24 dev eth0");
        assertThat(running.otherEvents()).isEmpty();
    }

    /** What another program left: each other's secondaries. They stay what they are, and stay. */
    @Test
    void severalOfOursFoundAtStart_doNotTakeEachOtherAlong() throws Exception {
        ethernet();
        ip("address add 10.0.0.9/24 dev eth0");
        ip("address add 10.0.0.10/24 dev eth0");
        start();
        VirtualIp second = vip("10.0.0.10", 24);
        running.watch(V4);
        running.watch(second);
        running.put(V4, 10);
        running.put(second, 10);
        running.remove(V4);
        assertThat(addresses()).contains("10.0.0.10/24").doesNotContain("10.0.0.9/");
        assertThat(running.otherEvents()).isEmpty();
    }

    /**
     * Many of ours, promoted one after another when the host's address vanishes, make way at once.
     */
    @Test
    void manyOfOurs_makeWayWhenTheHostsAddressVanishes() throws Exception {
        host(1);
        start();
        for (int i = 0; i < 200; i++) {
            running.put(vip("10.0.0." + (i + 10), 24), 60);
        }
        RunningTable.letDecisionsGrowOld();
        ip("address del 10.0.0.2/24 dev eth0");
        await().until(() -> addresses().lines().filter(a -> a.contains("/32")).count() == 200);
        assertThat(addresses()).doesNotContain("/24");
        giveHostItsAddress();
        await().until(() -> addresses().lines().filter(a -> a.contains("/24")).count() == 201);
        assertThat(addresses()).doesNotContain("/32");
        assertHostIntact();
    }

    /** What the previous run left is ours, not somebody else's: alone it keeps its prefix. */
    @Test
    void addressFoundAtStart_countsAsOurs() throws Exception {
        ethernet();
        ip("address add 10.0.0.9/24 dev eth0");
        start();
        assertThat(running.find(V4).orElseThrow().isPermanent()).isTrue();
        running.put(V4, 10);
        assertThat(addresses()).contains("10.0.0.9/24").containsPattern(RunningTable.TEN_SECONDS);
        running.remove(V4);
        running.put(V4, 10);
        assertThat(addresses()).contains("10.0.0.9/24");
    }

    @Test
    void interfaceCreatedAgain_waitsForTheHostsAddressAsHostRoute() throws Exception {
        host(0);
        start();
        running.put(V4, 10);
        ip("link del eth0");
        ethernet();
        running.put(V4, 10);
        assertThat(addresses()).contains(HOST_ROUTE);
        RunningTable.letDecisionsGrowOld();
        giveHostItsAddress();
        awaitAddress(SECONDARY, HOST_ROUTE);
        running.remove(V4);
        assertHostIntact();
    }

    // IPv6: the route to the prefix is what can be harmed

    private static String prefixRoute() {
        return ip("-6 route show 2001:db8::/64 dev eth0");
    }

    @Test
    void ipv6RouteOfTheHost_keepsItsLifetime_whenOursComesAndGoes() throws Exception {
        ethernet();
        ip("address add 2001:db8::2/64 dev eth0 nodad valid_lft 3000 preferred_lft 3000");
        assertThat(prefixRoute()).contains("expires");
        start();
        running.put(V6, 10);
        assertThat(prefixRoute()).contains("expires 299");
        running.put(V6, 10);
        running.remove(V6);
        assertThat(prefixRoute()).contains("expires 299");
        running.watch(V6);
        running.put(V6, 1);
        assertThat(running.nextEvent()).isEqualTo("gone");
        assertThat(prefixRoute()).contains("expires 299");
    }

    /** The Go program leaves a permanent address, which shares the host's route. */
    @Test
    void ipv6RouteOfTheHost_staysForEver_whenAPermanentAddressIsAdopted() throws Exception {
        ethernet();
        ip("address add 2001:db8::2/64 dev eth0 nodad");
        ip("address add 2001:db8::9/64 dev eth0 nodad");
        start();
        running.put(V6, 10);
        assertThat(prefixRoute()).isNotEmpty().doesNotContain("expires");
        running.remove(V6);
        assertThat(prefixRoute()).isNotEmpty().doesNotContain("expires");
    }

    /** The kernel keeps the route for an address that was put without one of its own. */
    @Test
    void ipv6Route_isThere_whetherTheHostsAddressIsOrNot() throws Exception {
        ethernet();
        ip("address add 2001:db8::2/64 dev eth0 nodad");
        hold(V6);
        ip("address del 2001:db8::2/64 dev eth0");
        running.put(V6, 10);
        assertThat(prefixRoute()).isNotEmpty();
        ip("address add 2001:db8::2/64 dev eth0 nodad");
        running.put(V6, 10);
        running.remove(V6);
        assertThat(prefixRoute()).isNotEmpty().doesNotContain("expires");
        assertThat(running.otherEvents()).isEmpty();
    }

    @Test
    void ipv6AddressWithAnotherPrefixLength_makesWay() throws Exception {
        ethernet();
        ip("address add 2001:db8::9/128 dev eth0 nodad");
        start();
        assertThat(running.put(V6, 10)).isInstanceOf(PutResult.Done.class);
        assertThat(ip("-6 -o address show dev eth0"))
                .contains("2001:db8::9/64")
                .doesNotContain("/128");
    }

    /** The Go program leaves such a one when the old holder was still up. */
    @Test
    void ipv6AddressThatFailedDuplicateDetection_isPutAfresh() throws Exception {
        ethernet();
        ip("address add 2001:db8::9/64 dev wire nodad");
        ip("address add 2001:db8::9/64 dev eth0");
        await().untilAsserted(
                        () ->
                                assertThat(ip("-6 address show dev eth0 to 2001:db8::9"))
                                        .contains("dadfailed"));
        start();
        assertThat(running.put(V6, 10)).isInstanceOf(PutResult.Done.class);
        assertThat(ip("-6 address show dev eth0 to 2001:db8::9"))
                .containsPattern(RunningTable.TEN_SECONDS)
                .doesNotContain("dadfailed")
                .doesNotContain("tentative");
    }
}
