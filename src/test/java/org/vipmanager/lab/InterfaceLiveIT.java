package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Things happen to the interface on which the leader holds an IPv4 and an IPv6 address. The times
 * in the table count from the kernel's own notification that the interface can carry them (again).
 */
@ResourceLock(Results.FIGURES)
final class InterfaceLiveIT {

    private static final int TIMES = 20;
    private static final int A_FEW = 5;
    private static final List<InetAddress> VIPS = List.of(Lab.VIP, Lab.VIP6);

    /** Both addresses are on the interface, and announced anew, each time. */
    @Test
    void everythingThatCanHappenToAnInterface() throws InterruptedException {
        try (Lab lab = Lab.open("interface");
                LinkWatch links = new LinkWatch(lab.host(1));
                AnnouncementWatch frames = new AnnouncementWatch(lab.host(1))) {
            Stage stage = new Stage(lab, links, frames, openWithLeader(lab));
            Host host = lab.host(1);
            Namespace inside = host.namespace();
            Namespace elsewhere = lab.client().host().namespace();
            stage.play(
                    "addresses flushed", TIMES, 0, () -> inside.flush("eth0"), host::addAddresses);
            stage.play(
                    "interface down and up",
                    A_FEW,
                    2,
                    () -> inside.ip("link set eth0 down"),
                    () -> inside.ip("link set eth0 up"));
            stage.play(
                    "carrier lost and returned",
                    A_FEW,
                    2,
                    () -> host.carrier(false),
                    () -> host.carrier(true));
            stage.play(
                    "interface deleted and created",
                    TIMES,
                    2,
                    () -> inside.ip("link delete eth0"),
                    host::createInterface);
            stage.play(
                    "interface renamed and back",
                    A_FEW,
                    2,
                    () -> inside.ip("link set eth0 down", "link set eth0 name lan0"),
                    () -> inside.ip("link set lan0 name eth0", "link set eth0 up"));
            stage.play(
                    "interface moved away and back",
                    A_FEW,
                    2,
                    () ->
                            inside.ip(
                                    "link set eth0 down",
                                    "link set eth0 name away0 netns " + elsewhere.name()),
                    () -> {
                        elsewhere.ip("link set away0 name eth0 netns " + inside.name());
                        inside.ip("link set eth0 up");
                        host.addAddresses();
                    });
            stage.play(
                    "hardware address changed",
                    A_FEW,
                    1,
                    () -> {},
                    () -> inside.ip("link set eth0 address 02:00:00:00:01:" + stage.number()));
        }
    }

    /** The daemon starts while there is no such interface, and waits for it. */
    @Test
    void interfaceAbsentAtStart() throws InterruptedException {
        try (Lab lab = Lab.open("interface absent");
                LinkWatch links = new LinkWatch(lab.host(1));
                AnnouncementWatch frames = new AnnouncementWatch(lab.host(1))) {
            Host host = lab.host(1);
            host.namespace().ip("link delete eth0");
            lab.leaderKey().name(host);
            Daemon daemon = lab.daemon(host, both(lab));
            lab.awaitLog(daemon, "there is no interface of that name");
            Thread.sleep(Duration.ofSeconds(1));
            Stage stage = new Stage(lab, links, frames, daemon);
            stage.play("interface absent at start", 1, 1, () -> {}, host::createInterface);
            lab.holders().awaitServing(host, Lab.AT_ONCE);
        }
    }

    private static Daemon openWithLeader(Lab lab) throws InterruptedException {
        lab.patroni(lab.host(1), Lab.A_LONG_LEASE);
        Daemon daemon = lab.daemon(lab.host(1), both(lab));
        lab.holders().awaitServing(lab.host(1), Lab.START);
        Thread.sleep(Duration.ofSeconds(1));
        return daemon;
    }

    private static SettingsFile both(Lab lab) {
        return lab.settings(lab.host(1), Lab.BOTH_FAMILIES_RARELY_RENEWED);
    }

    /** What is measured with. */
    private static final class Stage {

        private final Lab lab;
        private final LinkWatch links;
        private final AnnouncementWatch frames;
        private final Daemon daemon;
        private int count = 10;

        Stage(Lab lab, LinkWatch links, AnnouncementWatch frames, Daemon daemon) {
            this.lab = lab;
            this.links = links;
            this.frames = frames;
            this.daemon = daemon;
        }

        /** A number of two digits, another each time. */
        int number() {
            return ++count;
        }

        /**
         * Breaks and mends the interface so many times, of which each must log so many lines about
         * the interface.
         */
        void play(String what, int times, int lines, Runnable harm, Runnable mend)
                throws InterruptedException {
            Samples announced = new Samples();
            boolean flush = lines == 0;
            long told = linesAboutInterface();
            for (int i = 0; i < times; i++) {
                long before = lab.timeline().note(what);
                harm.run();
                if (!flush) {
                    awaitLines(what, told + lines - 1L);
                    before = System.nanoTime();
                    mend.run();
                }
                for (InetAddress vip : VIPS) {
                    announced.add(untilAnnounced(what, vip, before, flush));
                }
                if (flush) {
                    mend.run();
                }
                told += lines;
                awaitLines(what, told);
            }
            Results.add(what, "held and announced: " + announced);
            assertThat(announced.worst()).as(what).isLessThan(Lab.AT_ONCE);
            Thread.sleep(150);
            assertThat(linesAboutInterface()).as(what + ": lines about it").isEqualTo(told);
        }

        private void awaitLines(String what, long count) {
            await(what + ": it is told")
                    .atMost(Lab.START)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> linesAboutInterface() >= count);
        }

        private Duration untilAnnounced(String what, InetAddress vip, long before, boolean flush) {
            LongPredicate known = at -> at >= 0;
            await(what + ": " + vip.getHostAddress() + " is announced")
                    .atMost(Lab.START)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> known.test(since(vip, before, flush)));
            return Duration.ofNanos(since(vip, before, flush));
        }

        /** From when it was possible until it was announced; -1 when it was not yet. */
        private long since(InetAddress vip, long before, boolean flush) {
            Host host = lab.host(1);
            long possible =
                    flush
                            ? lab.timeline().firstRemoved(host, vip, before)
                            : links.firstReady("eth0", before);
            long held = lab.timeline().firstHeld(host, vip, Math.max(possible, before));
            long announced = frames.first(vip, Math.max(possible, before));
            boolean complete =
                    possible >= 0
                            && frames.isAnnouncedAnew(vip, Math.max(possible, before))
                            && (held >= 0 || !flush);
            return complete && host.has(vip) ? Math.max(announced, held) - possible : -1;
        }

        private long linesAboutInterface() {
            return daemon.log().stream().filter(line -> line.contains("interface eth0:")).count();
        }
    }
}
