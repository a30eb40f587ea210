package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** The address follows the status of a Patroni's REST API. */
final class PatroniAddressLiveIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    /** With the defaults: three attempts of two seconds each, pauses, an interval. */
    private static final Duration TRUST = Duration.ofMillis(7500);

    /**
     * Patroni's answer changes, thirty times at any moment between two polls: half an interval goes
     * by on average until it is seen.
     */
    @Test
    void answerChanges_thirtyTimes() throws InterruptedException {
        try (TwoHosts lab = new TwoHosts("patroni-poll")) {
            PatroniStub patroni = lab.keep(new PatroniStub(lab.host(1)));
            patroni.answer(200);
            lab.daemon(lab.host(1), "--dcs-type=patroni", "--dcs-endpoints=http://127.0.0.1:8008/");
            lab.holders().await(lab.host(1), SOON);
            Thread.sleep(2000);
            Samples address = new Samples();
            int requests = patroni.requests();
            long begun = System.nanoTime();
            for (int i = 0; i < 30; i++) {
                patroni.answer(503);
                lab.holders().awaitNobody(SOON);
                // At every moment between two polls alike: chance alone would move the median.
                patroni.awaitRequest();
                Thread.sleep(i * 1000 / 30);
                long changed = System.nanoTime();
                patroni.answer(200);
                lab.holders().await(lab.host(1), SOON);
                long held = lab.timeline().firstHeld(lab.host(1), TwoHosts.VIP, changed);
                address.add(Duration.ofNanos(held - changed));
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            double rate = (patroni.requests() - requests) / seconds;
            Results.add("patroni: answer to address", address.toString());
            Results.add("patroni: requests a second", "%.2f".formatted(rate));
            assertThat(address.worst()).isLessThan(Lab.AT_ONCE);
            assertThat(rate).isLessThan(1.1);
        }
    }

    /** Patroni is gone: the retries are used up, then the address is released. */
    @Test
    void patroniGone() throws InterruptedException {
        try (TwoHosts lab = new TwoHosts("patroni-gone")) {
            PatroniStub patroni = new PatroniStub(lab.host(1));
            patroni.answer(200);
            lab.daemon(lab.host(1), "--dcs-type=patroni");
            lab.holders().await(lab.host(1), SOON);
            long gone = lab.timeline().note("Patroni is gone");
            patroni.close();
            lab.holders().awaitNobody(SOON);
            long released = lab.timeline().firstRemoved(lab.host(1), TwoHosts.VIP, gone);
            Duration taken = Duration.ofNanos(released - gone);
            Results.add("patroni: gone", "released after " + taken.toMillis() + " ms");
            lab.holders().assertRemovedWithinPolicy(TRUST, lab.host(1), gone);
        }
    }
}
