package org.vipmanager.control;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Trigger;

import java.util.Collection;
import java.util.List;

/**
 * A source that can be exchanged while the daemon runs, when endpoints or credentials were changed.
 *
 * <p>The addresses notice nothing: trust in what the old one said lasts until the new one speaks.
 * Lives on the {@link Loop}.
 */
public final class ReplaceableSource implements LeaderSource {

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
            next.start(triggers, listener);
        }
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        this.triggers = triggers;
        this.listener = listener;
        current.start(triggers, listener);
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
    public void restart() {
        current.restart();
    }

    @Override
    public void close() {
        listener = null;
        current.close();
    }
}
