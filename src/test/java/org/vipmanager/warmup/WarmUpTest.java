package org.vipmanager.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.posix.RecordedLog;

import java.time.Duration;

/** A daemon practises in its first seconds, unless the machine has no time for that. */
final class WarmUpTest {

    private final FakeLoop loop = new FakeLoop();
    private int played;
    private int ended;
    private boolean machineIsBusy;
    private final WarmUp warmUp = new WarmUp(loop, this::play, this::end);

    private void play() {
        played++;
        if (machineIsBusy) {
            loop.pass(Duration.ofSeconds(2));
        }
    }

    private void end() {
        ended++;
    }

    @Test
    void playsThreeHundredTimes() {
        warmUp.begin();
        assertThat(played).isEqualTo(1);
        loop.advance(Duration.ofSeconds(1));
        assertThat(played).isEqualTo(101);
        assertThat(ended).isZero();
        loop.advance(Duration.ofSeconds(60));
        assertThat(played).isEqualTo(300);
        assertThat(ended).isEqualTo(1);
    }

    @Test
    void stepsAside_whileTheMachineIsSlow() {
        machineIsBusy = true;
        warmUp.begin();
        assertThat(played).isEqualTo(1);
        machineIsBusy = false;
        loop.advance(Duration.ofMillis(9900));
        assertThat(played).isEqualTo(1);
        loop.advance(Duration.ofSeconds(60));
        assertThat(played).isEqualTo(300);
    }

    @Test
    void endsEarlier_whenTheDaemonDoes() {
        warmUp.begin();
        warmUp.close();
        loop.advance(Duration.ofSeconds(60));
        warmUp.close();
        assertThat(played).isEqualTo(1);
        assertThat(ended).isEqualTo(1);
    }

    /** Three hundred times would look like so many events. */
    @Test
    void playsNothing_whereEachEventIsLogged() {
        try (RecordedLog log = RecordedLog.verbose("org.vipmanager")) {
            warmUp.begin();
            loop.advance(Duration.ofSeconds(60));
            assertThat(log.lines()).isEmpty();
        }
        assertThat(played).isZero();
        assertThat(ended).isEqualTo(1);
    }
}
