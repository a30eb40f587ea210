package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;

import java.time.Duration;

/** A daemon practises in its first seconds, unless the kernel has no time for that. */
final class PracticeTest {

    private final FakeLoop loop = new FakeLoop();
    private int rehearsals;
    private boolean kernelIsBusy;

    private void rehearse() {
        rehearsals++;
        if (kernelIsBusy) {
            loop.pass(Duration.ofSeconds(2));
        }
    }

    @Test
    void rehearsesThreeHundredTimes() {
        new Practice(loop, this::rehearse).begin();
        loop.advance(Duration.ofSeconds(1));
        assertThat(rehearsals).isEqualTo(100);
        loop.advance(Duration.ofSeconds(60));
        assertThat(rehearsals).isEqualTo(300);
    }

    @Test
    void stepsAside_whileTheKernelIsSlow() {
        new Practice(loop, this::rehearse).begin();
        kernelIsBusy = true;
        loop.advance(Duration.ofMillis(20));
        assertThat(rehearsals).isEqualTo(1);
        kernelIsBusy = false;
        loop.advance(Duration.ofMillis(9900));
        assertThat(rehearsals).isEqualTo(1);
        loop.advance(Duration.ofSeconds(60));
        assertThat(rehearsals).isEqualTo(300);
    }
}
