package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Many addresses on two hosts: one process of ours on each, as many of the Go program. */
final class BenchAddresses {

    /** More processes of the Go program would measure how it is to be short of memory. */
    private static final int MOST_PROCESSES = 200;

    /** Until the start and what is played after it are over; C1 goes on for minutes. */
    private static final Duration SETTLED = Duration.ofSeconds(15);

    private static final Duration IDLE = Duration.ofSeconds(15);

    private BenchAddresses() {}

    /**
     * What was measured of one number of addresses.
     *
     * @param pss MiB, the share of each process summed up
     * @param rss MiB, of the first process
     * @param processor seconds in an idle minute
     * @param moved from the handover of the key to the last address on the other host
     */
    private record Weight(double pss, double rss, double processor, Samples moved) {}

    static void measure(BenchArguments arguments) throws InterruptedException, IOException {
        BenchSection section = new BenchSection("addresses", arguments.command("addresses"));
        Map<Integer, Weight> one = new TreeMap<>();
        Map<Integer, Weight> many = new TreeMap<>();
        int moves = arguments.number("moves", 6);
        for (int addresses : arguments.list("addresses", "1,10,50,200,1000")) {
            System.out.println(addresses + " addresses");
            one.put(addresses, of(Program.underTest(), addresses, moves));
            if (addresses <= MOST_PROCESSES) {
                many.put(addresses, of(Program.go(), addresses, moves));
            }
        }
        StringBuilder table =
                new StringBuilder(
                        """
                        | addresses | | PSS of all | RSS of one | processor | all moved: first | median | worst |
                        | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                        """);
        StringBuilder csv =
                new StringBuilder(
                        "addresses,program,pss_mib,rss_mib_of_one,cpu_seconds_per_minute,moves_ms\n");
        one.forEach(
                (addresses, weight) -> {
                    table.append(row(addresses, "ours", weight));
                    csv.append(line(addresses, "ours", weight));
                    Optional.ofNullable(many.get(addresses))
                            .ifPresent(
                                    other -> {
                                        table.append(row(addresses, "5.0.0", other));
                                        csv.append(line(addresses, "5.0.0", other));
                                    });
                });
        Map<String, Map<Integer, Double>> lines = new LinkedHashMap<>();
        lines.put("ours", memory(one));
        lines.put("5.0.0", memory(many));
        BenchPlot.lines(
                BenchPage.attachment("addresses.svg"),
                "memory by the number of addresses on one host",
                "addresses",
                "PSS of all processes, MiB",
                lines);
        section.text(
                "One process of ours on each of two hosts, as many of 5.0.0 as there are addresses (at most %d). PSS is the sum of all processes' shares on the host that leads; processor is in seconds of an idle minute there, reckoned from 15 seconds soon after the start (later it is less: [footprint.md](footprint.md)). The key changes as in a switchover by Patroni, and *all moved* is until the last address is on the other host; *first* is the first takeover of those daemons."
                        .formatted(MOST_PROCESSES));
        section.text(table.toString());
        section.text(smaller(memory(one), memory(many)));
        section.text("![memory by the number of addresses](bench/addresses.svg)");
        section.table(csv);
        section.writeTo(BenchPage.SCALE);
    }

    private static Weight of(Program program, int addresses, int moves)
            throws InterruptedException, IOException {
        try (Lab lab = Lab.open("bench " + addresses + " of " + program.name())) {
            lab.mayOverlap(Lab.START);
            Leadership leadership = BenchLeadership.ETCD.in(lab);
            List<Daemon> first = daemons(lab, program, lab.host(1), addresses);
            daemons(lab, program, lab.host(2), addresses);
            awaitAll(lab, lab.host(1), 0, addresses);
            Thread.sleep(SETTLED);
            double before = processor(first);
            Thread.sleep(IDLE);
            double processor = (processor(first) - before) * 60 / IDLE.toSeconds();
            double pss =
                    first.stream().mapToDouble(it -> it.memory("smaps_rollup", "Pss")).sum() / 1024;
            double rss = first.getFirst().memory("status", "VmRSS") / 1024.0;
            Samples moved = new Samples();
            for (int i = 0; i < moves; i++) {
                int to = 2 - i % 2;
                Thread.sleep(addresses < 1000 ? 1000 : 2000);
                long since = System.nanoTime();
                long told = leadership.move(lab.host(3 - to), lab.host(to));
                long last = awaitAll(lab, lab.host(to), since, addresses);
                moved.add(Duration.ofNanos(last - told));
            }
            return new Weight(pss, rss, processor, moved);
        }
    }

    /** Waits until the host has got all since that time; when the last one came. */
    private static long awaitAll(Lab lab, Host host, long sinceNanos, int addresses) {
        await("all are on " + host)
                .atMost(Lab.START)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () ->
                                lab.timeline().firstGotSince(host, "10.", sinceNanos).size()
                                        >= addresses);
        return Collections.max(lab.timeline().firstGotSince(host, "10.", sinceNanos).values());
    }

    private static List<Daemon> daemons(Lab lab, Program program, Host host, int addresses) {
        return program.isGo()
                ? IntStream.range(0, addresses)
                        .mapToObj(i -> lab.daemon(program, host, "--ip=" + address(i)))
                        .toList()
                : List.of(lab.daemon(host, ManyAddressesLiveIT.addresses(lab, host, addresses)));
    }

    private static String address(int index) {
        return "10.0." + (2 + index / 250) + "." + (index % 250 + 1);
    }

    private static double processor(List<Daemon> daemons) throws IOException {
        double seconds = 0;
        for (Daemon daemon : daemons) {
            seconds += daemon.processorTime().toMillis() / 1000.0;
        }
        return seconds;
    }

    private static String row(int addresses, String program, Weight weight) {
        return String.format(
                Locale.ROOT,
                "| %d | %s | %.1f MiB | %.1f MiB | %.2f s | %s | %s | %s |%n",
                addresses,
                program,
                weight.pss,
                weight.rss,
                weight.processor,
                Samples.text(weight.moved.first()),
                Samples.text(weight.moved.median()),
                Samples.text(weight.moved.worst()));
    }

    private static String line(int addresses, String program, Weight weight) {
        List<String> moves =
                weight.moved.inOrder().stream()
                        .map(each -> String.format(Locale.ROOT, "%.3f", each.toNanos() / 1e6))
                        .toList();
        return String.format(
                Locale.ROOT,
                "%d,%s,%.2f,%.2f,%.3f,%s%n",
                addresses,
                program,
                weight.pss,
                weight.rss,
                weight.processor,
                String.join(" ", moves));
    }

    private static Map<Integer, Double> memory(Map<Integer, Weight> weights) {
        Map<Integer, Double> memory = new TreeMap<>();
        weights.forEach((addresses, weight) -> memory.put(addresses, weight.pss()));
        return memory;
    }

    /** Where one process becomes smaller, between two numbers that were measured. */
    private static String smaller(Map<Integer, Double> one, Map<Integer, Double> many) {
        int below = 0;
        double before = Double.NaN;
        for (Map.Entry<Integer, Double> entry : many.entrySet()) {
            double more = one.get(entry.getKey()) - entry.getValue();
            if (more <= 0) {
                double at = entry.getKey();
                if (below > 0) {
                    at = below + (at - below) * before / (before - more);
                }
                return "Ours takes less memory from about %d addresses on."
                        .formatted((int) Math.ceil(at));
            }
            below = entry.getKey();
            before = more;
        }
        return "";
    }
}
