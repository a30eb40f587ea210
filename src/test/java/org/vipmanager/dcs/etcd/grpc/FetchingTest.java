package org.vipmanager.dcs.etcd.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** Fetching on threads that run when a test says so. */
final class FetchingTest {

    private final FakeLoop loop = new FakeLoop();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> first = new ArrayList<>();
    private final List<String> second = new ArrayList<>();
    private String current = "old";

    @Test
    void eachFetch_isOfWhatIsThereThen() {
        Fetching<String> fetching = fetching(threads::add);
        fetch(fetching, first);
        run();
        current = "new";
        fetch(fetching, first);
        run();

        assertThat(first).containsExactly("old", "new");
    }

    /** What does not answer for hours keeps a thread; the next attempts must not add theirs. */
    @Test
    void fetchUnderWay_servesAllWhoStillWait() {
        Fetching<String> fetching = fetching(threads::add);
        fetch(fetching, first);
        fetching.forget(System.identityHashCode(first));
        for (int i = 0; i < 100; i++) {
            fetch(fetching, second);
        }
        assertThat(threads).hasSize(1);
        run();

        assertThat(first).isEmpty();
        assertThat(second).containsExactly("old");
        fetch(fetching, first);
        assertThat(threads).as("that one is over").hasSize(1);
    }

    @Test
    void fetchUnderWay_servesEachWhoWaits() {
        Fetching<String> fetching = fetching(threads::add);
        fetch(fetching, first);
        fetch(fetching, second);
        run();

        assertThat(first).containsExactly("old");
        assertThat(second).containsExactly("old");
    }

    /** It took longer than whoever began it has waited; the next one need not begin afresh. */
    @Test
    void fetchUnderWay_isTakenOver() {
        Fetching<String> fetching = fetching(threads::add);
        fetching.fetch("the same", first::add, _ -> {});
        fetching.fetch("the same", second::add, _ -> {});
        run();

        assertThat(first).isEmpty();
        assertThat(second).containsExactly("old");
    }

    @Test
    void threadThatCannotBeStarted_isToldLater() {
        List<Runnable> refused = new ArrayList<>();
        Fetching<String> fetching =
                fetching(
                        task -> {
                            if (refused.isEmpty()) {
                                refused.add(task);
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            threads.add(task);
                        });
        fetch(fetching, first);
        assertThat(first).as("not before the call has returned").isEmpty();
        loop.runReady();

        assertThat(first).singleElement().asString().contains("unable to create");
        fetch(fetching, second);
        run();
        assertThat(second).containsExactly("old");
    }

    @Test
    void whatCannotBeHad_isToldAndTriedAgain() {
        Callable<String> failing =
                () -> {
                    throw new IllegalStateException("no password");
                };
        Fetching<String> fetching = new Fetching<>(loop, failing, threads::add);
        fetch(fetching, first);
        run();
        fetch(fetching, first);

        assertThat(first).singleElement().asString().contains("no password");
        assertThat(threads).hasSize(1);
    }

    private Fetching<String> fetching(Executor executor) {
        return new Fetching<>(loop, () -> current, executor);
    }

    private static void fetch(Fetching<String> fetching, List<String> heard) {
        fetching.fetch(
                System.identityHashCode(heard), heard::add, why -> heard.add(why.toString()));
    }

    private void run() {
        threads.remove().run();
        loop.runReady();
    }
}
