package org.vipmanager.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.RecordedLog;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** A daemon practises in its first seconds, unless the machine has no time for that. */
final class WarmUpTest {

    private final FakeLoop loop = new FakeLoop();
    private int played;
    private int ended;
    private int messages;
    private boolean machineIsBusy;
    private boolean isBroken;
    private final WarmUp warmUp = new WarmUp(loop, this::play, this::end, Runnable::run);

    private void play(int before) {
        assertThat(before).isEqualTo(played);
        if (isBroken) {
            throw new OutOfMemoryError("Java heap space");
        }
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

    /** The daemon goes on without it. */
    @Test
    void endsWithItsOwnDefect() {
        warmUp.begin();
        isBroken = true;
        loop.advance(Duration.ofSeconds(60));
        assertThat(played).isEqualTo(1);
        assertThat(ended).isEqualTo(1);
    }

    /** The loop goes on, and the daemon's end closes it. */
    @Test
    void withoutAThread_itEndsWithTheDaemon() {
        WarmUp lonely =
                new WarmUp(
                        loop,
                        this::play,
                        this::end,
                        ending -> {
                            throw new OutOfMemoryError("unable to create native thread");
                        });
        try (RecordedLog log = RecordedLog.of("org.vipmanager.warmup")) {
            lonely.begin();
            loop.advance(Duration.ofSeconds(60));
            assertThat(log.lines()).hasSize(1);
        }
        assertThat(played).isEqualTo(300);
        assertThat(ended).isZero();
        lonely.close();
        assertThat(ended).isEqualTo(1);
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

    /** The first address needs the processors. */
    @Test
    void messages_beginAfterASecond() {
        try (WarmUp real = real()) {
            real.begin();
            loop.advance(Duration.ofMillis(900));
            assertThat(messages).isZero();
            loop.advance(Duration.ofSeconds(60));
            assertThat(messages).isEqualTo(200);
        }
    }

    /** Not even the interface that it practises on. */
    @Test
    void opensNothing_whereEachEventIsLogged() {
        try (RecordedLog log = RecordedLog.verbose("org.vipmanager");
                WarmUp real = real()) {
            real.begin();
            assertThat(log.lines()).isEmpty();
        }
    }

    private WarmUp real() {
        VirtualIp vip = new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");
        Trigger trigger = new Trigger("/leader", "pg1");
        return WarmUp.of(
                loop, new FfmLibC(), List.of(vip), trigger, Rules.DEFAULT, () -> messages++);
    }
}
