package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** How the network learns where the address is now. */
@ResourceLock(Results.FIGURES)
final class AnnouncementLiveIT {

    /** Two threads tell of frames and of answers, either a moment late. */
    private static final Duration A_MOMENT = Duration.ofMillis(5);

    private static final Duration BLOCKED = Duration.ofSeconds(9);

    /** On a busy machine. */
    private static final Duration LATE = Duration.ofSeconds(5);

    /**
     * A client whose neighbour cache is warm does not get the first announcement, which is lost on
     * the wire: an ARP request and reply, or a neighbour advertisement. The second one reaches it,
     * and it is served.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void firstAnnouncementIsLost(boolean ipv6) throws InterruptedException {
        InetAddress vip = ipv6 ? Lab.VIP6 : Lab.VIP;
        String scenario = "first announcement lost, IPv" + (ipv6 ? 6 : 4);
        try (Lab lab = Lab.open(scenario, 2, 1, vip);
                AnnouncementWatch frames = new AnnouncementWatch(lab.client().host())) {
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1), "--announce-count=3", "--announce-refresh=0");
            lab.daemon(lab.host(2), "--announce-count=3", "--announce-refresh=0");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(1));
            Samples outages = new Samples();
            for (int i = 0; i < 5; i++) {
                Host to = lab.host(2 - i % 2);
                loseFirst(lab.client().host(), ipv6);
                long before = System.nanoTime();
                lab.leaderKey().name(to);
                lab.holders().awaitServing(to, Lab.AT_ONCE);
                outages.add(lab.client().longestGap(before, System.nanoTime()));
                await().until(() -> frames.times(vip, before).size() >= 2);
                assertThat(firstAnswer(lab, to, before))
                        .as("served after the second announcement")
                        .isGreaterThan(frames.times(vip, before).get(1) - A_MOMENT.toNanos());
                Thread.sleep(Duration.ofSeconds(1));
            }
            Results.add(scenario, "client's outage: " + outages);
        }
    }

    /**
     * The new leader's port of the switch forwards nothing for the first nine seconds, as one does
     * that spanning tree holds back. The client is right no later after that than it has lasted.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void portIsBlocked_clientIsBackNoLaterAfterItThanItLasted(boolean ipv6)
            throws InterruptedException {
        InetAddress vip = ipv6 ? Lab.VIP6 : Lab.VIP;
        String scenario = "port blocked for 9 s, IPv" + (ipv6 ? 6 : 4);
        try (Lab lab = Lab.open(scenario, 2, 1, vip);
                AnnouncementWatch frames = new AnnouncementWatch(lab.client().host())) {
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1));
            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(1));
            lab.blockClients(lab.host(2), true);
            long before = lab.leaderKey().name(lab.host(2));
            lab.holders().await(lab.host(2), Lab.AT_ONCE);
            Thread.sleep(BLOCKED);
            long open = lab.blockClients(lab.host(2), false);
            Duration bound = Duration.ofNanos(open - before);
            await().atMost(bound.plus(LATE)).until(() -> !frames.times(vip, open).isEmpty());
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
            long told = frames.times(vip, open).getFirst();
            Results.add(
                    scenario,
                    "told %s after it".formatted(Samples.text(Duration.ofNanos(told - open))));
            assertThat(frames.times(vip, before)).as("none while it was blocked").contains(told);
            assertThat(frames.times(vip, before).getFirst()).isEqualTo(told);
        }
    }

    private static long firstAnswer(Lab lab, Host host, long sinceNanos) {
        return lab.client().answersSince(sinceNanos).stream()
                .filter(answer -> answer.host().equals(host.name()))
                .findFirst()
                .orElseThrow()
                .receivedAtNanos();
    }

    /**
     * Of the frames that announce it the next so many bytes vanish before the client sees them. An
     * advertisement that answers the client's own kernel is none of them, and comes to it alone.
     */
    static void loseFirst(Host client, boolean ipv6) {
        String announcement =
                ipv6
                        ? "ip6 daddr ff02::1 icmpv6 type nd-neighbor-advert quota until 100 bytes"
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
     * no more than three advertisements at once, as RFC 4861 has it; both then doubling, and at
     * each refresh.
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
            await().atMost(Lab.START).until(() -> seen.since(Lab.VIP, before).size() >= 16);
            await().atMost(Lab.START).until(() -> seen.since(Lab.VIP6, before).size() >= 6);
            Samples late = new Samples();
            expect(
                    seen.since(Lab.VIP, before),
                    before,
                    late,
                    2,
                    0,
                    100,
                    300,
                    1000,
                    2000,
                    4000,
                    8000,
                    13_000);
            expect(seen.since(Lab.VIP6, before), before, late, 1, 0, 100, 300, 1300, 2600, 5200);
            Results.add("announcements, after their time", late.toString());
            assertThat(late.worst()).isLessThan(LATE);
        }
    }

    /**
     * That each comes, and none before its time, which is counted from the writing of the key: the
     * address is there a little later.
     */
    private static void expect(
            List<AnnouncementWatch.Frame> frames,
            long before,
            Samples late,
            int each,
            int... millis) {
        for (int i = 0; i < millis.length; i++) {
            Duration at = Duration.ofNanos(frames.get(i * each).atNanos() - before);
            late.add(at.minusMillis(millis[i]));
            assertThat(at).as("announcement %d", i + 1).isGreaterThan(Duration.ofMillis(millis[i]));
            if (each == 2) {
                assertThat(frames.get(i * each).kind()).isEqualTo("request");
                assertThat(frames.get(i * each + 1).kind()).isEqualTo("reply");
            }
        }
    }
}
