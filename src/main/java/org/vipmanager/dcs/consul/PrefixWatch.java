package org.vipmanager.dcs.consul;

import org.vipmanager.control.Loop;
import org.vipmanager.dcs.consul.ConsulAnswer.KeyState;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.retry.Endpoints;

import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/**
 * Waits for changes of many keys that begin alike, where there are more keys than an agent takes
 * connections.
 *
 * <p>Each answer brings all keys below the prefix. One that is missing is absent or may not be
 * read, which only a read of its own can tell apart.
 */
final class PrefixWatch extends BlockingQuery {

    private final KeyRequests requests;
    private final KeyGroup group;
    private final Listener listener;

    /** The modify index of each key that was there when an answer last came, as it is stored. */
    private final Map<String, Long> known = new HashMap<>();

    /** Hears what the blocking queries say. */
    interface Listener {

        /** A key, as it is stored, has changed. */
        void changed(String key, KeyState state, HttpAnswer answer);

        /** A key that was there is missing. */
        void missing(String key);

        /** As {@link BlockingQuery#failed}. */
        void watchFailed(String trouble, int inARow);
    }

    PrefixWatch(
            Loop loop,
            HttpSender sender,
            ConsulSettings settings,
            Endpoints endpoints,
            KeyGroup group,
            Listener listener) {
        super(loop, sender, settings, endpoints);
        this.requests = new KeyRequests(settings);
        this.group = group;
        this.listener = listener;
    }

    /** A read has shown one of the keys: the endpoint that answered it can be asked. */
    void readSucceeded() {
        if (!isCurrent()) {
            begin(0);
        }
    }

    @Override
    HttpQuestion question(URI endpoint, long index) {
        return requests.waitForChangeBelow(endpoint, group.prefix(), index);
    }

    @Override
    Optional<Runnable> heard(HttpAnswer answer) {
        Optional<Long> newest = ConsulAnswer.index(answer);
        Optional<Map<String, KeyState>> found = ConsulAnswer.below(answer);
        if (newest.isEmpty() || found.isEmpty()) {
            return Optional.empty();
        }
        moveTo(newest.get());
        return Optional.of(() -> compare(found.get(), answer));
    }

    @Override
    void failed(URI endpoint, HttpOutcome outcome, int inARow) {
        listener.watchFailed(ConsulTrouble.below(endpoint, outcome), inARow);
    }

    private void compare(Map<String, KeyState> found, HttpAnswer answer) {
        Collection<String> missing = new HashSet<>(known.keySet());
        Map<String, KeyState> changed = new HashMap<>();
        for (String key : group.keys()) {
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
