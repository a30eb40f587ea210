package org.vipmanager.lab;

import java.time.Duration;
import java.util.List;

/**
 * Members of etcd that die, for longer than the address can be kept, and come back.
 *
 * @param row what the table calls it
 */
record Outage(String row, List<EtcdServer> members) {

    private static final Duration GONE = Duration.ofSeconds(2);
    private static final Duration BACK = Duration.ofSeconds(15);

    Outage(String row, EtcdServer... members) {
        this(row, List.of(members));
    }

    /** The first host lets go of the address in that time, and has it again soon after the end. */
    void beyond(Duration trust, Lab lab) throws InterruptedException {
        long at = begin();
        lab.holders().awaitNobody(trust);
        endAfterRelease(at, lab);
    }

    /** The same where no lease proves how long to trust. */
    void beyondPolicy(Duration trust, Lab lab) throws InterruptedException {
        long at = begin();
        lab.holders().awaitNobody(trust.plus(Holders.KERNELS_LATENESS));
        lab.holders().assertRemovedWithinPolicy(trust, lab.host(1), at);
        endAfterRelease(at, lab);
    }

    private long begin() {
        long at = System.nanoTime();
        members.forEach(EtcdServer::kill);
        return at;
    }

    private void endAfterRelease(long at, Lab lab) throws InterruptedException {
        String released = lab.holders().untilRemoved(lab.host(1), at);
        Thread.sleep(GONE);
        members.forEach(EtcdServer::start);
        members.forEach(EtcdServer::awaitReady);
        long ready = System.nanoTime();
        lab.holders().awaitServing(lab.host(1), BACK);
        Results.add(
                row,
                "released after %s, back %s after etcd"
                        .formatted(released, lab.holders().untilHeld(lab.host(1), ready)));
    }
}
