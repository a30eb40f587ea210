package org.vipmanager.lab;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** Of several endpoints the first one is dead. The watch alone tells of changes: reads are rare. */
@Execution(ExecutionMode.CONCURRENT)
final class EndpointLiveIT {

    /** Nothing listens on the first endpoint's port. The second one is asked, and followed. */
    @Test
    void firstEndpoint_refuses() throws InterruptedException {
        try (Lab lab = Lab.open("first endpoint refuses")) {
            String dead = "http://" + lab.etcd().host().dcsAddress() + ":2378";
            startsAndFollows(lab, dead, "first endpoint refuses");
        }
    }

    /** The first endpoint never answers a packet. The second one is asked, and followed. */
    @Test
    void firstEndpoint_isSilent() throws InterruptedException {
        try (Lab lab = Lab.open("first endpoint silent")) {
            lab.hosts().forEach(host -> host.swallowPacketsTo("192.168.0.200"));
            startsAndFollows(lab, "http://192.168.0.200:2379", "first endpoint silent");
        }
    }

    private static void startsAndFollows(Lab lab, String dead, String scenario)
            throws InterruptedException {
        String endpoints = "--dcs-endpoints=" + dead + "," + lab.endpoints();
        lab.leaderKey().name(lab.host(1));
        Daemon first = lab.daemon(lab.host(1), endpoints, Lab.READS_ARE_RARE);
        lab.daemon(lab.host(2), endpoints, Lab.READS_ARE_RARE);
        lab.holders().awaitServing(lab.host(1), Lab.START);
        String started = lab.holders().untilHeld(lab.host(1), first.startedAtNanos());
        Thread.sleep(Duration.ofSeconds(4));
        long written = lab.leaderKey().name(lab.host(2));
        lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
        Results.add(
                scenario,
                "address %s after the start, failover %s"
                        .formatted(started, lab.holders().untilHeld(lab.host(2), written)));
    }
}
