package org.vipmanager.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class ReplaceableSourceTest {

    private final List<String> heard = new ArrayList<>();
    private final Scripted old = new Scripted();
    private final Scripted next = new Scripted();
    private final ReplaceableSource source = new ReplaceableSource(old);

    @Test
    void whatTheOldOneStillSays_isDropped() {
        source.start(List.of(new Trigger("/k", "n")), new Listening());
        old.say("before");
        source.replaceBy(next);
        old.say("late");
        next.say("after");
        assertThat(old.closed).isTrue();
        assertThat(heard)
                .containsExactly(
                        "before",
                        "proved",
                        "failed before",
                        "failed /k before",
                        "after",
                        "proved",
                        "failed after",
                        "failed /k after");
    }

    @Test
    void nothingIsHeardAfterTheEnd() {
        source.start(List.of(), new Listening());
        source.close();
        old.say("late");
        assertThat(heard).isEmpty();
    }

    private final class Listening implements LeaderSource.Listener {
        @Override
        public void seen(Sighting sighting) {
            heard.add(sighting.value().orElseThrow());
        }

        @Override
        public void proved(LeaseProof proof) {
            heard.add("proved");
        }

        @Override
        public void failed(String trouble) {
            heard.add("failed " + trouble);
        }

        @Override
        public void failed(String key, String trouble) {
            heard.add("failed " + key + " " + trouble);
        }
    }

    /** One whose answers arrive whether it is closed or not. */
    private static final class Scripted implements LeaderSource {

        private @Nullable Listener listener;
        private boolean closed;

        void say(String value) {
            Moment now = new Moment(0);
            Revision revision = new Revision(1, 1);
            Listener hears = listener;
            if (hears != null) {
                hears.seen(
                        new Sighting(
                                "/k",
                                Optional.of(value),
                                Sighting.Origin.READ,
                                revision,
                                1,
                                5,
                                now,
                                now));
                hears.proved(new LeaseProof("/k", 1, 5, now));
                hears.failed(value);
                hears.failed("/k", value);
            }
        }

        @Override
        public void start(Collection<Trigger> triggers, Listener listener) {
            this.listener = listener;
        }

        @Override
        public void follow(Collection<Trigger> triggers) {}

        @Override
        public void readNow() {}

        @Override
        public void restart() {}

        @Override
        public void close() {
            closed = true;
        }
    }
}
