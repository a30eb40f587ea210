package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** How the network learns where the address is now. */
@Isolated
final class AnnouncementLiveIT {

    private static final Duration TOLERANCE = Duration.ofMillis(60);

    /**
     * A client whose neighbour cache is warm does not get the first announcement, which is lost on
     * the wire: an ARP request and reply, or a neighbour advertisement. The second one reaches it.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void firstAnnouncementIsLost(boolean ipv6) throws InterruptedException {
        InetAddress vip = ipv6 ? Lab.VIP6 : Lab.VIP;
        String scenario = "first announcement lost, IPv" + (ipv6 ? 6 : 4);
        try (Lab lab = Lab.open(scenario, 2, 1, vip)) {
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1), "--announce-count=3");
            lab.daemon(lab.host(2), "--announce-count=3");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(1));
            Samples outages = new Samples();
            for (int i = 0; i < 5; i++) {
                Host to = lab.host(2 - i % 2);
                loseFirst(lab.client().host(), ipv6);
                long before = System.nanoTime();
                lab.leaderKey().name(to);
                lab.holders().awaitServing(to, Duration.ofSeconds(2));
                outages.add(lab.client().longestGap(before, System.nanoTime()));
                Thread.sleep(Duration.ofSeconds(1));
            }
            Results.add(scenario, "client's outage: " + outages);
            assertThat(outages.median()).isBetween(Duration.ofMillis(80), Duration.ofMillis(150));
        }
    }

    /** Of the frames that announce it the next so many bytes vanish before the client sees them. */
    private static void loseFirst(Host client, boolean ipv6) {
        String announcement =
                ipv6
                        ? "icmpv6 type nd-neighbor-advert quota until 100 bytes"
                        : "arp saddr ip 10.0.0.99 arp daddr ip 10.0.0.99 quota until 60 bytes";
        Command.run(
                """
                table netdev wire
                delete table netdev wire
                table netdev wire {
                    chain in {
                        type filter hook ingress device eth0 priority 0
                        %s drop
                    }
                }
                """
                        .formatted(announcement),
                client.namespace().command("nft", "-f", "-"));
    }

    /**
     * IPv4 is announced by pairs of request and reply at 0, 100 and 300 ms, 1, 2 and 4 s; IPv6 by
     * no more than three advertisements, as RFC 4861 has it; both again at the refresh.
     */
    @Test
    void schedule() throws InterruptedException {
        try (Lab lab = Lab.open("announcements");
                AnnouncementWatch seen = new AnnouncementWatch(lab.client().host())) {
            lab.leaderKey().name(lab.host(2));
            String own = "announce-refresh: 5s\nvips: [{ip: \"fd00::99\", netmask: 64}]\n";
            Daemon daemon = lab.daemon(lab.host(1), lab.settings(lab.host(1), own));
            lab.awaitLog(daemon, "this host waits for \"pg1\"");
            // Before the write: the first frame is often here before the answer to who wrote.
            long before = System.nanoTime();
            lab.leaderKey().name(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
            await().atMost(Duration.ofSeconds(12))
                    .until(() -> seen.since(Lab.VIP, before).size() >= 14);
            expect(seen.since(Lab.VIP, before), 2, 0, 100, 300, 1000, 2000, 4000, 9000);
            expect(seen.since(Lab.VIP6, before), 1, 0, 100, 300, 5300);
        }
    }

    private static void expect(List<AnnouncementWatch.Frame> frames, int each, int... millis) {
        long first = frames.getFirst().atNanos();
        assertThat(frames.size()).isGreaterThanOrEqualTo(millis.length * each);
        for (int i = 0; i < millis.length; i++) {
            Duration at = Duration.ofNanos(frames.get(i * each).atNanos() - first);
            assertThat(at.minusMillis(millis[i])).isBetween(TOLERANCE.negated(), TOLERANCE);
            if (each == 2) {
                assertThat(frames.get(i * each).kind()).isEqualTo("request");
                assertThat(frames.get(i * each + 1).kind()).isEqualTo("reply");
            }
        }
    }
}
