package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.time.Duration;

/** Somebody else meddles with the address. */
@ResourceLock(Results.FIGURES)
final class RemovedByHandLiveIT {

    private static final int TIMES = 20;

    /**
     * Somebody removes the address from the leader by hand, twenty times. It is back each time, and
     * not only when it would have been renewed.
     */
    @Test
    void removedByHand_isBack() throws InterruptedException {
        try (Lab lab = Lab.open("removed by hand")) {
            lab.patroni(lab.host(1), Lab.A_LONG_LEASE);
            lab.daemon(lab.host(1), Lab.RENEWALS_ARE_RARE);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Samples restored = new Samples();
            for (int i = 0; i < TIMES; i++) {
                Thread.sleep(200);
                long before = System.nanoTime();
                lab.host(1).namespace().ip("address del " + lab.vipWithPrefix() + " dev eth0");
                lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(15));
                long removed = lab.timeline().firstRemoved(lab.host(1), lab.vip(), before);
                long back = lab.timeline().firstHeld(lab.host(1), lab.vip(), removed);
                restored.add(Duration.ofNanos(back - removed));
            }
            Results.add("removed by hand", "restored: " + restored);
            assertThat(restored.worst()).isLessThan(Lab.AT_ONCE);
        }
    }

    /**
     * Somebody adds the address on a follower by hand. It is removed there, as the follower knows
     * that it does not lead.
     */
    @Test
    void addedByHandOnFollower_isRemoved() throws InterruptedException {
        try (Lab lab = Lab.open("added by hand")) {
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1));
            lab.daemon(lab.host(2));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(2));
            long added = System.nanoTime();
            lab.host(2).namespace().ip("address add " + lab.vipWithPrefix() + " dev eth0");
            lab.holders().awaitServing(lab.host(1), Duration.ofSeconds(5));
            Results.add(
                    "added by hand on a follower",
                    "removed after " + lab.holders().untilRemoved(lab.host(2), added));
        }
    }
}
