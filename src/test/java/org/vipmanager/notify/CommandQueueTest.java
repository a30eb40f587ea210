package org.vipmanager.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.RecordedLog;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A machine that has no threads, or few, for those who notify. */
@Timeout(60)
final class CommandQueueTest {

    private final AtomicInteger free = new AtomicInteger();
    private final List<Notification> done = new CopyOnWriteArrayList<>();
    private final List<CommandQueue> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(CommandQueue::close);
    }

    private CommandQueue open() {
        CommandQueue queue = new CommandQueue(done::add, _ -> {}, this::thread);
        opened.add(queue);
        return queue;
    }

    private Thread thread(Runnable task) {
        if (free.getAndDecrement() <= 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return Thread.ofPlatform().daemon().name("notify").unstarted(task);
    }

    @Test
    void withoutAnyThread_isRefused_untilThereIsOne() {
        CommandQueue queue;
        try (RecordedLog log = RecordedLog.of("org.vipmanager.notify")) {
            queue = open();
            assertThat(log.lines()).hasSize(1).first().asString().contains("0 of 4 threads");
        }
        Notification refused = notification(1);
        assertThat(queue.add(refused)).isFalse();

        free.set(1);
        Notification next = notification(1);
        assertThat(queue.add(next)).isTrue();
        await().until(() -> done.contains(next));
        assertThat(done).containsExactly(next);
    }

    /** Those of one address after another, too, which the thread hands to itself. */
    @Test
    void oneThread_doesTheWorkOfAll() {
        free.set(1);
        CommandQueue queue = open();

        List<Notification> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Notification one = notification(i % 3);
            all.add(one);
            assertThat(queue.add(one)).isTrue();
        }
        await().until(() -> done.size() == all.size());
        assertThat(done).containsExactlyInAnyOrderElementsOf(all);
    }

    private static Notification notification(int last) {
        InetAddress address = InetAddress.ofLiteral("10.0.0." + last);
        return new Notification(
                Notification.Kind.RELEASE,
                new VirtualIp(address, 24, "eth0"),
                new Trigger("/leader", "pg1"),
                new Reason.LeaderKeyGone(),
                Instant.now());
    }
}
