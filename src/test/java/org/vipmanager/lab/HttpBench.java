package org.vipmanager.lab;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What {@code http-listen} costs: daemons without it, with it while nobody asks, scraped once a
 * second, and under load, each in a laboratory of their own, take turns in one run. The load is on
 * during the failovers of all, so that what it takes of the machine troubles each.
 */
public final class HttpBench {

    private static final HttpLoad.Kind SCRAPES = new HttpLoad.Kind(1, 1, 0);

    /** Two thousand requests a second, of the two daemons together. */
    private static final HttpLoad.Kind LOAD = new HttpLoad.Kind(16, 1000, 500);

    private static final Duration BEFORE = Duration.ofSeconds(20);
    private static final Duration AT_LEAST = Duration.ofSeconds(30);

    private HttpBench() {}

    private record Contestant(String name, Lab lab, Failover failover, Daemon leader)
            implements AutoCloseable {

        static Contestant of(String name, String... flags) throws InterruptedException {
            Lab lab = Lab.open("http bench, " + name);
            Failover failover = new Failover(lab);
            Daemon leader = lab.daemon(lab.host(1), flags);
            lab.daemon(lab.host(2), flags);
            failover.awaitStart();
            return new Contestant(name, lab, failover, leader);
        }

        double rss() {
            return leader.memory("status", "VmRSS") / 1024.0;
        }

        @Override
        public void close() {
            lab.close();
        }
    }

    /**
     * Measures for about two minutes and prints a table.
     *
     * @param arguments how many failovers of each; 30 unless told
     */
    public static void main(String[] arguments) throws InterruptedException {
        int failovers = arguments.length == 0 ? 30 : Integer.parseInt(arguments[0]);
        String listen = "--http-listen=*:" + HttpLoad.PORT;
        try (Contestant off = Contestant.of("off");
                Contestant quiet = Contestant.of("nobody asks", listen);
                Contestant scraped = Contestant.of("scraped", listen);
                Contestant loaded = Contestant.of("under load", listen)) {
            List<Contestant> all = List.of(off, quiet, scraped, loaded);
            Thread.sleep(BEFORE);
            double[] before = all.stream().mapToDouble(Contestant::rss).toArray();
            double[] most = before.clone();
            try (HttpLoad scrapes = new HttpLoad(scraped.lab, SCRAPES);
                    HttpLoad load = new HttpLoad(loaded.lab, LOAD)) {
                long end = System.nanoTime() + AT_LEAST.toNanos();
                for (int i = 0; i < failovers || System.nanoTime() - end < 0; i++) {
                    for (int each = 0; each < all.size(); each++) {
                        all.get(each).failover.once();
                        most[each] = Math.max(most[each], all.get(each).rss());
                    }
                }
                Results.add("http bench, scraped", scrapes.rate());
                Results.add("http bench, under load", load.rate());
            }
            for (int each = 0; each < all.size(); each++) {
                tell(all.get(each), off, before[each], most[each]);
            }
        }
    }

    private static void tell(Contestant each, Contestant off, double before, double most) {
        Failover.Figures figures = each.failover.figures();
        Results.add(
                "http bench: " + each.name,
                String.format(
                        Locale.ROOT,
                        "key to address: median %s (ratio %.2f), worst %s of %d; RSS %.1f MiB before, %.1f MiB at most",
                        Samples.text(figures.address().median()),
                        ratio(
                                figures.address().median(),
                                off.failover.figures().address().median()),
                        Samples.text(figures.address().worst()),
                        figures.address().count(),
                        before,
                        most));
    }

    private static double ratio(Duration one, Duration other) {
        return (double) one.toNanos() / other.toNanos();
    }
}
