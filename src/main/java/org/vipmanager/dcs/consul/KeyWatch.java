package org.vipmanager.dcs.consul;

import org.vipmanager.control.Loop;
import org.vipmanager.dcs.consul.ConsulAnswer.KeyState;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.retry.Endpoints;

import java.net.URI;
import java.util.Optional;

/**
 * Waits for changes of one key.
 *
 * <p>It begins with what a read showed; a read that shows a state this watch has not heard of
 * replaces its query.
 */
final class KeyWatch extends BlockingQuery {

    private final KeyRequests requests;
    private final String key;
    private final ConsulWatches owner;
    private long modifyIndex;

    KeyWatch(
            Loop loop,
            HttpSender sender,
            ConsulSettings settings,
            Endpoints endpoints,
            String key,
            ConsulWatches owner) {
        super(loop, sender, settings, endpoints);
        this.requests = new KeyRequests(settings);
        this.key = key;
        this.owner = owner;
    }

    /** A read has shown the key. */
    void readShowed(KeyState state) {
        boolean isNews = state.modifyIndex() != modifyIndex && state.index() > index();
        if (!isCurrent() || isNews) {
            modifyIndex = state.modifyIndex();
            begin(Math.max(1, state.index()));
        }
    }

    @Override
    HttpQuestion question(URI endpoint, long index) {
        return requests.waitForChange(endpoint, key, index);
    }

    @Override
    Optional<Runnable> heard(HttpAnswer answer) {
        if (!(ConsulAnswer.of(answer) instanceof KeyState state)) {
            return Optional.empty();
        }
        boolean changed = state.index() > index() && state.modifyIndex() != modifyIndex;
        boolean backwards = moveTo(state.index());
        modifyIndex = state.modifyIndex();
        return Optional.of(
                () -> {
                    owner.answeredAgain(key);
                    if (backwards) {
                        owner.indexWentBackwards(key);
                    } else if (changed) {
                        owner.changed(key, state, answer);
                    }
                });
    }

    @Override
    void failed(URI endpoint, HttpOutcome outcome, int inARow) {
        owner.watchFailed(key, ConsulTrouble.of(endpoint, outcome), inARow);
    }
}
