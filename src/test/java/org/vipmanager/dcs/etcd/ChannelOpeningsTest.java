package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;

import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Openings on threads that run when a test says so. */
final class ChannelOpeningsTest {

    private static final URI A = URI.create("http://a.example:2379");
    private static final URI B = URI.create("http://b.example:2379");

    private final FakeLoop loop = new FakeLoop();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Waiting first = new Waiting();
    private final Waiting second = new Waiting();

    /** A name server that does not answer keeps a thread; the next attempts must not add theirs. */
    @Test
    void attemptsThatFollow_addNoThread() {
        ChannelOpenings openings = openings(threads::add);
        for (int i = 0; i < 100; i++) {
            openings.open(A, first);
        }
        openings.open(B, second);

        assertThat(threads).hasSize(2);
    }

    /** It took longer than whoever began it has waited; the next one need not begin afresh. */
    @Test
    void openingUnderWay_isTakenOver() {
        ChannelOpenings openings = openings(threads::add);
        openings.open(A, first);
        openings.open(A, second);
        threads.remove().run();
        loop.runReady();

        assertThat(first.heard).isEmpty();
        assertThat(second.heard).containsExactly("the host name a.example cannot be resolved");
        openings.open(A, first);
        assertThat(threads).as("that one is over").hasSize(1);
    }

    @Test
    void threadThatCannotBeStarted_isAFailureLikeOthers() {
        List<Runnable> started = new ArrayList<>();
        ChannelOpenings openings =
                openings(
                        task -> {
                            if (started.isEmpty()) {
                                started.add(task);
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            threads.add(task);
                        });
        openings.open(A, first);
        assertThat(first.heard).as("not before the call has returned").isEmpty();
        loop.runReady();

        assertThat(first.heard).singleElement().asString().contains("unable to create");
        openings.open(A, second);
        assertThat(threads).hasSize(1);
    }

    private ChannelOpenings openings(Executor executor) {
        return new ChannelOpenings(
                loop,
                address -> {
                    throw new UnknownHostException(address.host());
                },
                executor);
    }

    private static final class Waiting implements ChannelOpenings.Receiver {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void opened(GrpcChannels.Opened ready) {
            heard.add("opened");
        }

        @Override
        public void failed(EtcdFailure failure) {
            heard.add(failure.details());
        }
    }
}
