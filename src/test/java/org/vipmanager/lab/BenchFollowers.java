package org.vipmanager.lab;

import java.time.Duration;
import java.util.Locale;

/** What followers cost the etcd that they follow, and how soon all of them hear of a change. */
final class BenchFollowers {

    /** More processes of the Go program would measure how they are to be short of processors. */
    private static final int MOST_PROCESSES = 200;

    private final StringBuilder table =
            new StringBuilder(
                    """
                    | followers | | requests a second and follower | messages | etcd's processor | a change is heard: median | 99 % | by the last: median | worst |
                    | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
                    """);
    private final StringBuilder csv =
            new StringBuilder(
                    "followers,program,requests_per_second_and_follower,messages_per_second_and_follower,etcd_cpu_seconds_per_minute,heard_ms_median,heard_ms_99,last_ms_median,last_ms_worst\n");

    private BenchFollowers() {}

    static void measure(BenchArguments arguments) {
        BenchSection section = new BenchSection("followers", arguments.command("followers"));
        BenchFollowers all = new BenchFollowers();
        // Of an interface with a hardware address, without which the Go program does not start.
        try (Scenario scenario = new Scenario("bench followers")) {
            Namespace inside = scenario.network().host("followers", 1).namespace();
            for (int size : arguments.list("followers", "10,100,1000")) {
                System.out.println(size + " followers");
                all.add(size, "ours", inside.call(() -> Fleet.measure(size, false)));
                if (size <= MOST_PROCESSES) {
                    all.add(size, "5.0.0", inside.call(() -> Fleet.measure(size, true)));
                }
            }
        }
        section.text(
                "Hosts that follow one key in one etcd, while somebody writes another key once a second, as Patroni does. Ours are the real etcd source, once for each host, in one process; of 5.0.0 there is a process for each (at most %d). Processor is in seconds of a minute, that of the writer included. A change is heard when the follower tells of it, from the sending of the write; each of 40 changes."
                        .formatted(MOST_PROCESSES));
        section.text(all.table.toString());
        section.table(all.csv);
        section.writeTo(BenchPage.SCALE);
    }

    private void add(int size, String program, Fleet.Figures figures) {
        double each = figures.seconds() * size;
        FleetServer.Counters cost = figures.cost();
        double processor = cost.cpuSeconds() * 60 / figures.seconds();
        figures.failures().forEach(System.out::println);
        table.append(
                String.format(
                        Locale.ROOT,
                        "| %d | %s | %.3f | %.3f | %.2f s | %s | %s | %s | %s |%n",
                        size,
                        program,
                        cost.started() / each,
                        cost.received() / each,
                        processor,
                        Samples.text(figures.heard().median()),
                        Samples.text(figures.heard().percentile(99)),
                        Samples.text(figures.last().median()),
                        Samples.text(figures.last().worst())));
        csv.append(
                String.format(
                        Locale.ROOT,
                        "%d,%s,%.4f,%.4f,%.3f,%.3f,%.3f,%.3f,%.3f%n",
                        size,
                        program,
                        cost.started() / each,
                        cost.received() / each,
                        processor,
                        milliseconds(figures.heard().median()),
                        milliseconds(figures.heard().percentile(99)),
                        milliseconds(figures.last().median()),
                        milliseconds(figures.last().worst())));
    }

    private static double milliseconds(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
