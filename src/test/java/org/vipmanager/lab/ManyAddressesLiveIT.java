package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One process, many addresses. */
@Isolated
final class ManyAddressesLiveIT {

    private static final Duration IDLE = Duration.ofSeconds(6);

    /** In which a daemon practises, after its start. */
    private static final Duration STANDING_BY = Duration.ofSeconds(5);

    /** The first of which is the first takeover of a daemon that stood by since its start. */
    private static final int MOVES = 15;

    /** On any machine; so long may the last one wait for the others, also to let go of. */
    private static final Duration ALL_MOVED = Duration.ofSeconds(10);

    /**
     * So many addresses follow one key, and move from host to host and back; then nothing happens
     * for a while. Told are memory, processor time, questions to etcd, and the time from the
     * writing of the key until the last address had moved: 0.2 s for a thousand on two idle cores.
     */
    @ParameterizedTest
    @CsvSource({"1, 85", "50, 85", "1000, 100"})
    void manyInOneProcess(int count, int mebibytes) throws Exception {
        try (Lab lab = Lab.open(count + " addresses")) {
            lab.mayOverlap(ALL_MOVED);
            lab.leaderKey().name(lab.host(2));
            Daemon first = lab.daemon(lab.host(1), addresses(lab, lab.host(1), count));
            Daemon second = lab.daemon(lab.host(2), addresses(lab, lab.host(2), count));
            awaitMoved(lab, 2, 0, count);
            Thread.sleep(STANDING_BY);
            Samples moved = new Samples();
            for (int i = 0; i < MOVES; i++) {
                int to = i % 2 + 1;
                long before = System.nanoTime();
                long written = lab.leaderKey().name(lab.host(to));
                moved.add(Duration.ofNanos(awaitMoved(lab, to, before, count) - written));
                Thread.sleep(Duration.ofMillis(count == 1000 ? 2000 : 1000));
            }
            double questions = lab.etcd().questions();
            Duration idle = first.processorTime();
            Thread.sleep(IDLE);
            double perSecond = (lab.etcd().questions() - questions) / IDLE.toSeconds() / 2;
            Duration used = first.processorTime().minus(idle);
            double processor = used.toMillis() * 60.0 / IDLE.toMillis();
            long proportional = first.memory("smaps_rollup", "Pss") / 1024;
            Results.add(
                    count + " addresses in one process",
                    "moved: %s; leader's RSS %d MiB, PSS %d MiB (standby %d); %.2f CPU s/min; %.1f etcd requests/s"
                            .formatted(
                                    moved,
                                    first.memory("status", "VmRSS") / 1024,
                                    proportional,
                                    second.memory("smaps_rollup", "Pss") / 1024,
                                    processor,
                                    perSecond));
            assertThat(moved.worst()).isLessThan(ALL_MOVED);
            assertThat(proportional).isLessThanOrEqualTo(mebibytes);
        }
    }

    /**
     * IPv4 and IPv6 of one key move together, by one event of the watch: reads are rare. That of
     * another key stays where it is.
     */
    @Test
    void bothFamiliesMoveTogether() throws InterruptedException {
        try (Lab lab = Lab.open("both families")) {
            InetAddress other = InetAddress.ofLiteral("10.0.0.101");
            lab.leaderKey().name(lab.host(1));
            lab.leaderKey("/service/other/leader").name(lab.host(1));
            for (Host host : lab.hosts()) {
                lab.daemon(
                        host,
                        lab.settings(
                                host,
                                """
                                interval: 30s
                                vips:
                                  - ip: fd00::99
                                    netmask: 64
                                  - ip: 10.0.0.101
                                    trigger-key: /service/other/leader
                                    label: the other cluster's
                                  - ip: 10.0.0.102
                                    interface: missing0
                                """));
            }
            lab.holders().awaitServing(lab.host(1), Lab.START);
            await().until(() -> lab.host(1).has(Lab.VIP6) && lab.host(1).has(other));
            Samples apart = new Samples();
            for (int i = 0; i < 10; i++) {
                Thread.sleep(Duration.ofMillis(700));
                Host to = lab.host(2 - i % 2);
                long before = System.nanoTime();
                lab.leaderKey().name(to);
                lab.holders().await(to, Lab.AT_ONCE);
                await().atMost(Lab.AT_ONCE)
                        .until(() -> lab.timeline().firstHeld(to, Lab.VIP6, before) >= 0);
                long ipv4 = lab.timeline().firstHeld(to, Lab.VIP, before);
                long ipv6 = lab.timeline().firstHeld(to, Lab.VIP6, before);
                apart.add(Duration.ofNanos(Math.abs(ipv6 - ipv4)));
            }
            Results.add("IPv4 and IPv6 of one key", "held one after the other: " + apart);
            assertThat(lab.timeline().firstRemoved(lab.host(1), other, 0)).isNegative();
        }
    }

    /** So many, of which the last is the usual one. */
    static SettingsFile addresses(Lab lab, Host host, int count) {
        String list =
                IntStream.range(0, count - 1)
                        .mapToObj(i -> "  - ip: " + address(i) + "\n")
                        .collect(Collectors.joining());
        return lab.settings(host, count == 1 ? "" : "netmask: 8\nvips:\n" + list);
    }

    private static String address(int index) {
        return "10.1." + index / 250 + "." + (index % 250 + 1);
    }

    /** Waits until the host has got all since that time; returns when the last one came. */
    static long awaitMoved(Lab lab, int to, long sinceNanos, int count) {
        Host host = lab.host(to);
        await("all are on " + host)
                .atMost(Lab.START)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () ->
                                lab.timeline().firstHeldSince(host, "10.", sinceNanos).size()
                                        >= count);
        return lab.timeline().firstHeldSince(host, "10.", sinceNanos).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
    }
}
