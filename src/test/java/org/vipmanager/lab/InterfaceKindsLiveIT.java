package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Addresses on interfaces of every kind that this kernel can make. */
@Execution(ExecutionMode.CONCURRENT)
final class InterfaceKindsLiveIT {

    /** How each is made; kinds that this kernel lacks are told as not run. */
    private static final Map<String, String> KINDS = kinds();

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("veth", "link add %s type veth peer name %s-peer");
        kinds.put("bridge", "link add %s type bridge");
        kinds.put("macvlan", "link add link eth0 name %s type macvlan");
        kinds.put("vxlan", "link add %s type vxlan id 7 dstport 4789 remote 10.0.0.50 dev eth0");
        kinds.put("tap", "tuntap add dev %s mode tap");
        kinds.put("vlan", "link add link eth0 name %s type vlan id 7");
        kinds.put("bond", "link add %s type bond");
        return kinds;
    }

    /**
     * A leader holds one address on each. They come when the interface is up and has carrier, and
     * are announced there by request and reply.
     */
    @Test
    void heldAndAnnouncedOnEach() throws InterruptedException {
        try (Lab lab = Lab.open("kinds of interfaces");
                AnnouncementWatch frames = new AnnouncementWatch(lab.host(1))) {
            Host host = lab.host(1);
            List<String> present = new ArrayList<>();
            List<String> absent = new ArrayList<>();
            StringBuilder vips = new StringBuilder("vips:\n");
            for (String kind : KINDS.keySet()) {
                (canBeMade(host, kind) ? present : absent).add(kind);
            }
            for (String kind : present) {
                vips.append("  - ip: %s%n    interface: %s0%n".formatted(address(kind), kind));
            }
            lab.leaderKey().name(host);
            lab.daemon(host, lab.settings(host, vips.toString()));
            lab.holders().awaitServing(host, Lab.START);
            for (String kind : present) {
                long before = System.nanoTime();
                bringUp(host, kind);
                InetAddress vip = InetAddress.ofLiteral(address(kind));
                await(kind + " is announced on")
                        .atMost(Lab.START)
                        .until(() -> frames.since(vip, before).size() >= 4);
                assertThat(frames.since(vip, before))
                        .extracting(AnnouncementWatch.Frame::kind)
                        .contains("request", "reply");
                assertThat(lab.timeline().firstHeld(host, vip, 0)).isPositive();
            }
            Results.add(
                    "kinds of interfaces",
                    "held and announced on %s; NOT RUN, as this kernel has none: %s"
                            .formatted(present, absent));
            assertThat(present).contains("bridge", "macvlan");
        }
    }

    /** All that is sent and heard for an address goes by the interface that has the altname. */
    @Test
    void byAnAltname_isAnnouncedAndDefended() throws InterruptedException {
        try (Lab lab = Lab.open("altname");
                AnnouncementWatch frames = new AnnouncementWatch(lab.client().host())) {
            Host host = lab.host(1);
            InetAddress vip = InetAddress.ofLiteral("10.0.0.98");
            host.namespace().ip("link property add dev eth0 altname network-of-the-database");
            lab.leaderKey().name(host);
            String vips = "vips: [{ip: 10.0.0.98, interface: network-of-the-database}]\n";
            Daemon daemon = lab.daemon(host, lab.settings(host, vips));
            await("announced").atMost(Lab.START).until(() -> frames.since(vip, 0).size() >= 2);
            assertThat(frames.since(vip, 0))
                    .extracting(AnnouncementWatch.Frame::kind)
                    .contains("request", "reply");

            try (Claimant _ = new Claimant(lab.host(2), vip, Duration.ofMillis(300))) {
                await("defended")
                        .atMost(Lab.START)
                        .until(
                                () ->
                                        daemon.log().stream()
                                                .anyMatch(
                                                        line -> line.contains("claims 10.0.0.98")));
            }
        }
    }

    private static String address(String kind) {
        return "10.20." + List.copyOf(KINDS.keySet()).indexOf(kind) + ".99";
    }

    private static boolean canBeMade(Host host, String kind) {
        try {
            host.namespace().ip(KINDS.get(kind).replace("%s", kind + "0"));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void bringUp(Host host, String kind) {
        host.namespace().ip("link set " + kind + "0 up");
        switch (kind) {
            case "veth" -> host.namespace().ip("link set veth0-peer up");
            case "tap" ->
                    host.namespace()
                            .call(
                                    () -> {
                                        Kernel.attachTap("tap0");
                                        return true;
                                    });
            case "bridge" ->
                    host.namespace()
                            .ip(
                                    "link add port0 type veth peer name port1",
                                    "link set port0 up master bridge0",
                                    "link set port1 up");
            default -> {}
        }
    }
}
