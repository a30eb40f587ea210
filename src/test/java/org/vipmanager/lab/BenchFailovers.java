package org.vipmanager.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Failovers of both programs in turn, in several rounds of daemons that were just started; then
 * starts.
 *
 * @param failovers how many of each program are usual
 * @param starts the same of starts
 */
record BenchFailovers(
        String part, BenchLeadership kind, BenchBurden burden, int failovers, int starts) {

    private static final int SPREAD_STEP_MILLIS = 370;

    static final List<BenchFailovers> ALL =
            List.of(
                    new BenchFailovers("etcd", BenchLeadership.ETCD, BenchBurden.NONE, 300, 10),
                    new BenchFailovers(
                            "etcd-busy", BenchLeadership.ETCD, BenchBurden.PROCESSORS, 60, 5),
                    new BenchFailovers(
                            "etcd-memory", BenchLeadership.ETCD, BenchBurden.MEMORY, 60, 0),
                    new BenchFailovers(
                            "etcd-rewritten",
                            BenchLeadership.ETCD_REWRITTEN,
                            BenchBurden.NONE,
                            60,
                            0),
                    new BenchFailovers("consul", BenchLeadership.CONSUL, BenchBurden.NONE, 40, 0),
                    new BenchFailovers(
                            "patroni", BenchLeadership.PATRONI, BenchBurden.NONE, 40, 0));

    void measure(BenchArguments arguments) throws InterruptedException {
        int rounds = arguments.number("rounds", failovers > 100 ? 5 : 3);
        int each = arguments.number("failovers", failovers) / rounds / 2 * 2 + 2; // and back again
        BenchSection section = new BenchSection(part, arguments.command(part));
        Map<String, BenchFigures> figures = new LinkedHashMap<>();
        String borne = "";
        for (int round = 0; round < rounds; round++) {
            System.out.printf("%s: round %d of %d%n", part, round + 1, rounds);
            try (Stage stage = new Stage(programs(round), figures)) {
                List<Saturation> running =
                        burden.begin(stage.contestants.stream().flatMap(BenchContestant::groups));
                try {
                    stage.play(
                            each,
                            starts == 0
                                    ? 0
                                    : Math.ceilDiv(arguments.number("starts", starts), rounds));
                    borne = running.isEmpty() ? "" : running.getFirst().toString();
                } finally {
                    running.forEach(Saturation::close);
                }
            }
        }
        section.text(said(borne));
        section.samples("first takeover of a daemon", named(figures, it -> it.first));
        section.distribution("address", "later takeovers", named(figures, it -> it.address));
        section.distribution("outage", "client's outage", named(figures, it -> it.outage));
        section.samples("start to address", named(figures, it -> it.start));
        section.writeSamples();
        section.writeTo(BenchPage.BENCHMARKS);
    }

    private List<Program> programs(int round) {
        List<Program> both =
                round % 2 == 0
                        ? List.of(Program.underTest(), Program.go())
                        : List.of(Program.go(), Program.underTest());
        return both.stream().filter(kind::isKnownTo).toList();
    }

    private String said(String borne) {
        return switch (burden) {
            case NONE -> kind.said();
            case PROCESSORS ->
                    "The same while `stress-ng --cpu 0` keeps every processor busy, with the priority of the daemons.";
            case MEMORY ->
                    "The same while each daemon is short of memory: where a control group of its own can be made, that has room for 92 MiB beside what the daemon holds, and stress-ng and a reader of a large file want more, so that the kernel takes the daemon's own files away all the time. In the last round the first of them was beside %s."
                            .formatted(borne);
        };
    }

    /** Of the programs that have any. */
    private static Map<String, Samples> named(
            Map<String, BenchFigures> figures, Function<BenchFigures, Samples> one) {
        Map<String, Samples> named = new LinkedHashMap<>();
        figures.forEach((name, measured) -> named.put(name, one.apply(measured)));
        named.values().removeIf(samples -> samples.count() == 0);
        return named;
    }

    /** The programs that take turns in one round. */
    private final class Stage implements AutoCloseable {

        private final List<BenchContestant> contestants = new ArrayList<>();

        Stage(List<Program> programs, Map<String, BenchFigures> figures)
                throws InterruptedException {
            figures.putIfAbsent("ours", new BenchFigures());
            figures.putIfAbsent("5.0.0", new BenchFigures());
            try {
                for (Program program : programs) {
                    BenchFigures own = figures.get(program.isGo() ? "5.0.0" : "ours");
                    contestants.add(new BenchContestant(program, kind, burden, own));
                }
            } catch (RuntimeException | Error | InterruptedException e) {
                close();
                throw e;
            }
        }

        void play(int failovers, int starts) throws InterruptedException {
            for (int i = 0; i < failovers; i++) {
                for (BenchContestant one : contestants) {
                    pause(i);
                    one.failOver();
                }
            }
            contestants.forEach(BenchContestant::keep);
            for (int i = 0; i < starts; i++) {
                for (BenchContestant one : contestants) {
                    one.restart();
                }
            }
        }

        /** Until another moment of what goes by between two questions of a program. */
        private void pause(int turn) throws InterruptedException {
            if (!kind.spread().isZero()) {
                Thread.sleep((long) turn * SPREAD_STEP_MILLIS % kind.spread().toMillis());
            }
        }

        @Override
        public void close() {
            contestants.forEach(BenchContestant::close);
        }
    }
}
