package org.vipmanager.lab;

import java.time.Duration;

/** Lets the leader key change from host to host and measures what the address and the client do. */
final class Failover {

    private static final Duration SETTLE = Duration.ofMillis(300);

    /**
     * @param address from the write of the key having returned to the address on the new leader
     * @param outage the client's longest time without an answer
     */
    record Figures(Samples address, Samples outage) {}

    private Failover() {}

    static Figures measure(Lab lab, Program program, int times) throws InterruptedException {
        Samples address = new Samples();
        Samples outage = new Samples();
        LeaderKey key = lab.leaderKey();
        key.name(lab.host(1));
        lab.daemon(program, lab.host(1));
        lab.daemon(program, lab.host(2));
        lab.awaitServing(lab.host(1), Duration.ofSeconds(10));
        Thread.sleep(2000);
        for (int i = 0; i < times; i++) {
            Host next = lab.host(i % 2 == 0 ? 2 : 1);
            long before = System.nanoTime();
            long written = key.name(next);
            lab.awaitServing(next, Duration.ofSeconds(10));
            Thread.sleep(SETTLE);
            address.add(
                    Duration.ofNanos(lab.timeline().firstHeld(next, lab.vip(), before) - written));
            outage.add(lab.client().longestGap(before, System.nanoTime()));
        }
        return new Figures(address, outage);
    }
}
