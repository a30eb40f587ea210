package org.vipmanager.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Trigger;

import java.time.Duration;
import java.util.Collection;

/** The way to the DCS is practised after the start, and not for ever. */
final class PracticeReadsTest {

    private final FakeLoop loop = new FakeLoop();
    private final CountedSource source = new CountedSource();

    @Test
    void readsAHundredTimes_afterTheStart() {
        new PracticeReads(loop, source).begin();
        loop.advance(Duration.ofMillis(1999));
        assertThat(source.reads).isZero();
        loop.advance(Duration.ofSeconds(1));
        assertThat(source.reads).isEqualTo(5);
        loop.advance(Duration.ofMinutes(1));
        assertThat(source.reads).isEqualTo(100);
    }

    @Test
    void endsWhereTheSourceWantsNoMore() {
        new PracticeReads(loop, source).begin();
        loop.advance(Duration.ofSeconds(3));
        int before = source.reads;
        source.wantsMore = false;
        loop.advance(Duration.ofMinutes(1));

        assertThat(source.reads).isEqualTo(before + 1);
    }

    @Test
    void afterAFreeze_nothingIsMadeUpFor() {
        new PracticeReads(loop, source).begin();
        loop.freeze(Duration.ofSeconds(30));

        assertThat(source.reads).isEqualTo(1);
    }

    private static final class CountedSource implements LeaderSource {
        private int reads;
        private boolean wantsMore = true;

        @Override
        public void start(Collection<Trigger> triggers, Listener listener) {}

        @Override
        public void follow(Collection<Trigger> triggers) {}

        @Override
        public void readNow() {}

        @Override
        public boolean practise() {
            reads++;
            return wantsMore;
        }

        @Override
        public void restart() {}

        @Override
        public void close() {}
    }
}
