package org.vipmanager.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

final class TurnsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<String> begun = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch others = new CountDownLatch(1);
    private final Turns turns = new Turns(2, Duration.ofHours(1));

    @AfterEach
    void close() {
        turns.close();
    }

    private Runnable slow(String name, CountDownLatch until) {
        return () -> {
            begun.add(name);
            try {
                until.await();
            } catch (InterruptedException e) {
                begun.add(name + " was interrupted");
            }
        };
    }

    /** The others wait, and have nothing meanwhile; each that ends lets one in. */
    @Test
    void onlySoManyAtATime() throws InterruptedException {
        turns.execute(slow("a", first));
        await().atMost(SOON).until(() -> begun.contains("a"));
        turns.execute(slow("b", others));
        await().atMost(SOON).until(() -> begun.contains("b"));
        turns.execute(slow("c", others));
        Thread.sleep(200); // as long as it would take it to begin wrongly
        assertThat(begun).containsExactly("a", "b");

        first.countDown();
        await().atMost(SOON).until(() -> begun.contains("c"));
    }

    /** Its writing may be stuck for ever, as a client reads nothing. */
    @Test
    void whoeverTakesTooLong_isInterrupted_andItsTurnIsFree() {
        try (Turns brief = new Turns(1, Duration.ofMillis(20))) {
            brief.execute(slow("a", first));
            brief.execute(() -> begun.add("b"));
            await().atMost(SOON).until(() -> begun.contains("b"));
        }
        assertThat(begun).containsExactly("a", "a was interrupted", "b");
    }

    @Test
    void close_interruptsThoseThatRun_andBeginsNobodyElse() {
        turns.execute(slow("a", first));
        turns.execute(slow("b", first));
        await().atMost(SOON).until(() -> begun.size() == 2);
        turns.execute(slow("c", first));

        turns.close();
        await().atMost(SOON)
                .until(() -> begun.containsAll(List.of("a was interrupted", "b was interrupted")));
        assertThat(begun).doesNotContain("c");
    }
}
