package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The daemon is restarted, upgraded, or crashes at a bad moment. */
@ResourceLock(Results.FIGURES)
final class RestartLiveIT {

    private static final int RESTARTS = 20;

    /** Of an outage. A client that had lost its way to the address would need longer. */
    private static final Duration UNDISTURBED = Duration.ofSeconds(2);

    private static final String KEEP = "--on-exit=keep";

    /** A start may take as long on a busy machine. */
    private static final String LONG_LIVED = "--address-lifetime=25s";

    /** Of {@code address-lifetime}, by default. */
    private static final long LIFETIME_SECONDS = 10;

    private static final Duration KERNELS_LATENESS = Holders.KERNELS_LATENESS;
    private static final int CRASHES = 8;
    private static final long FIRST_LIFETIME_SECONDS = 2;

    /** From before the address is put to after it was renewed for the first time. */
    private static final long[] MICROS_INTO_A_TAKEOVER = {0, 500, 1000, 2000, 5000, 300_000};

    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    /**
     * The leader's daemon is restarted with {@code on-exit: keep}, as in an upgrade, twenty times.
     * Each one adopts what the last one left, which is never removed. The table tells what the
     * client missed, and beside it what another one did, of an address that nobody moves.
     */
    @Test
    void restart_keepsAndAdopts() throws InterruptedException {
        try (Lab lab = Lab.open("restart")) {
            lab.patroni(lab.host(1), A_MINUTE);
            Daemon daemon = lab.daemon(lab.host(1), KEEP, LONG_LIVED);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(1));
            PingingClient control = lab.control();
            Thread.sleep(Duration.ofMillis(500));
            long since = System.nanoTime();
            Samples outages = new Samples();
            Samples machine = new Samples();
            for (int i = 0; i < RESTARTS; i++) {
                long at = daemon.signal(Kernel.SIGTERM);
                daemon = restartedAfter(daemon, at, lab);
                long until = System.nanoTime();
                outages.add(lab.client().longestGap(at, until));
                machine.add(control.longestGap(at, until));
            }
            Results.add("restart with on-exit keep", "client's outage: " + outages);
            Results.add("  the same of another address", machine.toString());
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            assertThat(outages.worst()).isLessThan(UNDISTURBED);
        }
    }

    /** The daemon was told to end then; returns the next one, which has renewed the address. */
    private static Daemon restartedAfter(Daemon daemon, long at, Lab lab)
            throws InterruptedException {
        lab.awaitEnd(daemon, at);
        assertThat(putsSince(lab, at))
                .as("renewed for all its lifetime before it was left behind")
                .extracting(AddressEvent::validSeconds)
                .contains(25L);
        Daemon next = lab.daemon(lab.host(1), KEEP, LONG_LIVED);
        await("the address is renewed by the new daemon")
                .atMost(Lab.START)
                .until(() -> renewedSince(lab, next.startedAtNanos()));
        return next;
    }

    /**
     * The Go program is stopped on leader and follower and leaves its address behind for ever. Ours
     * is started instead: on the leader it takes the address over, with a lifetime, and never
     * removes it; on the follower, where the Go program had left it too, it removes it.
     */
    @Test
    void upgrade_fromTheGoProgram() throws InterruptedException {
        try (Lab lab = Lab.open("upgrade from Go")) {
            lab.mayOverlap(A_MINUTE);
            lab.leaderKey().name(lab.host(2));
            Daemon follower = lab.daemon(Program.go(), lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.START);
            follower.signal(Kernel.SIGTERM);
            follower.awaitExit(Lab.AT_ONCE.toSeconds());
            lab.leaderKey().name(lab.host(1));
            Daemon leader = lab.daemon(Program.go(), lab.host(1));
            await().atMost(Lab.START).until(() -> lab.host(1).has(lab.vip()));
            leader.signal(Kernel.SIGTERM);
            leader.awaitExit(Lab.AT_ONCE.toSeconds());
            assertThat(lab.host(2).has(lab.vip())).isTrue();

            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            PingingClient control = lab.control();
            Thread.sleep(Duration.ofMillis(500));
            long since = System.nanoTime();
            Daemon adopting = lab.daemon(lab.host(1));
            await().atMost(Lab.START).until(() -> renewedSince(lab, adopting.startedAtNanos()));
            Thread.sleep(Duration.ofSeconds(3));
            List<AddressEvent> events = lab.timeline().events(lab.host(1), lab.vip());
            assertThat(events.getLast().isPermanent()).isFalse();
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            lab.holders().assertNeverTwoSince(since);
            long until = System.nanoTime();
            Duration outage = lab.client().longestGap(since, until);
            Duration machine = control.longestGap(since, until);
            Results.add(
                    "upgrade from the Go program",
                    "client's outage %s; a control %s"
                            .formatted(Samples.text(outage), Samples.text(machine)));
            assertThat(outage).isLessThan(UNDISTURBED);
        }
    }

    /**
     * The Go program has left its address for ever, and etcd is frozen when ours is started: nobody
     * knows who leads. The address gets a lifetime without waiting for etcd, for which there would
     * be ten minutes, and is gone with it.
     */
    @Test
    void leftover_withoutAnAnswer() throws InterruptedException {
        try (Lab lab = Lab.open("leftover without an answer")) {
            lab.etcd().freeze();
            lab.host(1).namespace().ip("address add " + lab.vipWithPrefix() + " dev eth0");
            await().atMost(Lab.START).until(() -> renewedSince(lab, 0));
            Daemon daemon = lab.daemon(lab.host(1), "--dcs-timeout=600000");
            long begun = System.nanoTime();
            lab.awaitLog(daemon, "setting");
            await().atMost(Lab.START).until(() -> !putsSince(lab, begun).isEmpty());
            AddressEvent put = putsSince(lab, begun).getFirst();
            assertThat(put.validSeconds()).isEqualTo(LIFETIME_SECONDS);
            Duration taken = Duration.ofNanos(put.atNanos() - begun);
            lab.holders().awaitExpired(Duration.ofSeconds(LIFETIME_SECONDS), put.atNanos());
            Results.add(
                    "leftover for ever, etcd frozen",
                    "a lifetime %s after the start, gone %s after that"
                            .formatted(
                                    Samples.text(taken),
                                    lab.holders().untilRemoved(lab.host(1), put.atNanos())));
        }
    }

    /**
     * A daemon is killed within milliseconds of having put the address, eight times, each a little
     * later. What it has put the kernel removes soon: the first lifetime is of two seconds.
     */
    @Test
    void crash_inTheMiddleOfATakeover() throws InterruptedException {
        try (Lab lab = Lab.open("crash in a takeover")) {
            Samples left = new Samples();
            long begun = System.nanoTime();
            for (int i = 0; i < CRASHES; i++) {
                Daemon daemon = standingBy(lab);
                long named = System.nanoTime();
                lab.leaderKey().name(lab.host(1));
                awaitHeld(lab, named);
                Thread.sleep(Duration.ofNanos(500_000L * i));
                long killed = daemon.signal(Kernel.SIGKILL);
                daemon.awaitExit(Lab.AT_ONCE.toSeconds());
                Thread.sleep(Duration.ofMillis(50)); // the watch may be a moment late
                List<AddressEvent> puts = putsSince(lab, named);
                assertThat(puts.getFirst().validSeconds())
                        .isLessThanOrEqualTo(FIRST_LIFETIME_SECONDS);
                long bound = puts.getLast().validSeconds();
                lab.holders().awaitExpired(Duration.ofSeconds(bound), puts.getLast().atNanos());
                if (bound <= FIRST_LIFETIME_SECONDS) {
                    left.add(lab.timeline().held(lab.vip(), killed));
                }
            }
            Results.add(
                    "crash in a takeover",
                    "killed before the first renewal %d times, address left behind for: %s"
                            .formatted(left.count(), left.count() == 0 ? "-" : left));
            if (!lab.bystander().wasKeptWaiting(begun, System.nanoTime())) {
                assertThat(left.count()).as("hits").isGreaterThan(CRASHES / 2);
            }
        }
    }

    /**
     * A daemon is killed at some moment of a takeover, before the address is put or soon after, and
     * another one is started at once, while what is left behind may still be there. It serves, for
     * longer than what it found would have, and the address never has no end.
     */
    @Test
    void crash_inTheMiddleOfATakeover_andStartedAgain() throws InterruptedException {
        try (Lab lab = Lab.open("crash and start")) {
            Daemon daemon = standingBy(lab);
            Samples served = new Samples();
            int left = 0;
            int found = 0;
            for (long micros : MICROS_INTO_A_TAKEOVER) {
                long killed = killInTakeover(lab, daemon, micros);
                boolean isLeft = lab.host(1).has(lab.vip());
                long bound = endOfWhatIsLeft(lab);
                daemon = lab.daemon(lab.host(1));
                awaitHeld(lab, daemon.startedAtNanos());
                lab.holders().awaitServing(lab.host(1), Lab.START);
                served.add(Duration.ofNanos(System.nanoTime() - killed));
                left += isLeft ? 1 : 0;
                boolean stayed = lab.timeline().firstRemoved(lab.host(1), lab.vip(), killed) < 0;
                found += isLeft && stayed ? 1 : 0;
                long servingSince =
                        lab.timeline().firstHeld(lab.host(1), lab.vip(), daemon.startedAtNanos());
                assertThat(servingSince).as("when the new daemon has put it").isPositive();
                sleepUntil(Math.max(bound, servingSince) + KERNELS_LATENESS.toNanos());
                assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), servingSince))
                        .as("when it was lost after the restart")
                        .isNegative();
                lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
                lab.leaderKey().name(lab.host(2));
                lab.holders().awaitNobody(Duration.ofSeconds(5));
            }
            assertNeverForEver(lab);
            Results.add(
                    "crash in a takeover, started again at once",
                    "served after: %s; left behind %d times, and still there when it was put again %d"
                            .formatted(served, left, found));
        }
    }

    /**
     * The same, but the new daemon gets no answer: etcd is frozen or cut off before it starts. What
     * it finds it does not renew: nobody knows whether this host still leads. The address goes by
     * the lifetime that it had, and is back with the first answer.
     */
    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 3000", "true, 3000"})
    void crash_inTheMiddleOfATakeover_andStartedWithoutAnAnswer(boolean cut, long millis)
            throws InterruptedException {
        String how = (cut ? "etcd cut off" : "etcd frozen") + " after " + millis + " ms";
        try (Lab lab = Lab.open("crash and start, " + how)) {
            Daemon daemon = standingBy(lab);
            long named = System.nanoTime();
            lab.leaderKey().name(lab.host(1));
            awaitHeld(lab, named);
            Thread.sleep(millis);
            long killed = daemon.signal(Kernel.SIGKILL);
            daemon.awaitExit(Lab.AT_ONCE.toSeconds());
            if (cut) {
                lab.cutDcs(lab.host(1), Cut.SILENCE);
            } else {
                lab.etcd().freeze();
            }
            Daemon next = lab.daemon(lab.host(1));
            long end = endOfWhatIsLeft(lab);
            lab.holders().awaitExpired(Duration.ofNanos(end - killed), killed);
            lab.awaitLog(next, "etcd http"); // there is trouble with it
            assertThat(putsSince(lab, next.startedAtNanos())).as("puts without a read").isEmpty();
            boolean found = next.log().stream().anyMatch(line -> line.contains(" found "));
            Results.add(
                    "crash in a takeover, " + how,
                    "%s at the start, gone %s after the crash"
                            .formatted(
                                    found ? "found" : "not there any more",
                                    lab.holders().untilRemoved(lab.host(1), killed)));
            if (millis > 0 || !lab.bystander().wasKeptWaiting(killed, end)) {
                assertThat(found).as("the new daemon started while it was there").isTrue();
            }
            lab.etcd().thaw();
            lab.healDcs(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            assertNeverForEver(lab);
        }
    }

    /** A daemon on the first host, which knows that the second one leads. */
    private static Daemon standingBy(Lab lab) throws InterruptedException {
        lab.leaderKey().name(lab.host(2));
        Daemon daemon = lab.daemon(lab.host(1));
        lab.awaitLog(daemon, "\"pg2\"");
        return daemon;
    }

    /**
     * Returns when the daemon was killed, that long after it could have heard that its host leads:
     * until then it is frozen, as otherwise the address is put before we know of the key.
     */
    private static long killInTakeover(Lab lab, Daemon daemon, long micros)
            throws InterruptedException {
        daemon.signal(Kernel.SIGSTOP);
        lab.leaderKey().name(lab.host(1));
        long begun = daemon.signal(Kernel.SIGCONT);
        LockSupport.parkNanos(begun + micros * 1000 - System.nanoTime());
        long killed = daemon.signal(Kernel.SIGKILL);
        daemon.awaitExit(Lab.AT_ONCE.toSeconds());
        return killed;
    }

    /** When the kernel ends what a killed daemon has put last; now, if it has put nothing. */
    private static long endOfWhatIsLeft(Lab lab) {
        List<AddressEvent> events = lab.timeline().events(lab.host(1), lab.vip());
        return events.isEmpty() || !events.getLast().present()
                ? System.nanoTime()
                : events.getLast().atNanos()
                        + Duration.ofSeconds(events.getLast().validSeconds()).toNanos();
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
    }

    private static void assertNeverForEver(Lab lab) {
        assertThat(lab.timeline().events(lab.host(1), lab.vip()))
                .filteredOn(AddressEvent::present)
                .as("what was put has an end")
                .isNotEmpty()
                .noneMatch(AddressEvent::isPermanent);
    }

    /** Returns within a fraction of a millisecond, where the machine lets it. */
    private static void awaitHeld(Lab lab, long sinceNanos) {
        long end = sinceNanos + Lab.START.toNanos();
        while (lab.timeline().firstHeld(lab.host(1), lab.vip(), sinceNanos) < 0) {
            assertThat(System.nanoTime()).as("the address was put").isLessThan(end);
            LockSupport.parkNanos(50_000);
        }
    }

    private static List<AddressEvent> putsSince(Lab lab, long nanos) {
        return lab.timeline().events(lab.host(1), lab.vip()).stream()
                .filter(event -> event.present() && event.atNanos() >= nanos)
                .toList();
    }

    private static boolean renewedSince(Lab lab, long nanos) {
        return lab.timeline().firstHeld(lab.host(1), lab.vip(), nanos) > 0;
    }
}
