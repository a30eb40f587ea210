package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** keepalived, where it does the same job: one of two hosts has the address. */
final class BenchKeepalived {

    private static final Duration WARM = Duration.ofSeconds(2);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(30);

    private BenchKeepalived() {}

    /** What was measured with one interval of VRRP's advertisements. */
    private static final class Figures {
        private final Samples ordered = new Samples();
        private final Samples stopped = new Samples();
        private final Samples killed = new Samples();
        private final Samples orderedOutage = new Samples();
        private final Samples stoppedOutage = new Samples();
        private double pss;
    }

    static void measure(BenchArguments arguments) throws InterruptedException {
        BenchSection section = new BenchSection("keepalived", arguments.command("keepalived"));
        Map<String, Figures> figures = new LinkedHashMap<>();
        for (String interval : new String[] {"1", "0.1"}) {
            System.out.println("keepalived, an advertisement every " + interval + " s");
            figures.put(interval + " s", of(interval, arguments));
        }
        section.text(
                "keepalived elects by VRRP and asks no DCS, so it moves the address for other reasons: its priority falls (`track_file`), it is stopped (SIGTERM), it is killed (SIGKILL; the old host keeps the address as well, without end). Beside the takeovers above stands the first of these, from the order to the address. By the interval of its advertisements, of which 1 s is its default. Its processes on a host have a PSS of %s."
                        .formatted(
                                String.format(
                                        Locale.ROOT,
                                        "%.1f MiB",
                                        figures.values().iterator().next().pss)));
        section.samples("ordered: to the address", named(figures, it -> it.ordered));
        section.samples("ordered: client's outage", named(figures, it -> it.orderedOutage));
        section.samples("stopped: to the address", named(figures, it -> it.stopped));
        section.samples("stopped: client's outage", named(figures, it -> it.stoppedOutage));
        section.samples("killed: to the address", named(figures, it -> it.killed));
        section.writeSamples();
        section.writeTo(BenchPage.BENCHMARKS);
    }

    private static Map<String, Samples> named(
            Map<String, Figures> figures, Function<Figures, Samples> one) {
        Map<String, Samples> named = new LinkedHashMap<>();
        figures.forEach((interval, measured) -> named.put(interval, one.apply(measured)));
        named.values().removeIf(samples -> samples.count() == 0);
        return named;
    }

    private static Figures of(String interval, BenchArguments arguments)
            throws InterruptedException {
        Figures figures = new Figures();
        try (Lab lab = Lab.openWithoutEtcd("bench keepalived " + interval)) {
            lab.mayOverlap(SOON); // who is killed leaves the address behind
            String settings = "version 3\n    advert_int " + interval;
            Keepalived first = lab.keep(new Keepalived(lab, lab.host(1), settings));
            first.lead(true);
            lab.holders().awaitServing(lab.host(1), SOON);
            Keepalived second = lab.keep(new Keepalived(lab, lab.host(2), settings));
            Thread.sleep(WARM);
            Failover failover = new Failover(lab, new Ordered(lab, first, second));
            int orders = arguments.number("failovers", 10) / 2 * 2;
            for (int i = 0; i < orders; i++) {
                failover.once();
            }
            failover.figures().address().inOrder().forEach(figures.ordered::add);
            failover.figures().outage().inOrder().forEach(figures.orderedOutage::add);
            figures.pss = first.pss();
            first.lead(false);
            Keepalived[] turns = {first, second};
            int ends = arguments.number("moves", 4) / 2 * 2;
            for (int i = 0; i < ends; i++) {
                Keepalived old = turns[i % 2];
                Duration outage =
                        end(lab, old, turns[1 - i % 2], Keepalived::stop, figures.stopped);
                figures.stoppedOutage.add(outage);
            }
            for (int i = 0; i < ends; i++) {
                Keepalived old = turns[i % 2];
                end(lab, old, turns[1 - i % 2], Keepalived::kill, figures.killed);
            }
        }
        return figures;
    }

    /** Ends the one that has the address, and starts it again; the client's outage. */
    private static Duration end(
            Lab lab,
            Keepalived old,
            Keepalived next,
            ToLongFunction<Keepalived> end,
            Samples address)
            throws InterruptedException {
        long at = end.applyAsLong(old);
        await("keepalived of " + next.host() + " takes over")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> lab.client().answeredBy().equals(next.host().name()));
        Thread.sleep(SETTLE);
        long held = lab.timeline().firstHeld(next.host(), lab.vip(), at);
        if (held < 0) {
            // On a machine that keeps advertisements waiting it had been elected meanwhile.
            System.out.println(next.host() + " had the address before the other one ended");
        } else {
            address.add(Duration.ofNanos(held - at));
        }
        Duration outage = lab.client().longestGap(at, System.nanoTime());
        old.startAgain();
        lab.holders().awaitServing(next.host(), SOON);
        Thread.sleep(WARM);
        return outage;
    }

    /** By their priorities. */
    private record Ordered(Lab lab, Keepalived first, Keepalived second) implements Leadership {

        @Override
        public long move(Host from, Host to) {
            long at = lab.timeline().note("keepalived of " + to + " is to lead");
            of(from).lead(false);
            of(to).lead(true);
            return at;
        }

        private Keepalived of(Host host) {
            return host.equals(first.host()) ? first : second;
        }

        @Override
        public String[] flags(Host host) {
            return new String[0];
        }
    }
}
