package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.at;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Lifetimes, schedules, pauses, moments and rules. */
final class SmallValuesTest {

    private static final KernelLifetime LIFETIME =
            new KernelLifetime(at(18_000), at(19_750), Duration.ofSeconds(10), Moment.NEVER);

    @Test
    void lifetime_isWholeSecondsUpToItsEnd() {
        assertThat(LIFETIME.secondsAt(at(0).nanos())).isEqualTo(10);
        assertThat(LIFETIME.secondsAt(at(8000).nanos())).isEqualTo(10);
        assertThat(LIFETIME.secondsAt(at(8001).nanos())).isEqualTo(9);
        assertThat(LIFETIME.secondsAt(at(17_001).nanos())).isZero();
        assertThat(LIFETIME.secondsAt(at(19_900).nanos())).isZero();
        KernelLifetime generous =
                new KernelLifetime(at(90_000), at(1000), Duration.ofSeconds(10), Moment.NEVER);
        assertThat(generous.secondsAt(at(999).nanos())).isEqualTo(10);
        assertThat(generous.secondsAt(at(1000).nanos())).isZero();
    }

    @Test
    void lifetime_thatWasDecidedOnTooLongAgo_isNone() {
        KernelLifetime decided = LIFETIME.decidedAt(at(1000));
        assertThat(decided.secondsAt(at(1500).nanos())).isEqualTo(10);
        assertThat(decided.secondsAt(at(1501).nanos())).isZero();
        assertThat(decided.atMost(Duration.ofSeconds(1)).secondsAt(at(1501).nanos())).isZero();
    }

    @Test
    void lifetime_canBeShortened() {
        assertThat(LIFETIME.atMost(Duration.ofSeconds(2)).cap()).isEqualTo(Duration.ofSeconds(2));
        assertThat(LIFETIME.atMost(Duration.ofSeconds(10))).isSameAs(LIFETIME);
        assertThat(LIFETIME.isExceededBy(at(18_000))).isFalse();
        assertThat(LIFETIME.isExceededBy(at(18_001))).isTrue();
    }

    @Test
    void put_isStale_pastTheEnd_orWhereItCreatedWhatHadEnded() {
        PutResult.Done renewed = MachineUnderTest.put(1000, 10, 9000);
        assertThat(LIFETIME.isStale(renewed, Moment.LONG_AGO)).isFalse();
        PutResult.Done created = MachineUnderTest.created(1000, 10, 9000, 8000);
        assertThat(LIFETIME.isStale(created, at(9000))).isFalse();
        assertThat(LIFETIME.isStale(created, at(8999))).isTrue();
        PutResult.Done inTime = MachineUnderTest.put(19_700, 1, 19_749);
        assertThat(LIFETIME.isStale(inTime, Moment.NEVER)).isFalse();
        PutResult.Done late = MachineUnderTest.put(19_700, 1, 19_750);
        assertThat(LIFETIME.isStale(late, Moment.NEVER)).isTrue();
    }

    @Test
    void announcements_doubleAfterTheFirstFew() {
        List<Long> offsets =
                IntStream.range(0, 8)
                        .mapToObj(index -> AnnouncementSchedule.offset(index).toMillis())
                        .toList();
        assertThat(offsets).containsExactly(0L, 100L, 300L, 1000L, 2000L, 4000L, 8000L, 16_000L);
        assertThat(AnnouncementSchedule.offset(100)).isEqualTo(AnnouncementSchedule.offset(33));
    }

    /** A client that hears nothing for a while is told no later after it than it lasted. */
    @Test
    void announcements_doubleUntilTheRefresh_howeverManyAreWanted() {
        Duration minute = Duration.ofSeconds(60);
        assertThat(announcedAt(rules(6, minute), false, 12))
                .containsExactly(
                        0L, 100L, 300L, 1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L, 64_000L,
                        124_000L, 184_000L);
        assertThat(announcedAt(rules(1, minute), false, 9))
                .containsExactly(
                        0L, 1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L, 64_000L, 124_000L);
        assertThat(announcedAt(rules(6, minute), true, 11))
                .containsExactly(
                        0L, 100L, 300L, 1300L, 2600L, 5200L, 10_400L, 20_800L, 41_600L, 83_200L,
                        143_200L);
        assertThat(announcedAt(rules(20, Duration.ofSeconds(5)), false, 9))
                .containsExactly(0L, 100L, 300L, 1000L, 2000L, 4000L, 8000L, 13_000L, 18_000L);
    }

    @Test
    void announcements_withoutARefresh_endWithTheCount() {
        assertThat(announcedAt(rules(5, Duration.ZERO), false, 9))
                .containsExactly(0L, 100L, 300L, 1000L, 2000L);
        assertThat(announcedAt(rules(5, Duration.ZERO), true, 9)).containsExactly(0L, 100L, 300L);
    }

    @Test
    void announcement_thatTheKernelRefused_doesNotCount_andIsTriedAgainSoon() {
        AnnouncementSchedule schedule =
                AnnouncementSchedule.startingAt(at(0)).afterSending(at(0)).afterSending(at(100));
        for (int pause : new int[] {50, 100, 200, 400, 800, 1000, 1000}) {
            schedule = schedule.afterRefusal(at(100));
            assertThat(schedule.nextAt(Rules.DEFAULT, false)).isEqualTo(at(100 + pause));
            schedule = schedule.afterSending(at(100 + pause));
        }
        assertThat(schedule.nextAt(Rules.DEFAULT, false)).isEqualTo(at(1200));
        schedule = schedule.afterSending(at(1200)).afterRefusal(at(1200));
        assertThat(schedule.nextAt(Rules.DEFAULT, false)).isEqualTo(at(1250));
    }

    @Test
    void probes_double_thenComeOnceAMinute() {
        AnnouncementSchedule schedule = AnnouncementSchedule.startingAt(at(0));
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Moment next = schedule.nextProbeAt();
            seconds.add(at(0).until(next).toSeconds());
            schedule = schedule.afterProbe(next);
        }
        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 124L, 184L);
    }

    /** When the first of them are sent, in milliseconds. */
    private static List<Long> announcedAt(Rules rules, boolean ipv6, int most) {
        AnnouncementSchedule schedule = AnnouncementSchedule.startingAt(at(0));
        List<Long> millis = new ArrayList<>();
        Moment next = schedule.nextAt(rules, ipv6);
        while (millis.size() < most && !next.equals(Moment.NEVER)) {
            millis.add(at(0).until(next).toMillis());
            schedule = schedule.afterSending(next);
            next = schedule.nextAt(rules, ipv6);
        }
        return millis;
    }

    @Test
    void pauses_doubleUpToTheLongest() {
        RetryPolicy policy = RetryPolicy.doubling(Duration.ofMillis(20), Duration.ofMillis(100));
        Backoff backoff = new Backoff(policy);
        assertThat(backoff.pause()).isZero();
        assertThat(backoff.afterFailure().pause()).isEqualTo(Duration.ofMillis(20));
        assertThat(backoff.afterFailure().afterFailure().pause()).isEqualTo(Duration.ofMillis(40));
        Backoff often = new Backoff(policy, 50);
        assertThat(often.pause()).isEqualTo(Duration.ofMillis(100));
        assertThat(often.afterSuccess().pause()).isZero();
        RetryPolicy slow = RetryPolicy.doubling(Duration.ofNanos(1), Duration.ofDays(1));
        assertThat(new Backoff(slow, 99).pause()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void moments_areOrdered() {
        assertThat(at(1).isBefore(at(2))).isTrue();
        assertThat(at(1).isBefore(at(1))).isFalse();
        assertThat(at(2).isAfter(at(1))).isTrue();
        assertThat(at(1).isAfter(at(1))).isFalse();
        assertThat(Moment.earlier(at(1), at(2))).isEqualTo(at(1));
        assertThat(Moment.earlier(at(2), at(1))).isEqualTo(at(1));
        assertThat(Moment.later(at(1), at(2))).isEqualTo(at(2));
        assertThat(Moment.later(at(2), at(1))).isEqualTo(at(2));
        assertThat(at(1)).isLessThan(at(2)).isEqualByComparingTo(at(1));
        assertThat(at(5).until(at(3))).isEqualTo(Duration.ofMillis(-2));
        assertThat(at(5).minus(Duration.ofMillis(2))).isEqualTo(at(3));
    }

    @Test
    void rules_followFromTheSettings() {
        assertThat(Rules.DEFAULT.policyTrust()).isEqualTo(Duration.ofMillis(7500));
        assertThat(Rules.DEFAULT.freshness()).isEqualTo(Duration.ofSeconds(3));
        assertThat(Rules.DEFAULT.doubtAfter()).isEqualTo(Duration.ofSeconds(3));
        Rules slow = rules(6, Duration.ZERO);
        assertThat(slow.doubtAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void addresses_printAsIpDoes() {
        VirtualIp four = MachineUnderTest.VIP;
        VirtualIp six = new VirtualIp(InetAddress.ofLiteral("fd00::9"), 64, "");
        assertThat(four.cidr()).isEqualTo("10.0.0.9/24");
        assertThat(four).hasToString("10.0.0.9/24 on eth0");
        assertThat(four.isIpv6()).isFalse();
        assertThat(six).hasToString("fd00::9");
        assertThat(six.isIpv6()).isTrue();
    }

    private static Rules rules(int announceCount, Duration refresh) {
        Rules usual = Rules.DEFAULT;
        return new Rules(
                Duration.ofSeconds(5),
                usual.dcsTimeout(),
                usual.retryNum(),
                usual.retryAfter(),
                usual.addressLifetime(),
                announceCount,
                refresh,
                usual.yieldInDoubt(),
                usual.expectFailsafe(),
                usual.margins());
    }

    @Test
    void trouble_isCutShort() {
        assertThat(new Event.DcsFailed("x".repeat(500)).trouble()).hasSize(500);
        assertThat(new Event.DcsFailed("x".repeat(501)).trouble()).endsWith("x...").hasSize(503);
    }
}
