package org.vipmanager.control;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A source that can be exchanged while the daemon runs, when endpoints or credentials were changed.
 *
 * <p>The addresses notice nothing: trust in what the old one said lasts until the new one speaks,
 * and nothing that the old one may still say is passed on. Lives on the {@link Loop}.
 */
public class ReplaceableSource implements LeaderSource {

    private LeaderSource current;
    private Collection<Trigger> triggers = List.of();
    private @Nullable Listener listener;

    public ReplaceableSource(LeaderSource first) {
        current = first;
    }

    /** Closes the source and starts the other in its place. */
    public void replaceBy(LeaderSource next) {
        current.close();
        current = next;
        if (listener != null) {
            next.start(triggers, new Current(next));
        }
    }

    /** The source that is asked could not ask its DCS, as its listener has heard. */
    protected void sourceFailed() {}

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        this.triggers = triggers;
        this.listener = listener;
        current.start(triggers, new Current(current));
    }

    @Override
    public void follow(Collection<Trigger> triggers) {
        this.triggers = triggers;
        current.follow(triggers);
    }

    @Override
    public void readNow() {
        current.readNow();
    }

    @Override
    public boolean practise() {
        return current.practise();
    }

    @Override
    public void restart() {
        current.restart();
    }

    @Override
    public void close() {
        listener = null;
        current.close();
    }

    /** Passes on what one source says for as long as it is the one that is asked. */
    private final class Current implements Listener {

        private final LeaderSource source;

        Current(LeaderSource source) {
            this.source = source;
        }

        private Optional<Listener> hearing() {
            return source == current ? Optional.ofNullable(listener) : Optional.empty();
        }

        @Override
        public void seen(Sighting sighting) {
            hearing().ifPresent(hears -> hears.seen(sighting));
        }

        @Override
        public void proved(LeaseProof proof) {
            hearing().ifPresent(hears -> hears.proved(proof));
        }

        @Override
        public void answered(DcsAnswer answer) {
            hearing().ifPresent(hears -> hears.answered(answer));
        }

        @Override
        public void failed(String trouble) {
            hearing()
                    .ifPresent(
                            hears -> {
                                hears.failed(trouble);
                                sourceFailed();
                            });
        }

        @Override
        public void failed(String key, String trouble) {
            hearing().ifPresent(hears -> hears.failed(key, trouble));
        }
    }
}
