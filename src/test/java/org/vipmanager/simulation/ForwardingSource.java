package org.vipmanager.simulation;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Trigger;

import java.util.Collection;
import java.util.function.UnaryOperator;

/** A source that lets something come between it and its listener. */
final class ForwardingSource implements LeaderSource {

    private final LeaderSource source;
    private final UnaryOperator<Listener> between;

    ForwardingSource(LeaderSource source, UnaryOperator<Listener> between) {
        this.source = source;
        this.between = between;
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        source.start(triggers, between.apply(listener));
    }

    @Override
    public void follow(Collection<Trigger> triggers) {
        source.follow(triggers);
    }

    @Override
    public void readNow() {
        source.readNow();
    }

    @Override
    public void restart() {
        source.restart();
    }

    @Override
    public void close() {
        source.close();
    }
}
