package org.vipmanager.lab;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Our program and the Go program that it replaces, side by side in one run: each has its own hosts,
 * etcd and client, and they take turns, so that whatever else the machine does troubles both.
 * Writes {@code docs/benchmarks.md}.
 */
public final class Bench {

    private static final String USAGE =
            "arguments: [--rounds=5] [--failovers=30] [--starts=10] [--addresses=1,10,50,200,1000]";

    /** More processes of the Go program would measure how it is to be short of memory. */
    private static final int MOST_PROCESSES = 200;

    private final Map<String, String> arguments = new TreeMap<>();
    private final Program ours = Program.underTest();
    private final Program go = Program.go();
    private final BenchReport report;

    private Bench(String[] given) {
        Arrays.stream(given)
                .map(word -> word.split("=", 2))
                .forEach(pair -> arguments.put(pair[0], pair.length > 1 ? pair[1] : ""));
        String command = "make bench ARGS=\"" + String.join(" ", given) + "\"";
        report =
                new BenchReport(BenchMachine.described(given.length == 0 ? "make bench" : command));
    }

    /** Measures for about a quarter of an hour. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        System.setProperty("java.awt.headless", "true");
        for (String argument : arguments) {
            if (!argument.matches(
                    "--(rounds|failovers|starts)=[1-9]\\d*|--addresses=\\d+(,\\d+)*")) {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
        Bench bench = new Bench(arguments);
        bench.failovers("failovers", "A failover", false);
        bench.failovers("failovers-busy", "A failover while all processors are busy", true);
        bench.weigh();
        bench.report.text("Load at the end: " + BenchMachine.load() + ".");
        System.out.println("written: docs/benchmarks.md, docs/bench/");
    }

    private int number(String argument, int usual) {
        return Integer.parseInt(arguments.getOrDefault(argument, String.valueOf(usual)));
    }

    /** Failovers in turn, in several rounds of daemons that were just started; then starts. */
    private void failovers(String name, String title, boolean busy) throws InterruptedException {
        int rounds = number("--rounds", 5);
        int each = number("--failovers", 30) / rounds / 2 * 2 + 2; // and back again
        BenchFigures[] figures = {new BenchFigures(), new BenchFigures()};
        for (int round = 0; round < rounds; round++) {
            System.out.printf("%s: round %d of %d%n", title, round + 1, rounds);
            try (BenchContestant a = new BenchContestant(ours, figures[0]);
                    BenchContestant b = new BenchContestant(go, figures[1])) {
                List<BenchContestant> both = round % 2 == 0 ? List.of(a, b) : List.of(b, a);
                List<Failover> running = both.stream().map(BenchContestant::failovers).toList();
                try (Load load = busy ? Load.start() : Load.NONE) {
                    for (int i = 0; i < each; i++) {
                        for (Failover one : running) {
                            one.once();
                        }
                    }
                    for (int i = 0; i < both.size(); i++) {
                        both.get(i).keep(running.get(i).figures());
                    }
                    for (int i = 0; i < number("--starts", 10) / rounds; i++) {
                        for (BenchContestant one : both) {
                            one.restart();
                        }
                    }
                }
            }
        }
        report.section(title, said(busy));
        report.table(
                name + "-first",
                "first takeover of a daemon: key change to address",
                named(figures[0].first, figures[1].first));
        report.distribution(
                name + "-address",
                "later takeovers: key change to address",
                named(figures[0].address, figures[1].address));
        report.distribution(
                name + "-outage", "client's outage", named(figures[0].outage, figures[1].outage));
        report.table(
                name + "-start", "start to address", named(figures[0].start, figures[1].start));
    }

    private static String said(boolean busy) {
        return busy
                ? "The same while `stress-ng --cpu 0` keeps every processor busy."
                : "The key in etcd names the other host. The time runs from the return of that write; the client asks"
                        + " every 2 ms, and its outage is the longest time without an answer.";
    }

    private Map<String, Samples> named(Samples first, Samples second) {
        Map<String, Samples> named = new LinkedHashMap<>();
        named.put("ours", first);
        named.put("5.0.0", second);
        return named;
    }

    /** Keeps every processor busy. */
    private record Load(Optional<Process> process) implements AutoCloseable {

        static final Load NONE = new Load(Optional.empty());

        static Load start() {
            try {
                String[] command = {"stress-ng", "--cpu", "0", "--timeout", "600", "--quiet"};
                return new Load(Optional.of(new ProcessBuilder(command).start()));
            } catch (IOException e) {
                throw new IllegalStateException("stress-ng is needed: build/setup lab", e);
            }
        }

        @Override
        public void close() {
            process.ifPresent(
                    it -> {
                        it.descendants().forEach(ProcessHandle::destroyForcibly);
                        it.destroyForcibly();
                    });
        }
    }

    /** Memory and processor by the number of addresses on one host. */
    private void weigh() throws InterruptedException, IOException {
        Map<Integer, BenchFleet.Weight> one = new TreeMap<>();
        Map<Integer, BenchFleet.Weight> many = new TreeMap<>();
        for (String word : arguments.getOrDefault("--addresses", "1,10,50,200,1000").split(",")) {
            int addresses = Integer.parseInt(word);
            System.out.println(addresses + " addresses");
            one.put(addresses, BenchFleet.of(ours, addresses));
            if (addresses <= MOST_PROCESSES) {
                many.put(addresses, BenchFleet.of(go, addresses));
            }
        }
        StringBuilder table =
                new StringBuilder(
                        """
                        | addresses | ours: PSS | processor | 5.0.0: PSS | processor |
                        | ---: | ---: | ---: | ---: | ---: |
                        """);
        StringBuilder csv = new StringBuilder("program,addresses,pss_mib,cpu_seconds_per_minute\n");
        one.forEach(
                (addresses, weight) -> {
                    String other =
                            Optional.ofNullable(many.get(addresses))
                                    .map(Bench::cells)
                                    .orElse("| |");
                    table.append("| ").append(addresses).append(" ").append(cells(weight));
                    table.append(" ").append(other).append(" |\n");
                });
        one.forEach((addresses, weight) -> csv.append(row("ours", addresses, weight)));
        many.forEach((addresses, weight) -> csv.append(row("5.0.0", addresses, weight)));
        BenchReport.save("addresses.csv", csv);
        Map<String, Map<Integer, Double>> lines = new LinkedHashMap<>();
        lines.put("ours", memory(one));
        lines.put("5.0.0", memory(many));
        BenchPlot.lines(
                BenchReport.file("addresses.svg"),
                "memory by the number of addresses on one host",
                "addresses",
                "PSS of all processes, MiB",
                lines);
        report.section(
                "Many addresses on one host",
                "One process of ours, as many processes of 5.0.0 as there are addresses (at most "
                        + MOST_PROCESSES
                        + "). PSS is the sum of all processes' shares; processor is in seconds of an idle minute.\n\n"
                        + table
                        + smaller(one, many)
                        + "\n![memory by the number of addresses](bench/addresses.svg)\n\n"
                        + "All figures: [addresses.csv](bench/addresses.csv).");
    }

    private static String cells(BenchFleet.Weight weight) {
        return String.format(Locale.ROOT, "| %.1f MiB | %.2f s", weight.pss(), weight.processor());
    }

    private static String row(String program, int addresses, BenchFleet.Weight weight) {
        return String.format(
                Locale.ROOT,
                "%s,%d,%.2f,%.3f%n",
                program,
                addresses,
                weight.pss(),
                weight.processor());
    }

    private static Map<Integer, Double> memory(Map<Integer, BenchFleet.Weight> weights) {
        Map<Integer, Double> memory = new TreeMap<>();
        weights.forEach((addresses, weight) -> memory.put(addresses, weight.pss()));
        return memory;
    }

    /** Where one process becomes smaller, between two numbers that were measured. */
    private static String smaller(
            Map<Integer, BenchFleet.Weight> one, Map<Integer, BenchFleet.Weight> many) {
        int below = 0;
        double before = Double.NaN;
        for (Map.Entry<Integer, BenchFleet.Weight> entry : many.entrySet()) {
            double more = one.get(entry.getKey()).pss() - entry.getValue().pss();
            if (more <= 0) {
                double at = entry.getKey();
                if (below > 0) {
                    at = below + (at - below) * before / (before - more);
                }
                return "\nOurs takes less memory from about %d addresses on.\n"
                        .formatted((int) Math.ceil(at));
            }
            below = entry.getKey();
            before = more;
        }
        return "";
    }
}
