package org.vipmanager.dcs.consul;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.dcs.consul.ConsulAnswer.KeyState;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpCall;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpSender;

import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Waits for changes of many keys that begin alike with one blocking query, where there are more
 * keys than an agent takes connections.
 *
 * <p>Each answer brings all keys below the prefix. One that is missing is absent or may not be
 * read, which only a read of its own can tell apart.
 */
final class PrefixWatch implements AutoCloseable {

    private final Loop loop;
    private final HttpSender sender;
    private final KeyRequests requests;
    private final EndpointRing ring;
    private final QueryPace pace;
    private final String prefix;
    private final Set<String> keys;
    private final Listener listener;

    /** The modify index of each key that was there when an answer last came, as it is stored. */
    private final Map<String, Long> known = new HashMap<>();

    private @Nullable HttpCall call;
    private Loop.@Nullable Alarm alarm;
    private boolean begun;
    private long index;
    private URI asked;
    private long askedInTurn;

    /** Hears what the blocking queries say. */
    interface Listener {

        /** A key, as it is stored, has changed. */
        void changed(String key, KeyState state, HttpAnswer answer);

        /** A key that was there is missing. */
        void missing(String key);

        /** No answer that says anything. */
        void watchFailed(String trouble, int inARow);
    }

    PrefixWatch(
            Loop loop,
            HttpSender sender,
            ConsulSettings settings,
            EndpointRing ring,
            KeyGroup group,
            Listener listener) {
        this.loop = loop;
        this.sender = sender;
        this.requests = new KeyRequests(settings);
        this.ring = ring;
        this.pace = new QueryPace(settings);
        this.prefix = group.prefix();
        this.keys = group.keys();
        this.listener = listener;
        this.asked = ring.current();
    }

    /** A read has shown one of the keys: the endpoint that answered it can be asked. */
    void readSucceeded() {
        if (!begun || askedInTurn != ring.turn()) {
            stop();
            begun = true;
            index = 0;
            pace.hope();
            ask();
        }
    }

    /** Ends the query; the next read begins anew. */
    void stop() {
        HttpCall running = call;
        call = null;
        if (running != null) {
            running.cancel();
        }
        Loop.Alarm waiting = alarm;
        alarm = null;
        if (waiting != null) {
            waiting.cancel();
        }
        begun = false;
    }

    @Override
    public void close() {
        stop();
    }

    private void ask() {
        alarm = null;
        asked = ring.current();
        askedInTurn = ring.turn();
        call = sender.send(requests.waitForChangeBelow(asked, prefix, index), this::answered);
    }

    private void answered(HttpOutcome outcome) {
        call = null;
        if (outcome instanceof HttpAnswer answer) {
            Optional<Long> newest = ConsulAnswer.index(answer);
            Optional<Map<String, KeyState>> found = ConsulAnswer.below(answer);
            if (newest.isPresent() && found.isPresent()) {
                index = newest.get() < index ? 0 : Math.max(1, newest.get());
                askAt(pace.afterAnswer(loop.now(), answer.body().length()));
                compare(found.get(), answer);
                return;
            }
        }
        alarm = loop.at(pace.afterFailure(loop.now(), loop.chance()), this::ask);
        listener.watchFailed(ConsulTrouble.below(asked, outcome), pace.failuresInARow());
    }

    private void askAt(Moment time) {
        if (time.isAfter(loop.now())) {
            alarm = loop.at(time, this::ask);
        } else {
            ask();
        }
    }

    private void compare(Map<String, KeyState> found, HttpAnswer answer) {
        Collection<String> missing = new HashSet<>(known.keySet());
        Map<String, KeyState> changed = new HashMap<>();
        for (String key : keys) {
            KeyState state = found.get(key);
            if (state != null) {
                missing.remove(key);
                Long before = known.put(key, state.modifyIndex());
                if (before == null || before != state.modifyIndex()) {
                    changed.put(key, state);
                }
            }
        }
        known.keySet().removeAll(missing);
        changed.forEach((key, state) -> listener.changed(key, state, answer));
        missing.forEach(listener::missing);
    }
}
