package org.vipmanager.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(20)
class DecisionLoopTest {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final AtomicLong jump = new AtomicLong();
    private final DecisionLoop loop = new DecisionLoop(new RealTime(jump), INTERVAL);
    private final List<String> told = new ArrayList<>();

    @Test
    void runsTasksInOrder_andAlarmsWhenTheyAreDue() {
        Moment now = loop.now();
        loop.at(now.plus(Duration.ofMillis(400)), () -> told.add("second alarm"));
        loop.at(now.plus(Duration.ofMillis(300)), () -> told.add("first alarm"));
        loop.at(now.plus(Duration.ofMillis(500)), loop::stop);
        loop.execute(() -> told.add("task"));
        loop.execute(() -> told.add("next task"));

        loop.run();

        assertThat(told).containsExactly("task", "next task", "first alarm", "second alarm");
        assertThat(now.until(loop.now())).isGreaterThanOrEqualTo(Duration.ofMillis(500));
    }

    @Test
    void cancelledAlarm_doesNotRun_andItsTwinDoes() {
        Moment due = loop.now().plus(Duration.ofMillis(5));
        Runnable task = () -> told.add("ran");
        loop.at(due, task);
        loop.at(due, task).cancel();
        loop.at(due.plus(Duration.ofMillis(5)), loop::stop);

        loop.run();

        assertThat(told).containsExactly("ran");
    }

    @Test
    void afterAFreeze_theWakeUpComesBeforeEverythingThatIsOld() {
        loop.onWake(() -> told.add("woke"));
        loop.at(loop.now().plus(Duration.ofSeconds(2)), () -> told.add("old alarm"));
        loop.execute(
                () -> {
                    loop.execute(() -> told.add("old task"));
                    loop.execute(loop::stop);
                    jump.set(Duration.ofSeconds(5).toNanos());
                });

        loop.run();

        assertThat(told).containsExactly("woke", "old alarm", "old task");
    }

    /** What came while the kernel was waited for is old as well, but nobody stood still. */
    @Test
    void afterAWaitForTheKernel_thatIsToldFirst() {
        loop.onWake(() -> told.add("woke"));
        loop.onKernelWait(() -> told.add("kernel was busy"));
        loop.execute(
                () -> {
                    jump.set(Duration.ofSeconds(5).toNanos());
                    loop.waitedForKernel(Duration.ofSeconds(5));
                });
        loop.execute(() -> told.add("task"));
        loop.execute(() -> loop.waitedForKernel(Duration.ofMillis(500)));
        loop.execute(loop::stop);

        loop.run();

        assertThat(told).containsExactly("kernel was busy", "task");
    }

    @Test
    void afterAFreezeWithinAnAlarm_theWakeUpComesBeforeTheNext() {
        loop.onWake(() -> told.add("woke"));
        loop.at(loop.now(), () -> jump.set(Duration.ofSeconds(5).toNanos()));
        loop.at(loop.now().plus(Duration.ofSeconds(2)), () -> told.add("old alarm"));
        loop.at(loop.now().plus(Duration.ofSeconds(3)), loop::stop);

        loop.run();

        assertThat(told).containsExactly("woke", "old alarm");
    }

    @Test
    void aDefectEndsTheLoop() {
        loop.execute(
                () -> {
                    throw new IllegalStateException("a defect");
                });

        assertThatThrownBy(loop::run).hasMessage("a defect");
    }

    private record RealTime(AtomicLong jump) implements TimeSource {
        @Override
        public Moment now() {
            return new Moment(System.nanoTime() + jump.get());
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime() + jump.get();
        }
    }
}
