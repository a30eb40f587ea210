package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Event;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.RecordedLog;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What a provider is still told when the loop has ended. */
final class ProviderWorkerTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final VirtualIp VIP = new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 32, "");
    private static final Trigger TRIGGER = RoutedAddress.TRIGGER;

    private final FakeLoop loop = new FakeLoop();
    private final AtomicInteger threadsLeft = new AtomicInteger(100);
    private final ProviderWorker worker = new ProviderWorker(loop, this::thread);
    private final Looks provider = new Looks();
    private final RouteController controller =
            new RouteController(
                    VIP,
                    TRIGGER,
                    RoutedAddress.rules(50, 100, true),
                    new RouteController.Ports(
                            loop,
                            LeaderSource.SILENT,
                            worker.calling(() -> provider),
                            new NoJournal()));

    @Test
    void stopWhileALookRuns_releasesWhenItHasEnded() throws Exception {
        stopInALook();
        provider.mayEnd.countDown();
        worker.close(LONG);
        assertThat(provider.ended).containsExactly("state", "release");
    }

    @Test
    void releaseThatComesTooLate_isTold() throws Exception {
        try (RecordedLog log = RecordedLog.of("org.vipmanager.provider")) {
            stopInALook();
            worker.close(Duration.ofMillis(100));
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("10.0.0.9: the provider could not"));
        }
        assertThat(provider.ended).doesNotContain("release");
    }

    /** The loop, which would say so, has ended. */
    @Test
    void releaseThatFails_isTold() throws Exception {
        provider.fails = true;
        try (RecordedLog log = RecordedLog.of("org.vipmanager.provider")) {
            stopInALook();
            provider.mayEnd.countDown();
            worker.close(LONG);
            assertThat(log.lines())
                    .anyMatch(
                            line ->
                                    line.contains("10.0.0.9: the provider could not be told")
                                            && line.endsWith("it is away"));
        }
    }

    /** The thread that there is does it. */
    @Test
    void withoutAnotherThread_itReleasesAllTheSame() throws Exception {
        stopInALook();
        threadsLeft.set(0);
        provider.mayEnd.countDown();
        worker.close(LONG);
        assertThat(provider.ended).containsExactly("state", "release");
    }

    private Thread thread(Runnable task) {
        if (threadsLeft.getAndDecrement() <= 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return Thread.ofPlatform().daemon().unstarted(task);
    }

    private void stopInALook() throws InterruptedException {
        controller.accept(
                new Event.Seen(
                        new Sighting(
                                TRIGGER.key(),
                                Optional.of(TRIGGER.value()),
                                Sighting.Origin.READ,
                                new Revision(1, 1),
                                1,
                                0,
                                loop.now(),
                                loop.now())));
        provider.looks.await();
        controller.accept(new Event.StopRequested(false));
    }

    private static final class Looks implements Provider {
        private final CountDownLatch looks = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private final List<String> ended = new CopyOnWriteArrayList<>();
        private volatile boolean fails;

        @Override
        public Answer state(Call call) {
            looks.countDown();
            try {
                mayEnd.await();
                ended.add("state");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Answer(new Answer.Here(), 1, 0);
        }

        @Override
        public Answer acquire(Call call) {
            throw new IllegalStateException("it is here");
        }

        @Override
        public Answer release(Call call) {
            ended.add("release");
            return new Answer(
                    fails
                            ? new Answer.Failed("it is away", Duration.ZERO, false)
                            : new Answer.Here(),
                    0,
                    1);
        }
    }

    private static final class NoJournal implements RouteJournal {
        @Override
        public void tell(VirtualIp vip, Trigger trigger, RouteReason reason) {}

        @Override
        public void changed(VirtualIp vip, RouteState state) {}
    }
}
