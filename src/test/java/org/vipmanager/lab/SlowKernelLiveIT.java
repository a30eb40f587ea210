package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.vipmanager.posix.SharedKernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The kernel is kept busy by others, as when containers with thousands of interfaces end: whoever
 * changes an address waits for that (rtnl_lock), of whatever namespace he is.
 */
@Isolated
final class SlowKernelLiveIT {

    /** As many as can be made in fifteen seconds, at most these. */
    private static final int PAIRS = 12_000;

    private static final int STALLS = 2;

    /** A put that takes as long was once taken for a standstill. */
    private static final Duration SLOW = Duration.ofMillis(600);

    /** Nothing keeps the kernel from ending an address that nobody can renew. */
    private static final Duration TOO_SLOW = Duration.ofSeconds(5);

    /**
     * The leader's renewals take seconds. Its address stays, and nobody is told that the daemon
     * stood still.
     */
    @Test
    void stalls_costNoAddress() throws Exception {
        try (SharedKernel _ = SharedKernel.stall();
                Lab lab = Lab.open("slow kernel")) {
            lab.patroni(lab.host(1), Lab.A_LONG_LEASE);
            Daemon daemon = lab.daemon(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long since = lab.timeline().note("kernel stalls");
            Duration longest = Duration.ZERO;
            for (int i = 0; i < STALLS; i++) {
                Duration stall = stall(lab.memory("links" + i));
                lab.timeline().note("a stall of " + stall.toMillis() + " ms");
                longest = stall.compareTo(longest) > 0 ? stall : longest;
            }
            Results.add(
                    "slow kernel",
                    "longest wait of another process: " + longest.toMillis() + " ms");
            boolean tells = longest.compareTo(SLOW) > 0 && longest.compareTo(TOO_SLOW) < 0;
            assumeTrue(tells, "stalls of " + longest.toMillis() + " ms show nothing");
            assertThat(lab.timeline().gaps(lab.host(1), lab.vip(), since)).isEmpty();
            assertThat(lab.host(1).has(lab.vip())).isTrue();
            assertThat(daemon.log()).noneMatch(line -> line.contains("stood still"));
        }
    }

    /** Ends a namespace of many interfaces; returns the longest that a request took meanwhile. */
    private static Duration stall(Path folder) throws IOException, InterruptedException {
        StringBuilder links = new StringBuilder();
        for (int i = 0; i < PAIRS; i++) {
            links.append("link add a%1$d type veth peer name b%1$d\n".formatted(i));
        }
        Path batch = Files.writeString(folder.resolve("links"), links);
        Process owner =
                new ProcessBuilder(
                                "unshare",
                                "--net",
                                "sh",
                                "-c",
                                "timeout 15 ip -batch '" + batch + "'; echo made; exec sleep 1000")
                        .start();
        try (var made = owner.inputReader()) {
            assertThat(made.readLine()).isEqualTo("made");
        } finally {
            owner.destroyForcibly().waitFor();
        }
        Duration longest = Duration.ZERO;
        long until = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < until) {
            long before = System.nanoTime();
            new ProcessBuilder("ip", "link", "set", "lo", "up").start().waitFor();
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
        return longest;
    }
}
