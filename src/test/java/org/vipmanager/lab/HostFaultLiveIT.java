package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The daemon's own host is in trouble. */
@Isolated
final class HostFaultLiveIT {

    private static final Duration SHORT_TTL = Duration.ofSeconds(10);

    /** Patroni's: a machine that stands still for seconds costs nothing. */
    private static final Duration USUAL_TTL = Duration.ofSeconds(30);

    private static final Duration SEVERAL_RENEWALS = Duration.ofSeconds(10);

    /** Under all this. */
    private static final Duration SOON = Duration.ofSeconds(15);

    /** What one answer counts for without a lease, by the defaults. */
    private static final Duration POLICY = Duration.ofMillis(7500);

    /** So often the kernel reclaims in ten seconds at least where memory is short; else never. */
    private static final int RECLAIMS = 100;

    private static final String SMALL_DISK = "/mnt";

    /** Fills the disk, and fails when there is room all the same. */
    private static final String FILL =
            "cat /dev/zero > full 2>/dev/null; if echo more > more; then exit 1; fi 2>/dev/null;";

    /**
     * The leader's whole host freezes for longer than its lease, with and without its DCS network
     * cut, and goes on later. The kernel has ended the address before the other host takes it, and
     * the old leader takes nothing back.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostFreezes(boolean cut) throws InterruptedException {
        String scenario = "host frozen" + (cut ? " and cut off" : "");
        try (Lab lab = Lab.open(scenario).withLeasedLeader(SHORT_TTL)) {
            lab.mayOverlap(Duration.ZERO);
            PatroniStandIn patroni = lab.patronis().getFirst();
            lab.patroni(lab.host(2), SHORT_TTL);
            if (cut) {
                lab.cutDcs(lab.host(1), Cut.SILENCE);
            }
            long at = lab.daemons().getFirst().signal(Kernel.SIGSTOP);
            patroni.freeze(true);
            lab.echoServer(lab.host(1)).freeze(true);
            lab.holders().awaitServing(lab.host(2), SHORT_TTL.plusSeconds(15));
            String outage = Samples.text(lab.client().longestGap(at, System.nanoTime()));
            lab.daemons().getFirst().signal(Kernel.SIGCONT);
            patroni.freeze(false);
            lab.echoServer(lab.host(1)).freeze(false);
            Thread.sleep(Duration.ofSeconds(2));
            lab.healDcs(lab.host(1));
            Thread.sleep(Duration.ofSeconds(3));
            Results.add(
                    scenario,
                    "two holders %s, expired after %s, taken over after %s, client's outage %s"
                            .formatted(
                                    lab.holders().overlapSince(at),
                                    lab.holders().untilRemoved(lab.host(1), at),
                                    lab.holders().untilHeld(lab.host(2), at),
                                    outage));
            lab.holders().assertNeverTwo();
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
        }
    }

    /** The disk of the daemons' hosts is full before they start. Nothing is different. */
    @Test
    void diskIsFull() throws InterruptedException {
        try (Lab lab = Lab.open("disk full")) {
            Program full = onSmallDisk(FILL + " exec \"$@\" > log 2>&1");
            Failover.Figures figures = Failover.measure(lab, full, 6);
            Results.add("disk full: address", figures.address().toString());
            Results.add("disk full: client's outage", figures.outage().toString());
            assertThat(figures.outage().worst()).isLessThan(Lab.AT_ONCE);
        }
    }

    /**
     * The disk fills up while the leader's daemon writes its log there, line after line. The
     * address stays, and the next change of the leader key is followed.
     */
    @Test
    void diskFillsUp() throws InterruptedException {
        try (Lab lab = Lab.open("disk fills up")) {
            lab.leaderKey().name(lab.host(1));
            Program program = onSmallDisk("exec \"$@\" > log 2>&1");
            lab.hosts().forEach(host -> lab.daemon(program, host, "--verbose"));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long at = lab.timeline().note("the disks are full");
            for (Daemon daemon : lab.daemons()) {
                Command.run(
                        "nsenter",
                        "--mount",
                        "--target=" + daemon.pid(),
                        "sh",
                        "-c",
                        "cd " + SMALL_DISK + "; " + FILL);
            }
            // Twice as long as trust lasts: the address is there because it is renewed.
            Thread.sleep(Duration.ofSeconds(15));
            lab.holders().assertKept(lab.host(1), "disk fills up", at);
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), SOON);
        }
    }

    /** The program with a disk of 64 KiB for all that it may write, where the script begins. */
    private static Program onSmallDisk(String script) {
        return Program.underTest()
                .within(
                        "mount -t tmpfs -o size=64k,mode=1777 disk %s && cd %1$s && export RUNTIME_DIRECTORY=%1$s; "
                                        .formatted(SMALL_DISK)
                                + script);
    }

    /**
     * All cores are busy for a minute, and so little memory is left to the leader's daemon that the
     * kernel takes its files away all the time. The address stays where it is, unless the daemon
     * itself was kept from running for so long that its word is no good; then it is back by itself.
     * The next change of the leader key is followed.
     */
    @Test
    void machineIsSaturated() throws Exception {
        assumeTrue(Saturation.isPossible(), "stress-ng is not installed");
        try (Lab lab = Lab.open("saturated")) {
            Optional<MemoryGroup> group = lab.memoryGroup();
            lab.patroni(lab.host(1), SHORT_TTL);
            Daemon leader =
                    group.map(own -> lab.daemon(own, lab.host(1)))
                            .orElseGet(() -> lab.daemon(lab.host(1)));
            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(2));
            long at = System.nanoTime();
            long faults = leader.majorFaults();
            try (Saturation saturation = Saturation.start(group)) {
                for (int i = 0; i < 6; i++) {
                    saturateForTenSeconds(saturation, group, leader);
                }
                faults = leader.majorFaults() - faults;
                long removed = lab.timeline().firstRemoved(lab.host(1), lab.vip(), at);
                long written = lab.leaderKey().name(lab.host(2));
                lab.holders().awaitServing(lab.host(2), SOON);
                Results.add(
                        "saturated for a minute by " + saturation,
                        "%d major faults, removed %s, client's outage %s, then a failover after %s"
                                .formatted(
                                        faults,
                                        removed < 0 ? "never" : "once",
                                        Samples.text(lab.client().longestGap(at, written)),
                                        lab.holders().untilHeld(lab.host(2), written)));
                boolean stoodStill =
                        leader.log().stream().anyMatch(line -> line.contains("stood still"));
                assertThat(removed < 0 || stoodStill)
                        .as("the address leaves only a daemon that was not let run for seconds")
                        .isTrue();
                assertThat(leader.memory("status", "VmLck"))
                        .as("the daemon has its own files stay in memory")
                        .isPositive();
            }
        }
    }

    private static void saturateForTenSeconds(
            Saturation saturation, Optional<MemoryGroup> group, Daemon leader) throws Exception {
        long reclaims = group.map(MemoryGroup::reclaims).orElse(0L);
        Thread.sleep(Duration.ofSeconds(10));
        assertThat(saturation.isAlive()).as("the machine was saturated all the time").isTrue();
        assertThat(leader.isAlive()).as("the kernel did not kill the daemon").isTrue();
        if (group.isPresent()) {
            assertThat(group.get().reclaims())
                    .as("how many times the kernel had to reclaim memory")
                    .isGreaterThan(reclaims + RECLAIMS);
        }
    }

    /**
     * The clock on the wall jumps an hour ahead and later back, as the leader's daemon sees it:
     * nobody else's clock is touched. Nothing is different, as nothing is decided by it.
     */
    @Test
    void clockIsStepped() throws Exception {
        try (Lab lab = Lab.open("clock step")) {
            FakeClock clock = new FakeClock(lab);
            lab.patroni(lab.host(1), USUAL_TTL);
            Daemon leader = lab.daemon(clock.program(), lab.host(1), "--verbose");
            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long at = System.nanoTime();
            // Hours of the clock, of which one may end just now.
            Instant begun = Instant.now();
            clock.stepTo(Duration.ofHours(1));
            Thread.sleep(SEVERAL_RENEWALS);
            Set<String> ahead = new HashSet<>(List.of(hourAfter(begun), hourAfter(Instant.now())));
            clock.stepTo(Duration.ZERO);
            Thread.sleep(Duration.ofSeconds(4));
            lab.holders().assertKept(lab.host(1), "clock stepped by an hour and back", at);
            assertThat(leader.log())
                    .as("the step was seen")
                    .anyMatch(line -> ahead.stream().anyMatch(line::startsWith));
        }
    }

    /** Of a certificate whose time has not come. */
    private static List<String> refusals(Daemon daemon) {
        return daemon.log().stream()
                .filter(line -> line.contains(" WARN etcd ") && line.contains("is not valid yet"))
                .toList();
    }

    /** As lines of the log begin in that hour. */
    private static String hourAfter(Instant instant) {
        return instant.plus(Duration.ofHours(1)).toString().substring(0, "2026-01-01T00".length());
    }

    /**
     * The clock on the wall of the leader's daemon falls back to before its certificates were made.
     * The connection that stands goes on; a new one is refused in one line that asks for the clock,
     * the address is released when the last answer counts no more, and is back with the time.
     */
    @Test
    void clockIsStepped_behindTheCertificates() throws Exception {
        try (Lab lab = Lab.openWithoutEtcd("clock step with TLS")) {
            SecuredEtcd etcd = new SecuredEtcd(lab, "etcd-3.5");
            etcd.start();
            etcd.nameLeader(lab.host(1));
            FakeClock clock = new FakeClock(lab);
            Daemon leader = lab.daemon(clock.program(), lab.host(1), etcd.flags());
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long at = System.nanoTime();
            clock.stepTo(Duration.ofHours(-1));
            Thread.sleep(POLICY.plusSeconds(2)); // longer than any answer from before counts
            lab.holders().assertKept(lab.host(1), "clock behind the certificates", at);
            etcd.showAndTrustAsBefore(); // started again, so that the connection is lost
            lab.holders().awaitNobody(POLICY.plus(Holders.KERNELS_LATENESS));
            await("it is told, however late that etcd is asked again")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !refusals(leader).isEmpty());
            clock.stepTo(Duration.ZERO);
            lab.holders().awaitServing(lab.host(1), Duration.ofMinutes(1));
            assertThat(refusals(leader)).singleElement().asString().contains("is a clock wrong?");
        }
    }
}
