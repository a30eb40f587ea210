package org.vipmanager.arp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vipmanager.control.DecisionLoop;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.SocketsWithoutRights;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The thread that hears claims, without rights. */
final class ClaimListenerThreadTest {

    private final DecisionLoop loop =
            new DecisionLoop(new BootClock(new FfmLibC()), Duration.ofSeconds(1));

    @Test
    @Timeout(20)
    void defectOfTheThread_endsTheLoop() throws Exception {
        LibC libC = SocketsWithoutRights.whosePollFails(new IllegalStateException("a defect"));
        ClaimListener opened = ClaimListener.open(loop, libC, hardwareAddress -> false);
        assertThatThrownBy(loop::run)
                .hasMessageContaining("hears claims")
                .hasRootCauseMessage("a defect");
        opened.close();
    }

    /**
     * The end of the daemon is cut short after three seconds, and there are two such threads. This
     * one hangs for as long as the test lets it, and a busy machine takes its time.
     */
    @Test
    void close_doesNotWaitLongForAThreadThatHangs() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        LibC libC = SocketsWithoutRights.whosePollHangsUntil(released);
        ClaimListener opened = ClaimListener.open(loop, libC, hardwareAddress -> false);
        long before = System.nanoTime();
        opened.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        released.countDown();
    }
}
