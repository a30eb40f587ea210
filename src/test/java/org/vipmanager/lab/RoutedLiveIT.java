package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;

/**
 * The address is on the loopback interface, and a routing daemon beside vip-manager tells the
 * router where it is: docs/routed.md.
 */
@Execution(ExecutionMode.CONCURRENT)
final class RoutedLiveIT {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.9.9.9");
    private static final String ADDRESS6 = "fd09::9";
    private static final int FAILOVERS = 6;

    /** From the key to the router's route: BIRD tells of a change at once. */
    private static final Duration A_ROUTE = Duration.ofSeconds(10);

    /** As in docs/routed.md. */
    private static final String OF_A_HOST =
            """
            router id 10.0.0.%1$d;
            protocol device { }
            protocol direct { ipv4; ipv6; interface "lo"; }
            protocol bgp uplink {
                local 10.0.0.%1$d as 65000;
                neighbor 10.0.0.50 as 65000;
                direct;
                connect delay time 1;
                ipv4 { import none; export where net = 10.9.9.9/32; };
            }
            protocol bgp uplink6 {
                local fd00::%1$d as 65000;
                neighbor fd00::50 as 65000;
                direct;
                connect delay time 1;
                ipv6 { import none; export where net = fd09::9/128; };
            }
            """;

    private static final String OF_THE_ROUTER =
            """
            router id 10.0.0.50;
            protocol device { }
            protocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }
            template bgp host {
                local 10.0.0.50 as 65000;
                direct;
                connect delay time 1;
                ipv4 { import all; export none; };
            }
            protocol kernel { ipv6 { import none; export where source = RTS_BGP; }; }
            template bgp host6 {
                local fd00::50 as 65000;
                direct;
                connect delay time 1;
                ipv6 { import all; export none; };
            }
            protocol bgp pg16 from host6 { neighbor fd00::1 as 65000; }
            protocol bgp pg26 from host6 { neighbor fd00::2 as 65000; }
            protocol bgp pg1 from host { neighbor 10.0.0.1 as 65000; }
            protocol bgp pg2 from host { neighbor 10.0.0.2 as 65000; }
            """;

    /**
     * The leader key moves from host to host. The router's own routes to an IPv4 and an IPv6
     * address follow, a client behind it is served by the new leader, and nothing is ever announced
     * by ARP.
     */
    @Test
    void failover() throws InterruptedException {
        try (Lab lab = Lab.open("routed", 2, 1, ADDRESS);
                AnnouncementWatch frames = new AnnouncementWatch(lab.client().host());
                Bird router = Bird.start(lab, lab.client().host(), OF_THE_ROUTER);
                Bird bird1 = Bird.start(lab, lab.host(1), OF_A_HOST.formatted(1));
                Bird bird2 = Bird.start(lab, lab.host(2), OF_A_HOST.formatted(2))) {
            lab.leaderKey().name(lab.host(1));
            for (Host host : lab.hosts()) {
                host.namespace().sysctl("ipv4/conf/all/arp_ignore", "1");
                lab.daemon(
                        host,
                        lab.settings(
                                host,
                                "interface: lo\nnetmask: 32\nvips: [{ip: \"%s\", netmask: 128}]\n"
                                        .formatted(ADDRESS6)));
            }
            awaitServing(lab, lab.host(1), Lab.START);
            awaitRoute6(lab, lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(2));
            Samples held = new Samples();
            Samples outages = new Samples();
            Samples routed6 = new Samples();
            for (int i = 0; i < FAILOVERS; i++) {
                Host to = lab.host(2 - i % 2);
                long before = System.nanoTime();
                long written = lab.leaderKey().name(to);
                awaitRoute6(lab, to, A_ROUTE);
                routed6.add(Duration.ofNanos(System.nanoTime() - written));
                awaitServing(lab, to, A_ROUTE);
                long at = lab.timeline().firstHeld(to, ADDRESS, before);
                held.add(Duration.ofNanos(at - written));
                Thread.sleep(Duration.ofSeconds(1));
                outages.add(lab.client().longestGap(before, System.nanoTime()));
            }
            Results.add("routed by BIRD: address", held.toString());
            Results.add("routed by BIRD: client's outage", outages.toString());
            Results.add("routed by BIRD: the router's IPv6 route", routed6.toString());
            assertThat(frames.since(ADDRESS, 0)).isEmpty();
            assertThat(lab.daemons())
                    .flatMap(daemon -> Warnings.since(0, daemon))
                    .allMatch(line -> Warnings.isExplainedBy(lab.bystander(), line));
        }
    }

    /** Until the router sends what is for the IPv6 address to that host, and to no other. */
    private static void awaitRoute6(Lab lab, Host host, Duration atMost) {
        String router = lab.client().host().namespace().name();
        await("the router's IPv6 route leads to " + host)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () ->
                                Command.run("ip", "-n", router, "-6", "route", "show", ADDRESS6)
                                        .contains("via fd00::" + host.number() + " "));
    }

    private static void awaitServing(Lab lab, Host host, Duration atMost) {
        await(host + " serves")
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () ->
                                lab.timeline().holdersNow(ADDRESS).equals(Set.of(host.name()))
                                        && lab.client().answeredBy().equals(host.name()));
    }
}
