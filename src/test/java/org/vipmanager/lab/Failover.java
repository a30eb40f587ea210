package org.vipmanager.lab;

import java.time.Duration;

/** Lets the leadership change from host to host and measures what the address and the client do. */
final class Failover {

    private static final Duration WARM = Duration.ofSeconds(2);
    private static final Duration SETTLE = Duration.ofMillis(300);

    private final Lab lab;
    private final Leadership leadership;
    private final Samples address = new Samples();
    private final Samples outage = new Samples();

    /**
     * @param address from the new leader being told, and that acknowledged, to its address
     * @param outage the client's longest time without an answer
     */
    record Figures(Samples address, Samples outage) {}

    /** The leader key names the first host; daemons are still to be started. */
    Failover(Lab lab) {
        this(lab, Leadership.rewritten(lab));
        lab.leaderKey().name(lab.host(1));
    }

    /** The first host leads. */
    Failover(Lab lab, Leadership leadership) {
        this.lab = lab;
        this.leadership = leadership;
    }

    static Figures measure(Lab lab, Program program, int times) throws InterruptedException {
        Failover failover = new Failover(lab);
        lab.daemon(program, lab.host(1));
        lab.daemon(program, lab.host(2));
        return failover.measure(times);
    }

    Figures measure(int times) throws InterruptedException {
        awaitStart();
        for (int i = 0; i < times; i++) {
            once();
        }
        return figures();
    }

    void awaitStart() throws InterruptedException {
        lab.holders().awaitServing(lab.host(1), Lab.START);
        Thread.sleep(WARM);
    }

    /** From the first host to the second, or back. */
    void once() throws InterruptedException {
        boolean back = address.count() % 2 != 0;
        Host next = lab.host(back ? 1 : 2);
        long before = System.nanoTime();
        long written = leadership.move(lab.host(back ? 2 : 1), next);
        lab.holders().awaitServing(next, Duration.ofSeconds(10));
        Thread.sleep(SETTLE);
        long held = lab.timeline().firstHeld(next, lab.vip(), before);
        address.add(Duration.ofNanos(held - written));
        outage.add(lab.client().longestGap(before, System.nanoTime()));
    }

    Figures figures() {
        return new Figures(address, outage);
    }
}
