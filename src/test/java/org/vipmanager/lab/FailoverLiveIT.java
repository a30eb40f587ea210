package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** The leader key changes and the address follows. */
final class FailoverLiveIT {

    private static final int TIMES = 30;

    /**
     * The leader key names the other host, thirty times. The address follows within milliseconds
     * and the client hardly notices.
     */
    @Test
    void failover_thirtyTimes() throws InterruptedException {
        try (Lab lab = Lab.open("failover")) {
            Failover.Figures figures = Failover.measure(lab, Program.underTest(), TIMES);
            Results.add("failover: address", figures.address().toString());
            Results.add("failover: client's outage", figures.outage().toString());
            assertThat(figures.address().median()).isLessThan(Duration.ofMillis(10));
            assertThat(figures.outage().median()).isLessThan(Duration.ofMillis(10));
        }
    }
}
