package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** The page of one daemon shows all hosts, and tells when two have the address. */
@Execution(ExecutionMode.CONCURRENT)
final class ClusterPageLiveIT {

    private static final String LISTEN = "--http-listen=*:8010";

    /** The same on all hosts, as people write it: each daemon is one of its own peers. */
    private static final String PEERS =
            "--http-peers=http://10.0.0.1:8010,http://10.0.0.2:8010,http://10.0.0.250:8010";

    /**
     * A failover, which does not look like two holders, and which the stream of events tells. Then
     * somebody puts the address on the first host by hand, on an interface that its daemon does not
     * look at: each host's page says so, until it is taken away. The third host is down.
     */
    @Test
    void twoHoldersAreShown() throws InterruptedException {
        try (Lab lab = Lab.open("cluster page")) {
            lab.leaderKey().name(lab.host(1));
            lab.hosts().forEach(host -> lab.daemon(host, LISTEN, PEERS));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            long before = lab.daemons().get(1).memory("status", "VmRSS");
            await("both are shown")
                    .atMost(Lab.START)
                    .until(() -> isWhole(get(lab, lab.host(2), "/")));
            assertThat(get(lab, lab.host(1), "/"))
                    .contains("http://10.0.0.250:8010 has not told its status")
                    .doesNotContain("http://10.0.0.1:8010 has", "http://10.0.0.2:8010 has");

            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
            for (int i = 0; i < 10; i++) {
                assertThat(get(lab, lab.host(1 + i % 2), "/")).doesNotContain("Two holders");
            }
            Results.add(
                    "page: looked at",
                    "RSS before %d KiB, after %d KiB"
                            .formatted(before, lab.daemons().get(1).memory("status", "VmRSS")));
            String events = get(lab, lab.host(1), "/events");
            assertThat(events).contains("retry: ", "event: change\ndata: 10.0.0.99: on ");

            lab.mayOverlap(Duration.ofMinutes(10)); // by hand
            lab.host(1).namespace().ip("address add 10.0.0.99/32 dev dcs0");
            for (Host host : lab.hosts()) {
                await("two holders are told by " + host)
                        .atMost(Lab.START)
                        .until(
                                () ->
                                        get(lab, host, "/")
                                                .contains("<h2>Two holders of 10.0.0.99</h2>"));
            }
            lab.host(1).namespace().ip("address delete 10.0.0.99/32 dev dcs0");
            await("one is left")
                    .atMost(Lab.START)
                    .until(() -> !get(lab, lab.host(1), "/").contains("Two holders"));
        }
    }

    private static boolean isWhole(String page) {
        return page.contains("10.0.0.99/24 on eth0 is here: this host leads")
                && page.contains("10.0.0.99/24 on eth0 is not here: this host does not lead");
    }

    private static String get(Lab lab, Host host, String path) {
        return HttpLiveIT.get(lab, host, path);
    }
}
