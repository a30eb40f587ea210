package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Many addresses on one host: one process of ours, as many of the Go program. */
final class BenchFleet {

    /** Until all has been compiled that is going to be. */
    private static final Duration SETTLED = Duration.ofSeconds(25);

    private static final Duration IDLE = Duration.ofSeconds(15);

    private BenchFleet() {}

    /**
     * @param pss MiB, the share of each process summed up
     * @param processor seconds in an idle minute
     */
    record Weight(double pss, double processor) {}

    static Weight of(Program program, int addresses) throws InterruptedException, IOException {
        try (Lab lab = Lab.open("bench " + addresses + " of " + program.name())) {
            Host host = lab.host(1);
            lab.leaderKey().name(host);
            List<Daemon> daemons =
                    program.isGo()
                            ? IntStream.range(0, addresses)
                                    .mapToObj(i -> lab.daemon(program, host, "--ip=" + address(i)))
                                    .toList()
                            : List.of(
                                    lab.daemon(
                                            host,
                                            ManyAddressesLiveIT.addresses(lab, host, addresses)));
            // The last one to start is the last one to hold; the time to settle is for all.
            InetAddress last =
                    program.isGo() ? InetAddress.ofLiteral(address(addresses - 1)) : lab.vip();
            await().atMost(Lab.START).until(() -> host.has(last));
            Thread.sleep(SETTLED);
            double pss = 0;
            for (Daemon daemon : daemons) {
                pss += daemon.memory("smaps_rollup", "Pss") / 1024.0;
            }
            double before = processor(daemons);
            Thread.sleep(IDLE);
            double minutes = IDLE.toSeconds() / 60.0;
            return new Weight(pss, (processor(daemons) - before) / minutes);
        }
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
}
