package org.vipmanager.lab;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Waits for, and judges, who holds the address. What it waits for in vain fails the scenario. */
final class Holders {

    private static final Duration A_WHILE = Duration.ofMillis(100);

    /**
     * How late the kernel is with the end of a lifetime: up to 1.3 s, for IPv6 1.8, where nobody
     * keeps it from that.
     */
    static final Duration KERNELS_LATENESS = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Who may not run for that long cannot renew anything in time. */
    private static final Duration STOOD_STILL = Duration.ofSeconds(1);

    private final InetAddress vip;
    private final List<Host> hosts;
    private final PingingClient client;
    private final Scenario scenario;
    private final Timeline timeline;

    Holders(InetAddress vip, List<Host> hosts, PingingClient client, Scenario scenario) {
        this.vip = vip;
        this.hosts = hosts;
        this.client = client;
        this.scenario = scenario;
        this.timeline = scenario.timeline();
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
        assertNeverTwoSince(Long.MIN_VALUE);
    }

    void assertNeverTwoSince(long nanos) {
        Duration overlap = timeline.overlap(vip, nanos);
        if (!overlap.isZero()) {
            String what = "two hosts held " + vip.getHostAddress() + " for ";
            throw violated(what + Samples.text(overlap));
        }
    }

    /** The host let go of the address in that time. */
    void assertRemovedWithin(Duration bound, Host host, long sinceNanos) {
        long removed = timeline.firstRemoved(host, vip, sinceNanos);
        if (removed < 0 || removed - sinceNanos > bound.toNanos()) {
            throw violated(
                    "%s let go of the address after %s, allowed is %s"
                            .formatted(host, untilRemoved(host, sinceNanos), Samples.text(bound)));
        }
    }

    /**
     * The same where trust is policy and no lease proves it. A daemon removes the address 250 ms
     * before its end; one that may not run then leaves it to the kernel, which is late.
     */
    void assertRemovedWithinPolicy(Duration policy, Host host, long sinceNanos) {
        long now = System.nanoTime();
        assertRemovedWithin(
                scenario.bystander().wasKeptWaiting(sinceNanos, now)
                        ? policy.plus(KERNELS_LATENESS)
                        : policy,
                host,
                sinceNanos);
    }

    /**
     * The host has kept the address since then, and no other has had it: a line in the table.
     * Returns the client's longest time without an answer. Where the machine let everybody run a
     * needless loss is no matter of luck.
     */
    Duration assertKept(Host host, String row, long sinceNanos) {
        Duration outage = client.longestGap(sinceNanos, System.nanoTime());
        Results.add(
                row,
                "removed %s, client's outage %s"
                        .formatted(untilRemoved(host, sinceNanos), Samples.text(outage)));
        if (timeline.firstRemoved(host, vip, sinceNanos) >= 0) {
            String what = host + " lost the address after " + untilRemoved(host, sinceNanos);
            Duration stoodStill = scenario.bystander().longestDelay(sinceNanos, System.nanoTime());
            if (stoodStill.compareTo(STOOD_STILL) < 0) {
                throw violated(what);
            }
            fail(what + " on a machine that stood still for " + Samples.text(stoodStill));
        }
        assertNeverTwo();
        return outage;
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
        Set<String> holder = Set.of(host.name());
        if (!become(holder, atMost)) {
            fail(
                    "the address is on %s instead of %s, and that for %s"
                            .formatted(timeline.holdersNow(vip), holder, Samples.text(atMost)));
        }
    }

    /** Waits until the address is gone; that it is not gone in time is no matter of luck. */
    void awaitNobody(Duration atMost) {
        if (!become(Set.of(), atMost)) {
            throw violated(
                    "the address is on %s, and should have been gone within %s"
                            .formatted(timeline.holdersNow(vip), Samples.text(atMost)));
        }
    }

    /**
     * Waits until the address is gone to which the kernel was given that lifetime then. What kept
     * the bystander from an answer may have kept it from its work, and from its lock, too.
     */
    void awaitExpired(Duration lifetime, long sinceNanos) {
        Duration bound = lifetime.plus(KERNELS_LATENESS);
        boolean gone = become(Set.of(), bound.plus(PATIENCE));
        long at = gone ? timeline.holders(vip).lastKey() : System.nanoTime();
        Duration kept = scenario.bystander().longestDelay(sinceNanos, at);
        if (!gone || at - sinceNanos > bound.plus(kept.multipliedBy(2)).toNanos()) {
            throw violated(
                    "the kernel ended the address %s after it was given %s (a bystander was late by %s)"
                            .formatted(
                                    Samples.text(Duration.ofNanos(at - sinceNanos)),
                                    Samples.text(lifetime),
                                    Samples.text(kept)));
        }
    }

    private boolean become(Set<String> holders, Duration atMost) {
        long endNanos = System.nanoTime() + atMost.toNanos();
        try {
            Awaitility.await()
                    .atMost(atMost)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> timeline.holdersNow(vip).equals(holders) && kernelsSay(holders));
            return true;
        } catch (ConditionTimeoutException e) {
            // Who waits may be later than what is waited for.
            Map.Entry<Long, Set<String>> then = timeline.holders(vip).floorEntry(endNanos);
            return then != null && then.getValue().equals(holders) && kernelsSay(holders);
        }
    }

    private AssertionError violated(String what) {
        addToTable(what);
        return scenario.violated(what);
    }

    /** Fails the scenario, which leaves a line in the table all the same. */
    private void fail(String what) {
        addToTable(what);
        throw new AssertionError(what + ": see " + scenario.folder());
    }

    private void addToTable(String what) {
        Results.add(scenario.folder().getFileName().toString(), "FAILED: " + what);
    }

    /** What the hosts' kernels answer when asked, beside what they notified. */
    private boolean kernelsSay(Set<String> holders) {
        return hosts.stream().allMatch(host -> host.has(vip) == holders.contains(host.name()));
    }
}
