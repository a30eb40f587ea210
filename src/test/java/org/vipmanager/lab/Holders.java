package org.vipmanager.lab;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Waits for, and judges, who holds the address. What it waits for in vain fails the scenario. */
final class Holders {

    private static final Duration A_WHILE = Duration.ofMillis(100);

    private final InetAddress vip;
    private final List<Host> hosts;
    private final PingingClient client;
    private final Timeline timeline;
    private final Path folder;

    Holders(
            InetAddress vip,
            List<Host> hosts,
            PingingClient client,
            Timeline timeline,
            Path folder) {
        this.vip = vip;
        this.hosts = hosts;
        this.client = client;
        this.timeline = timeline;
        this.folder = folder;
    }

    /** For a table: how long more than one host held the address. */
    String overlapSince(long nanos) {
        return Samples.text(timeline.overlap(vip, nanos));
    }

    /**
     * For a table: how long after that time the host got the address, which it had not had for a
     * while. Less than nothing when the kernel's notification overtakes the answer of the DCS.
     */
    String untilHeld(Host host, long sinceNanos) {
        long held = timeline.firstHeld(host, vip, sinceNanos - A_WHILE.toNanos());
        return until(held, sinceNanos);
    }

    /** For a table: how long after that time the address was removed from the host. */
    String untilRemoved(Host host, long sinceNanos) {
        return until(timeline.firstRemoved(host, vip, sinceNanos), sinceNanos);
    }

    private static String until(long atNanos, long sinceNanos) {
        return atNanos < 0 ? "never" : Samples.text(Duration.ofNanos(atNanos - sinceNanos));
    }

    void assertNeverTwo() {
        Duration overlap = timeline.overlap(vip, Long.MIN_VALUE);
        if (!overlap.isZero()) {
            fail("two hosts held " + vip.getHostAddress() + " for " + Samples.text(overlap));
        }
    }

    /** Waits until exactly this host has the address and the client is answered by it. */
    void awaitServing(Host host, Duration atMost) {
        await(host, atMost);
        Duration patience = atMost.plusSeconds(5);
        try {
            Awaitility.await()
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> client.answeredBy().equals(host.name()));
        } catch (ConditionTimeoutException e) {
            fail(
                    "the client is answered by %s instead of %s, and that for %s"
                            .formatted(client.answeredBy(), host, Samples.text(patience)));
        }
    }

    /** Waits until exactly this host has the address. */
    void await(Host host, Duration atMost) {
        awaitHolders(Set.of(host.name()), atMost);
    }

    void awaitNobody(Duration atMost) {
        awaitHolders(Set.of(), atMost);
    }

    private void awaitHolders(Set<String> holders, Duration atMost) {
        try {
            Awaitility.await()
                    .atMost(atMost)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> timeline.holdersNow(vip).equals(holders) && kernelsSay(holders));
        } catch (ConditionTimeoutException e) {
            fail(
                    "the address is on %s instead of %s, and that for %s"
                            .formatted(timeline.holdersNow(vip), holders, Samples.text(atMost)));
        }
    }

    /** Fails the scenario, which leaves a line in the table all the same. */
    private void fail(String what) {
        Results.add(folder.getFileName().toString(), "FAILED: " + what);
        throw new AssertionError(what + ": see " + folder);
    }

    /** What the hosts' kernels answer when asked, beside what they notified. */
    private boolean kernelsSay(Set<String> holders) {
        return hosts.stream().allMatch(host -> host.has(vip) == holders.contains(host.name()));
    }
}
