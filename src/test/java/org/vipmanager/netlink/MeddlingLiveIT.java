package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.time.Duration;

/**
 * Others remove the address, bring it back or change its lifetime, some of it in between what is
 * read and what is put. Needs root; touches nothing outside its namespaces.
 */
final class MeddlingLiveIT extends TableOnFreshNetwork {

    private final FaultyKernel kernel = new FaultyKernel();

    @Override
    void start() throws Exception {
        running = new RunningTable(kernel);
    }

    private static PutResult.Done done(PutResult result) {
        assertThat(result).isInstanceOf(PutResult.Done.class);
        return (PutResult.Done) result;
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.9, 24", "2001:db8::9, 64"})
    void put_tellsWhetherItCreatedTheAddress(String address, int prefixLength) throws Exception {
        ethernet();
        VirtualIp vip = vip(address, prefixLength);
        watch(vip);
        assertThat(done(running.put(vip, 10)).created()).as("first").isTrue();
        assertThat(done(running.put(vip, 10)).created()).as("renewed").isFalse();
        kernel.beforePut(() -> ip("address del " + vip.cidr() + " dev eth0"));
        assertThat(done(running.put(vip, 10)).created()).as("removed before").isTrue();
        assertThat(done(running.put(vip, 10)).created()).as("renewed again").isFalse();
        assertThat(running.otherEvents()).isEmpty();
    }

    @Test
    void removedAndPutAgainByOthers_isToldToBeBack() throws Exception {
        ethernet();
        hold(V4);
        running.onLoop(
                () -> {
                    ip("address del 10.0.0.9/24 dev eth0");
                    return ip("address add 10.0.0.9/24 dev eth0 valid_lft 9 preferred_lft 0");
                });
        assertThat(running.nextEvent()).isEqualTo("returned");
        assertThat(running.otherEvents()).isEmpty();
    }

    /** Nobody else hears of the put that a neighbour's arrival causes. */
    @Test
    void changeOfForm_thatBringsBackWhatOthersRemoved_isTold() throws Exception {
        ethernet();
        hold(V6);
        kernel.beforePut(() -> ip("address del 2001:db8::9/64 dev eth0"));
        ip("address add 2001:db8::1/64 dev eth0 nodad");
        assertThat(running.nextEvent()).isEqualTo("returned");
        assertThat(ip("-o address show dev eth0")).contains("2001:db8::9/64");
        assertThat(running.otherEvents()).isEmpty();
    }

    @Test
    void lifetimeThatOthersLengthen_isTold_andAShorterOneIsNot() throws Exception {
        ethernet();
        hold(V4);
        ip("address change 10.0.0.9/24 dev eth0 valid_lft 5 preferred_lft 0");
        assertThat(running.otherEvents()).isEmpty();
        ip("address change 10.0.0.9/24 dev eth0 valid_lft 86400 preferred_lft 0");
        assertThat(running.nextEvent()).isEqualTo("appeared for a time");
        running.put(V4, 10);
        assertThat(ip("address show dev eth0")).contains("valid_lft 10sec");
        assertThat(running.otherEvents()).isEmpty();
    }

    /** It may have come and gone meanwhile, and be missed by whoever uses it. */
    @Test
    void lostNotifications_anAddressThatIsThere_isToldToBeBack() throws Exception {
        ethernet();
        hold(V4);
        running.onLoop(
                () -> {
                    kernel.losesNotification = true;
                    ip("link set eth0 down");
                    return ip("link set eth0 up");
                });
        assertThat(running.nextEvent()).isEqualTo("returned");
    }

    /** The request is with the kernel all that time: others wait for the same lock. */
    @Test
    void slowKernel_isTold_andNoStandstill() throws Exception {
        ethernet();
        start();
        running.loop.execute(() -> running.loop.onWake(() -> running.events.add("woke")));
        running.watch(V4);
        running.put(V4, 60);
        kernel.beforePut(() -> sleep(Duration.ofMillis(2500)));
        PutResult.Done slow = done(running.put(V4, 60));
        assertThat(slow.kernelTook()).isGreaterThan(Duration.ofMillis(2400));
        assertThat(slow.created()).isFalse();
        assertThat(running.otherEvents()).isEmpty();
        running.onLoop(
                () -> {
                    sleep(Duration.ofMillis(2500));
                    return true;
                });
        assertThat(running.nextEvent()).as("a standstill of its own").isEqualTo("woke");
    }

    /** A fault of the kernel that is here exactly so long; nothing is awaited. */
    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Others change things faster than that can be read. */
    @Test
    void floodOfNotifications_leavesTimeForOtherTasks() throws Exception {
        ethernet();
        hold(V4, 60);
        kernel.repeatsNotifications = true;
        assertTimeIsLeftForOthers();
        kernel.repeatsNotifications = false;
    }

    /** Reading everything ends, and is tried again later. */
    @Test
    void notificationsThatAreLostWithoutEnd_leaveTimeForOtherTasks() throws Exception {
        ethernet();
        hold(V4, 60);
        kernel.losesEveryNotification = true;
        assertTimeIsLeftForOthers();
        kernel.losesEveryNotification = false;
        assertEverythingIsHeardAgain();
    }

    @Test
    void listWithoutEnd_isGivenUp() throws Exception {
        ethernet();
        hold(V4, 60);
        kernel.listsWithoutEnd = true;
        kernel.losesNotification = true;
        ip("address add 10.9.9.9/32 dev eth0");
        assertThat(running.onLoop(() -> true)).isTrue();
        assertThat(running.remove(V4)).isEmpty();
        kernel.listsWithoutEnd = false;
        assertEverythingIsHeardAgain();
    }

    private void assertTimeIsLeftForOthers() {
        ip("address add 10.9.9.9/32 dev eth0");
        assertThat(running.onLoop(() -> true)).isTrue();
        assertThat(done(running.put(V4, 60)).seconds()).isEqualTo(60);
        assertThat(running.remove(V4)).isEmpty();
    }

    private void assertEverythingIsHeardAgain() throws Exception {
        running.otherEvents();
        ip("address add 10.0.0.9/24 dev eth0");
        assertThat(running.nextEvent()).isEqualTo("appeared for ever");
    }
}
