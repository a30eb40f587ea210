package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The source against a real etcd 3.5 and 3.4 on the loopback interface, without TLS and login. */
final class EtcdPlainLiveIT {

    private static final String KEY = "/service/db/leader";
    private static final Trigger TRIGGER = new Trigger(KEY, "pg1");

    @TempDir Path folder;

    @Test
    void watch_tellsAChangeWithinMilliseconds() throws Exception {
        for (String tree : List.of("etcd-3.5", "etcd-3.4")) {
            try (EtcdProcess etcd = EtcdProcess.start(tree, folder.resolve(tree));
                    LiveSource source = LiveSource.follow(etcd, TRIGGER)) {
                EtcdGateway gateway = etcd.gateway();
                source.awaitAbsent();
                Thread.sleep(50); // let the watch be created
                int events = 0;
                List<Double> delays = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    String value = "pg" + i;
                    gateway.put(KEY, value);
                    Moment written = LiveSource.now();
                    Sighting seen = source.awaitValue(value);
                    events += seen.origin() == Sighting.Origin.EVENT ? 1 : 0;
                    delays.add(written.until(seen.receivedAt()).toNanos() / 1e6);
                }
                double first = delays.getFirst();
                Collections.sort(delays);
                System.out.printf(
                        Locale.ROOT,
                        "%s: watch latency after the write had returned: first %.2f ms,"
                                + " median %.2f ms, worst %.2f ms%n",
                        tree,
                        first,
                        delays.get(15),
                        delays.getLast());
                // A confirming read may happen to be answered before the event.
                assertThat(events).isGreaterThan(25);
                assertThat(delays.getLast()).isLessThan(100);
            }
        }
    }
}
