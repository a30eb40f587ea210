package org.vipmanager.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Our program and the Go program that it replaces, side by side in one run: each has its own hosts,
 * etcd and client, and they take turns, so that whatever else the machine does troubles both.
 */
public final class Bench {

    private static final int FAILOVERS = 30;
    private static final int STARTS = 10;
    private static final Duration AS_LEADER = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(10);

    private Bench() {}

    /** One program on its stage. */
    private static final class Contestant implements AutoCloseable {

        private final Program program;
        private final Lab lab;
        private final Failover failover;
        private final Samples starts = new Samples();
        private final Samples stops = new Samples();
        private final Samples restarts = new Samples();
        private Daemon leader;
        private long rss;
        private long pss;

        Contestant(Program program) throws InterruptedException {
            this.program = program;
            lab = Lab.open("bench " + program.name());
            failover = new Failover(lab);
            leader = lab.daemon(program, lab.host(1));
            lab.daemon(program, lab.host(2));
            failover.awaitStart();
        }

        void weigh() {
            rss = leader.memory("status", "VmRSS");
            pss = leader.memory("smaps_rollup", "Pss");
        }

        /** SIGINT, because the Go program leaves the address behind on SIGTERM. */
        void restart() throws InterruptedException {
            long at = leader.signal(Kernel.SIGINT);
            leader.awaitExit(SOON.toSeconds());
            stops.add(Duration.ofNanos(System.nanoTime() - at));
            lab.holders().awaitNobody(SOON);
            leader = lab.daemon(program, lab.host(1));
            lab.holders().awaitServing(lab.host(1), SOON);
            long held = lab.timeline().firstHeld(lab.host(1), lab.vip(), leader.startedAtNanos());
            starts.add(Duration.ofNanos(held - leader.startedAtNanos()));
            restarts.add(lab.client().longestGap(at, System.nanoTime()));
        }

        @Override
        public void close() {
            lab.close();
        }
    }

    /** Measures for about two minutes and prints a table. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Contestant ours = new Contestant(Program.underTest());
                Contestant go = new Contestant(Program.go())) {
            List<Contestant> both = List.of(ours, go);
            System.out.println(
                    "each leads for " + AS_LEADER.toSeconds() + " s, then its memory is read");
            Thread.sleep(AS_LEADER);
            both.forEach(Contestant::weigh);
            System.out.println(FAILOVERS + " failovers each");
            for (int i = 0; i < FAILOVERS; i++) {
                for (Contestant each : both) {
                    each.failover.once();
                }
            }
            System.out.println(STARTS + " starts each");
            for (int i = 0; i < STARTS; i++) {
                for (Contestant each : both) {
                    each.restart();
                }
            }
            table(ours, go).forEach(line -> Results.add(line.name, line.figures));
        }
    }

    private record Line(String name, String figures) {}

    private static List<Line> table(Contestant ours, Contestant go) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("", "ratio   " + ours.program.name() + "   " + go.program.name()));
        Function<Contestant, Samples> address = each -> each.failover.figures().address();
        Function<Contestant, Samples> outage = each -> each.failover.figures().outage();
        lines.add(
                time("key change to address: median", ours, go, address.andThen(Samples::median)));
        lines.add(time("key change to address: first", ours, go, address.andThen(Samples::first)));
        lines.add(time("key change to address: worst", ours, go, address.andThen(Samples::worst)));
        lines.add(time("client's outage: median", ours, go, outage.andThen(Samples::median)));
        lines.add(time("client's outage: worst", ours, go, outage.andThen(Samples::worst)));
        lines.add(time("start to address: median", ours, go, each -> each.starts.median()));
        lines.add(time("signal to end: median", ours, go, each -> each.stops.median()));
        lines.add(
                time("restart, client's outage: median", ours, go, each -> each.restarts.median()));
        lines.add(memory("RSS after 60 s as leader", ours, go, each -> each.rss));
        lines.add(memory("PSS after 60 s as leader", ours, go, each -> each.pss));
        return lines;
    }

    private static Line time(
            String name, Contestant ours, Contestant go, Function<Contestant, Duration> figure) {
        Duration a = figure.apply(ours);
        Duration b = figure.apply(go);
        return line(name, (double) a.toNanos() / b.toNanos(), Samples.text(a), Samples.text(b));
    }

    private static Line memory(
            String name, Contestant ours, Contestant go, Function<Contestant, Long> figure) {
        double a = figure.apply(ours) / 1024.0;
        double b = figure.apply(go) / 1024.0;
        return line(name, a / b, text(a), text(b));
    }

    private static String text(double mebibytes) {
        return String.format(Locale.ROOT, "%.1f MiB", mebibytes);
    }

    private static Line line(String name, double ratio, String ours, String go) {
        return new Line(name, String.format(Locale.ROOT, "%5.2f %13s %13s", ratio, ours, go));
    }
}
