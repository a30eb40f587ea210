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
import java.util.List;
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
    private final Map<String, List<String>> byStored;
    private final ConsulWatches owner;

    /** The modify index of each key that was there when an answer last came, as it is stored. */
    private final Map<String, Long> known = new HashMap<>();

    /**
     * Watches nothing yet.
     *
     * @param byStored the keys as they are followed, by what they are stored as
     */
    PrefixWatch(
            Loop loop,
            HttpSender sender,
            ConsulSettings settings,
            Endpoints endpoints,
            KeyGroup group,
            Map<String, List<String>> byStored,
            ConsulWatches owner) {
        super(loop, sender, settings, endpoints);
        this.requests = new KeyRequests(settings);
        this.group = group;
        this.byStored = byStored;
        this.owner = owner;
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
        return Optional.of(
                () -> {
                    owner.answeredAgain(all());
                    compare(found.get(), answer);
                });
    }

    @Override
    void failed(URI endpoint, HttpOutcome outcome, int inARow) {
        owner.groupFailed(all(), ConsulTrouble.below(endpoint, outcome), inARow);
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
        changed.forEach(
                (stored, state) ->
                        followed(stored).forEach(key -> owner.changed(key, state, answer)));
        missing.forEach(stored -> followed(stored).forEach(owner::missing));
    }

    private List<String> followed(String stored) {
        return byStored.getOrDefault(stored, List.of());
    }

    private String all() {
        return group.prefix() + "*";
    }
}
