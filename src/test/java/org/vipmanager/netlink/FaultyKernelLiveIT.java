package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FreshNetwork;
import org.vipmanager.posix.RecordedLog;

import java.net.InetAddress;

/**
 * What is said and done while the kernel does not tell what it has, or refuses. Needs root; touches
 * nothing outside its namespaces.
 */
@ExtendWith(FreshNetwork.class)
final class FaultyKernelLiveIT {

    private final FaultyKernel kernel = new FaultyKernel();

    private static VirtualIp vip(String address, int prefixLength) throws Exception {
        return new VirtualIp(InetAddress.getByName(address), prefixLength, "eth0");
    }

    private static String addresses() {
        return ip("-o address show dev eth0");
    }

    /** Somebody changes something, the kernel cannot tell, and cannot tell what it has either. */
    private void loseSight() {
        kernel.refusesToList = true;
        kernel.losesNotification = true;
        ip("address add 10.9.9.9/32 dev eth0");
        await().until(() -> kernel.refusedLists.get() > 0);
    }

    /** As where containers come and go: nothing is held yet, so nothing is lost by waiting. */
    @Test
    void start_waitsForAKernelThatIsTooBusyToTell() throws Exception {
        ethernet();
        kernel.listsWithoutEnd = true;
        try (RecordedLog log = RecordedLog.of("org.vipmanager.netlink")) {
            Thread.ofPlatform()
                    .start(
                            () -> {
                                await().until(() -> log.lines().toString().contains("too busy"));
                                kernel.listsWithoutEnd = false;
                            });
            try (RunningTable running = new RunningTable(kernel)) {
                VirtualIp vip = vip("10.0.0.9", 24);
                assertThat(running.put(vip, 60)).isInstanceOf(PutResult.Done.class);
                assertThat(addresses()).contains("10.0.0.9");
            }
            assertThat(log.lines()).filteredOn(line -> line.contains("too busy")).hasSize(1);
        }
    }

    @Test
    void start_endsWhereTheKernelRefusesToTell() {
        ethernet();
        kernel.refusesToList = true;
        assertThatThrownBy(() -> new RunningTable(kernel)).hasMessageContaining("ENOBUFS");
    }

    /** A resync that failed must not look like an interface that was deleted. */
    @Test
    void lostNotificationsAndNoList_nothingIsGone_andTheAddressIsRemoved() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable(kernel)) {
            VirtualIp v4 = vip("10.0.0.9", 24);
            VirtualIp v6 = vip("2001:db8::9", 64);
            running.watch(v4);
            running.watch(v6);
            running.put(v4, 60);
            running.put(v6, 60);
            loseSight();
            assertThat(running.otherEvents()).isEmpty();
            assertThat(running.put(v4, 60)).isInstanceOf(PutResult.Done.class);
            assertThat(running.remove(v4)).isEmpty();
            assertThat(running.remove(v6)).isEmpty();
            assertThat(addresses()).doesNotContain("10.0.0.9").doesNotContain("2001:db8::9");
            assertThat(running.otherEvents()).isEmpty();
        }
    }

    /** What nobody told of is removed too: another prefix length, an interface created again. */
    @Test
    void lostNotificationsAndNoList_everyFormIsRemoved_whereverTheInterfaceIsNow()
            throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable(kernel)) {
            VirtualIp vip = vip("10.0.0.9", 24);
            running.watch(vip);
            running.put(vip, 60);
            loseSight();
            running.onLoop(
                    () -> {
                        kernel.losesNotification = true;
                        ip("link del eth0");
                        ethernet();
                        ip("address add 10.0.0.9/17 dev eth0");
                        ip("address add 10.0.0.9/24 dev eth0");
                        return running.table.find(vip); // reads, and loses all of it
                    });
            assertThat(running.remove(vip)).isEmpty();
            assertThat(addresses()).doesNotContain("10.0.0.9");
        }
    }

    @Test
    void remove_doesNotClaimSuccess_whenTheKernelTakesNoRequests() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable(kernel)) {
            VirtualIp vip = vip("10.0.0.9", 24);
            running.put(vip, 60);
            loseSight();
            kernel.refusesRequests = true;
            assertThat(running.remove(vip).orElse(""))
                    .contains("cannot remove")
                    .contains("ENOBUFS");
            kernel.refusesRequests = false;
            assertThat(running.remove(vip)).isEmpty();
            assertThat(addresses()).doesNotContain("10.0.0.9");
        }
    }

    /** Who is told that the address appeared removes it, and is told again, without end. */
    @Test
    void refusedRemoval_isNoAppearance_andItsEndByOthersIsTold() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable(kernel)) {
            VirtualIp vip = vip("10.0.0.9", 24);
            running.watch(vip);
            running.put(vip, 60);
            kernel.refusesRemovals = true;
            assertThat(running.remove(vip).orElse("")).contains("EPERM");
            assertThat(running.otherEvents()).isEmpty();
            assertThat(kernel.refusedRemovals).hasValue(1);
            ip("address del 10.0.0.9/24 dev eth0");
            assertThat(running.nextEvent()).isEqualTo("gone");
        }
    }

    /** Nobody asks for anything, and nothing more happens. */
    @Test
    void everythingIsReadAgain_asSoonAsTheKernelCan() throws Exception {
        ethernet();
        try (RunningTable running = new RunningTable(kernel)) {
            VirtualIp vip = vip("10.0.0.9", 24);
            running.watch(vip);
            running.put(vip, 60);
            kernel.refusesToList = true;
            kernel.losesNotification = true;
            ip("address del 10.0.0.9/24 dev eth0");
            await().until(() -> kernel.refusedLists.get() > 1);
            assertThat(running.otherEvents()).isEmpty();
            kernel.refusesToList = false;
            assertThat(running.nextEvent()).isEqualTo("gone");
            assertThat(running.otherEvents()).isEmpty();
        }
    }
}
