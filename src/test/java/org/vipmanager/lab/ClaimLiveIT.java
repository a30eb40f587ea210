package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Another station claims the address on the wire. */
@Execution(ExecutionMode.CONCURRENT)
final class ClaimLiveIT {

    /** An etcd that a busy machine keeps silent for seconds leaves no doubt. */
    private static final String NEVER_IN_DOUBT = "--dcs-timeout=15000";

    private static final Duration PATRONIS_TTL = Duration.ofSeconds(30);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration UNTIL_IN_DOUBT = Duration.ofMillis(4500);

    /** Two claims, by what the new leader announces or is asked in two intervals: 2.3 s. */
    private static final Duration HEARD = Duration.ofSeconds(4);

    /** In doubt after 3 s, and two answers at an interval each; and a busy machine. */
    private static final Duration UNTIL_YIELDED = Duration.ofSeconds(10);

    /** RFC 5227 section 2.4: at most one defence in ten seconds; and a busy machine. */
    private static final Duration DEFENCE = Duration.ofSeconds(15);

    /** For how long the leader is claimed, which answers long before that is over. */
    private static final Duration CLAIMED = Duration.ofSeconds(4);

    private static final long BEFORE_THE_SECOND = Duration.ofSeconds(6).toNanos();

    private static final Duration OFTEN = Duration.ofMillis(300);

    /** Two claims that far apart make a leader in doubt yield. */
    private static final Duration TWO_CLAIMS_APART = Duration.ofMillis(200);

    /** Until a process that was stopped has looked at all that came meanwhile. */
    private static final Duration GOES_ON = Duration.ofSeconds(2);

    /**
     * The leader is cut off and in doubt when an operator makes the other host the leader, long
     * before the lease ends. The old leader hears it announce and yields.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void switchoverByHand_oldLeaderInDoubtYields(boolean ipv6) throws InterruptedException {
        try (Lab lab = open("yield", ipv6).withLeasedLeader(PATRONIS_TTL)) {
            lab.mayOverlap(HEARD);
            long cutAt = lab.cutDcs(lab.host(1), Cut.SILENCE);
            Thread.sleep(UNTIL_IN_DOUBT);
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Duration.ofSeconds(5));
            Results.add(
                    "switchover by hand, old leader yields" + (ipv6 ? ", IPv6" : ""),
                    "two holders " + lab.holders().overlapSince(cutAt));
        }
    }

    /** The same with {@code yield-in-doubt: false}: the old leader holds until the lease ends. */
    @Test
    void switchoverByHand_withoutYielding() throws InterruptedException {
        try (Lab lab =
                Lab.open("no yield").withLeasedLeader(LONG_ENOUGH, "--yield-in-doubt=false")) {
            lab.mayOverlap(LONG_ENOUGH);
            long cutAt = lab.cutDcs(lab.host(1), Cut.SILENCE);
            Thread.sleep(UNTIL_IN_DOUBT);
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), LONG_ENOUGH);
            Results.add(
                    "switchover by hand, yielding off",
                    "two holders %s, released %s after the cut"
                            .formatted(
                                    lab.holders().overlapSince(cutAt),
                                    lab.holders().untilRemoved(lab.host(1), cutAt)));
            assertThat(lab.timeline().overlap(lab.vip(), cutAt))
                    .isGreaterThan(Duration.ofSeconds(3));
        }
    }

    /**
     * The leader knows that it leads, and another host claims the address three times a second for
     * four seconds. The leader keeps it and claims it back: at once, and then once in ten seconds.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void confirmedLeader_isNotImpressed(boolean ipv6) throws InterruptedException {
        try (Lab lab =
                        open("claimed on purpose", ipv6)
                                .withLeasedLeader(
                                        PATRONIS_TTL, "--announce-refresh=0", NEVER_IN_DOUBT);
                AnnouncementWatch watch = new AnnouncementWatch(lab.client().host())) {
            lab.awaitAnnounced();
            long since = System.nanoTime();
            try (Claimant liar = new Claimant(lab.host(2), lab.vip(), OFTEN)) {
                Thread.sleep(CLAIMED);
            }
            long ended = System.nanoTime();
            await().atMost(DEFENCE)
                    .until(() -> defences(watch, lab, since + BEFORE_THE_SECOND).size() >= 1);
            lab.holders().awaitServing(lab.host(1), DEFENCE);
            long again = System.nanoTime();
            Results.add(
                    lab.folder().getFileName() + " for 4 s",
                    "removed %s, client served again %s after the last claim"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), since),
                                    Samples.text(Duration.ofNanos(again - ended))));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            long claimed = watch.first(lab.vip(), since);
            Thread.sleep(Duration.ofMillis(500));
            List<AnnouncementWatch.Frame> defences = defences(watch, lab, since);
            assertThat(defences)
                    .extracting(AnnouncementWatch.Frame::kind)
                    .as("two defences")
                    .isEqualTo(
                            ipv6
                                    ? List.of("advertisement", "advertisement")
                                    : List.of("request", "reply", "request", "reply"));
            assertThat(Duration.ofNanos(defences.getFirst().atNanos() - claimed))
                    .isLessThan(CLAIMED);
            assertThat(
                            Duration.ofNanos(
                                    defences.getLast().atNanos() - defences.getFirst().atNanos()))
                    .isBetween(Duration.ofSeconds(9), DEFENCE);
        }
    }

    /** What the first host has announced since then, as far as the watch sees it. */
    private static List<AnnouncementWatch.Frame> defences(
            AnnouncementWatch watch, Lab lab, long since) {
        String leader = lab.host(1).hardwareAddress();
        return watch.since(lab.vip(), since).stream()
                .filter(frame -> frame.station().equals(leader))
                .toList();
    }

    /**
     * A station claims the address for twelve seconds while the leader knows better, and goes on
     * when the leader gets in doubt. Known as a liar by then, after five seconds on a machine that
     * keeps nobody waiting, it makes nobody yield.
     */
    @Test
    void liar_isIgnoredInDoubt() throws InterruptedException {
        try (Lab lab = Lab.open("liar").withLeasedLeader(PATRONIS_TTL)) {
            long since = System.nanoTime();
            try (Claimant liar = new Claimant(lab.host(2), lab.vip(), OFTEN)) {
                Thread.sleep(Duration.ofSeconds(12));
                lab.cutDcs(lab.host(1), Cut.SILENCE);
                Thread.sleep(Duration.ofSeconds(8));
            }
            Results.add(
                    "liar, then in doubt",
                    "removed " + lab.holders().untilRemoved(lab.host(1), since));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
        }
    }

    /**
     * A station answers every probe for the address, and says nothing else. The leader tells people
     * so, knows the station for a liar before the DCS falls silent, and keeps the address then.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answererToEveryProbe_isToldAndIsNoReasonToYield(boolean ipv6) throws InterruptedException {
        try (Lab lab = open("probes answered", ipv6);
                ProbeAnswerer liar = new ProbeAnswerer(lab.host(2), lab.vip())) {
            lab.withLeasedLeader(PATRONIS_TTL);
            Daemon daemon = lab.daemons().getFirst();
            lab.awaitLog(daemon, " claims " + (ipv6 ? "fd00::99" : "10.0.0.99"));
            lab.awaitLog(daemon, " keeps claiming ");
            long cut = lab.cutDcs(lab.host(1), Cut.SILENCE);
            lab.awaitLog(daemon, " is not yielded to ");
            Thread.sleep(Duration.ofSeconds(8));
            Results.add(
                    lab.folder().getFileName() + ", then in doubt",
                    "removed " + lab.holders().untilRemoved(lab.host(1), cut));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), cut)).isNegative();
        }
    }

    /**
     * A leader of a thousand addresses is cut off, and an operator makes the other host the leader
     * at once. It hears each of them claimed by the other, and lets all go as it does with few.
     */
    @ParameterizedTest
    @ValueSource(ints = {20, 1000})
    void manyAddresses_areYieldedTogether(int count) throws InterruptedException {
        try (Lab lab = Lab.open("yield " + count + " addresses")) {
            lab.mayOverlap(UNTIL_YIELDED);
            lab.patroni(lab.host(1), PATRONIS_TTL);
            for (Host host : lab.hosts()) {
                lab.daemon(host, ManyAddressesLiveIT.addresses(lab, host, count));
            }
            ManyAddressesLiveIT.awaitMoved(lab, 1, 0, count);
            lab.awaitAnnounced();
            long cut = lab.cutDcs(lab.host(1), Cut.SILENCE);
            long written = lab.leaderKey().name(lab.host(2));
            ManyAddressesLiveIT.awaitMoved(lab, 2, written, count);
            await().atMost(PATRONIS_TTL).until(() -> removed(lab, cut).size() >= count);
            long last = Collections.max(removed(lab, cut));
            Results.add(
                    "cut off, then led by another, %d addresses".formatted(count),
                    "all released %s after the cut"
                            .formatted(Samples.text(Duration.ofNanos(last - cut))));
            lab.awaitLog(lab.daemons().getFirst(), "claims the address");
            // Long before the lease ends; where others want all processors, some wait for that.
            if (!lab.bystander().wasKeptWaiting(cut, last)) {
                assertThat(Duration.ofNanos(last - cut)).isLessThan(UNTIL_YIELDED.minusSeconds(2));
            }
        }
    }

    private static Collection<Long> removed(Lab lab, long sinceNanos) {
        return lab.timeline().firstRemovedSince(lab.host(1), "10.", sinceNanos).values();
    }

    /**
     * The switch sends every frame back to where it came from, so that the leader hears its own
     * announcements, and it gets in doubt. It does not yield to itself, though another station
     * would be yielded to for as many.
     */
    @Test
    void reflectingLoop_isNoClaim() throws InterruptedException {
        try (Lab lab =
                        Lab.open("reflecting loop")
                                .withLeasedLeader(PATRONIS_TTL, "--announce-refresh=1s");
                AnnouncementWatch watch = AnnouncementWatch.ofReceivedArp(lab.host(1))) {
            long since = System.nanoTime();
            lab.reflect(lab.host(1));
            Thread.sleep(Duration.ofSeconds(2));
            lab.cutDcs(lab.host(1), Cut.SILENCE);
            Thread.sleep(UNTIL_IN_DOUBT);
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            lab.awaitLog(lab.daemons().getFirst(), "no answer from the DCS for");
            long doubt = lab.timeline().note("in doubt");
            Thread.sleep(Duration.ofSeconds(4));
            List<AnnouncementWatch.Frame> reflected = defences(watch, lab, doubt);
            Results.add(
                    "reflecting loop",
                    "removed %s, %d frames came back in doubt"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), since),
                                    reflected.size()));
            assertThat(reflected).as("its own announcements, in doubt").hasSizeGreaterThan(1);
            assertThat(
                            Duration.ofNanos(
                                    reflected.getLast().atNanos() - reflected.getFirst().atNanos()))
                    .as("from the first to the last")
                    .isGreaterThan(TWO_CLAIMS_APART);
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
        }
    }

    /**
     * The leader is in doubt when its daemon freezes for four seconds, in which another station
     * claims the address. These claims do not count when it goes on: with one more there would be
     * two to yield to. One and another one do.
     */
    @Test
    void claimsQueuedOverAFreeze_areDropped() throws InterruptedException {
        try (Lab lab =
                Lab.open("claims over a freeze")
                        .withLeasedLeader(A_MINUTE, "--address-lifetime=30s")) {
            Daemon daemon = lab.daemons().getFirst();
            lab.cutDcs(lab.host(1), Cut.SILENCE);
            lab.awaitLog(daemon, "no answer from the DCS for");
            long since = daemon.signal(Kernel.SIGSTOP);
            try (Claimant liar = new Claimant(lab.host(2), lab.vip(), OFTEN)) {
                Thread.sleep(Duration.ofSeconds(4));
            }
            daemon.signal(Kernel.SIGCONT);
            Thread.sleep(GOES_ON); // a process that stops within a call of the kernel says nothing
            lab.timeline().note("one claim");
            Claimant.claimOnce(lab.host(2), lab.vip());
            Thread.sleep(Duration.ofSeconds(2));
            Results.add(
                    "claims queued over a freeze",
                    "removed " + lab.holders().untilRemoved(lab.host(1), since));
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
            lab.timeline().note("another claim");
            Claimant.claimOnce(lab.host(2), lab.vip());
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /**
     * The new leader took the address over while the old one, which is cut off, held it, and nobody
     * hears it announce that: only because the old leader asks around whose the address is does it
     * hear of the other, and yields.
     */
    @Test
    void probesInDoubt_areAnswered() throws InterruptedException {
        try (Lab lab = Lab.open("probes in doubt").withLeasedLeader(PATRONIS_TTL)) {
            lab.mayOverlap(UNTIL_YIELDED);
            lab.dropAnnouncements(lab.host(2));
            long cutAt = lab.cutDcs(lab.host(1), Cut.SILENCE);
            lab.leaderKey().name(lab.host(2));
            lab.holders().await(lab.host(2), UNTIL_YIELDED);
            Results.add(
                    "new leader is not heard, old leader probes",
                    "two holders " + lab.holders().overlapSince(cutAt));
            assertThat(lab.timeline().firstHeld(lab.host(2), lab.vip(), cutAt))
                    .as("taken over while the old one held")
                    .isPositive()
                    .isLessThan(lab.timeline().firstRemoved(lab.host(1), lab.vip(), cutAt));
            lab.awaitLog(lab.daemons().getFirst(), "the DCS is silent, and station ");
        }
    }

    /**
     * Two daemons wait for one value, by mistake: both lead, and both hold the address. Neither
     * talks the other down more than once in ten seconds, and both let go when the key goes.
     */
    @Test
    void sameTriggerValue_bothHold() throws InterruptedException {
        try (Lab lab = Lab.open("same trigger-value");
                AnnouncementWatch watch = new AnnouncementWatch(lab.client().host())) {
            lab.mayOverlap(A_MINUTE);
            lab.leaderKey().name(lab.host(1));
            for (Host host : lab.hosts()) {
                lab.daemon(host, "--trigger-value=" + lab.host(1), "--announce-refresh=0");
            }
            await().atMost(Lab.START)
                    .until(
                            () ->
                                    lab.timeline().holdersNow(lab.vip()).size() == 2
                                            && lab.hosts().stream()
                                                    .allMatch(h -> h.has(lab.vip())));
            lab.awaitAnnounced();
            long since = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(22));
            for (Host host : lab.hosts()) {
                assertThat(lab.timeline().firstRemoved(host, lab.vip(), since)).isNegative();
                long frames =
                        watch.since(lab.vip(), since).stream()
                                .filter(frame -> frame.station().equals(host.hardwareAddress()))
                                .count();
                assertThat(frames).as("request and reply of %s", host).isBetween(2L, 3 * 2L);
            }
            for (Daemon daemon : lab.daemons()) {
                lab.awaitLog(daemon, " claims 10.0.0.99");
            }
            long deleted = lab.leaderKey().delete();
            lab.holders().awaitNobody(Lab.AT_ONCE);
            Results.add(
                    "two hosts with one trigger-value",
                    "released %s and %s after the key"
                            .formatted(
                                    lab.holders().untilRemoved(lab.host(1), deleted),
                                    lab.holders().untilRemoved(lab.host(2), deleted)));
        }
    }

    private static Lab open(String scenario, boolean ipv6) throws InterruptedException {
        return ipv6 ? Lab.open(scenario + " IPv6", 2, 1, Lab.VIP6) : Lab.open(scenario);
    }
}
