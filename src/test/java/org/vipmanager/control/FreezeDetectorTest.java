package org.vipmanager.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;

import java.time.Duration;

class FreezeDetectorTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Clocks clocks = new Clocks();
    private final FreezeDetector detector = new FreezeDetector(INTERVAL, clocks);

    @Test
    void notFrozen_whenAWaitEndsInTime() {
        detector.waitingUntil(clocks.now().plus(INTERVAL));
        clocks.run(INTERVAL);

        assertThat(detector.wasFrozen(clocks)).isFalse();
    }

    @Test
    void notFrozen_whenLateByTwoIntervals_frozenBeyond() {
        detector.waitingUntil(clocks.now().plus(INTERVAL));
        clocks.run(Duration.ofSeconds(3));
        assertThat(detector.wasFrozen(clocks)).isFalse();

        detector.waitingUntil(clocks.now().plus(INTERVAL));
        clocks.run(Duration.ofSeconds(3).plusNanos(1));
        assertThat(detector.wasFrozen(clocks)).isTrue();
        assertThat(detector.wasFrozen(clocks)).isFalse();
    }

    /** A busy host delays every process by tenths of a second now and then. */
    @Test
    void notFrozen_whenLateByLessThanASecond_howeverShortTheInterval() {
        FreezeDetector impatient = new FreezeDetector(Duration.ofMillis(10), clocks);
        impatient.waitingUntil(clocks.now());
        clocks.run(Duration.ofSeconds(1));
        assertThat(impatient.wasFrozen(clocks)).isFalse();

        clocks.run(Duration.ofSeconds(1).plusNanos(1));
        assertThat(impatient.wasFrozen(clocks)).isTrue();
    }

    @Test
    void frozen_whenATaskTookTooLong() {
        assertThat(detector.wasFrozen(clocks)).isFalse();
        clocks.run(Duration.ofSeconds(4));

        assertThat(detector.wasFrozen(clocks)).isTrue();
    }

    @Test
    void frozen_whenTheHostWasSuspended_howeverShortTheWait() {
        detector.waitingUntil(clocks.now().plus(INTERVAL));
        clocks.suspend(Duration.ofMillis(150));

        assertThat(detector.wasFrozen(clocks)).isTrue();
        assertThat(detector.wasFrozen(clocks)).isFalse();
    }

    /** Others kept the kernel busy: this process has waited, and not stood still. */
    @Test
    void notFrozen_whileTheKernelWasWaitedFor() {
        Clocks clocks = new Clocks();
        FreezeDetector detector = new FreezeDetector(Duration.ofSeconds(1), clocks);
        clocks.run(Duration.ofSeconds(5));
        detector.excuse(Duration.ofSeconds(4));
        assertThat(detector.wasFrozen(clocks)).isFalse();
        clocks.run(Duration.ofSeconds(5));
        assertThat(detector.wasFrozen(clocks)).isTrue();
    }

    @Test
    void waitsForTheKernel_areAddedUpUntilTheyAreAskedFor_howeverTheIntervalChanges() {
        detector.excuse(Duration.ofMillis(300));
        detector.changeInterval(Duration.ofSeconds(2), clocks);
        assertThat(detector.wasFrozen(clocks)).isFalse();
        detector.excuse(Duration.ofMillis(201));
        assertThat(detector.kernelWasBusy()).isTrue();
        detector.excuse(Duration.ofMillis(500));
        assertThat(detector.kernelWasBusy()).isFalse();
    }

    @Test
    void changedInterval_countsFromNow() {
        clocks.run(Duration.ofSeconds(4));
        detector.changeInterval(Duration.ofSeconds(2), clocks);
        clocks.run(Duration.ofSeconds(4));
        assertThat(detector.wasFrozen(clocks)).isFalse();
        clocks.run(Duration.ofSeconds(4).plusNanos(1));
        assertThat(detector.wasFrozen(clocks)).isTrue();
    }

    /** Another process runs after one clock was read, and before the other is. */
    @Test
    void notFrozen_whenTheProcessWaitsBetweenTheTwoClocks() {
        detector.waitingUntil(clocks.now().plus(INTERVAL));
        clocks.waitBetween(Duration.ofMillis(150));

        assertThat(detector.wasFrozen(clocks)).isFalse();
        assertThat(detector.wasFrozen(clocks)).isFalse();
    }

    @Test
    void frozen_whenTheHostWasSuspendedBetweenTheTwoClocks() {
        detector.waitingUntil(clocks.now().plus(INTERVAL));
        clocks.suspendBetween(Duration.ofMillis(150));

        assertThat(detector.wasFrozen(clocks)).isTrue();
        assertThat(detector.wasFrozen(clocks)).isFalse();
    }

    private static final class Clocks implements TimeSource {
        private long boot = 5_000_000_000L;
        private long monotonic = 3_000_000_000L;
        private Runnable between = () -> {};

        /** Once, before the monotonic clock is read next. */
        void waitBetween(Duration time) {
            between = () -> run(time);
        }

        void suspendBetween(Duration time) {
            between = () -> suspend(time);
        }

        void run(Duration time) {
            boot += time.toNanos();
            monotonic += time.toNanos();
        }

        void suspend(Duration time) {
            boot += time.toNanos();
        }

        @Override
        public Moment now() {
            return new Moment(boot);
        }

        @Override
        public long monotonicNanos() {
            Runnable once = between;
            between = () -> {};
            once.run();
            return monotonic;
        }
    }
}
