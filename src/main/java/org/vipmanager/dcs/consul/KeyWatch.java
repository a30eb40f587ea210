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

/**
 * Waits for changes of one key with blocking queries, one outstanding at a time.
 *
 * <p>It begins with what a read showed, and is never trusted to be alive: a read that shows a state
 * this watch has not heard of, or that came after an endpoint had failed, replaces its query. The
 * rules for the index are those of Consul's documentation ("Blocking Queries", "Implementation
 * Details").
 */
final class KeyWatch implements AutoCloseable {

    private final Loop loop;
    private final HttpSender sender;
    private final KeyRequests requests;
    private final EndpointRing ring;
    private final QueryPace pace;
    private final String key;
    private final Listener listener;

    private @Nullable HttpCall call;
    private Loop.@Nullable Alarm alarm;
    private boolean begun;
    private long index;
    private long modifyIndex;
    private URI asked;
    private long askedInTurn;

    /** Hears what the blocking queries say. */
    interface Listener {

        /** The key has changed, told by a query sent at that time. */
        void changed(KeyState state, Moment sentAt, Moment receivedAt);

        /** Consul's index went backwards: what is known of the key may be no longer so. */
        void indexWentBackwards();

        /**
         * No answer that says anything; the query is sent again after a while.
         *
         * @param inARow how often this has happened since the last good answer
         */
        void watchFailed(String trouble, int inARow);
    }

    KeyWatch(
            Loop loop,
            HttpSender sender,
            ConsulSettings settings,
            EndpointRing ring,
            String key,
            Listener listener) {
        this.loop = loop;
        this.sender = sender;
        this.requests = new KeyRequests(settings);
        this.ring = ring;
        this.pace = new QueryPace(settings);
        this.key = key;
        this.listener = listener;
        this.asked = ring.current();
    }

    /** A read has shown the key. */
    void readShowed(KeyState state) {
        boolean replaced =
                !begun
                        || askedInTurn != ring.turn()
                        || (state.modifyIndex() != modifyIndex && state.index() > index);
        if (replaced) {
            stop();
            begun = true;
            pace.hope();
            index = Math.max(1, state.index());
            modifyIndex = state.modifyIndex();
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
        call = sender.send(requests.waitForChange(asked, key, index), this::answered);
    }

    private void answered(HttpOutcome outcome) {
        call = null;
        switch (outcome) {
            case HttpAnswer answer when ConsulAnswer.of(answer) instanceof KeyState state ->
                    heard(state, answer);
            default -> {
                alarm = loop.at(pace.afterFailure(loop.now(), loop.chance()), this::ask);
                listener.watchFailed(ConsulTrouble.of(asked, outcome), pace.failuresInARow());
            }
        }
    }

    /** Asks again before it tells: nobody who hears of a change can delay the next one. */
    private void heard(KeyState state, HttpAnswer answer) {
        boolean backwards = state.index() < index;
        boolean changed = state.index() > index && state.modifyIndex() != modifyIndex;
        index = backwards ? 0 : Math.max(1, state.index());
        modifyIndex = state.modifyIndex();
        askAt(pace.afterAnswer(loop.now(), answer.body().length()));
        if (backwards) {
            listener.indexWentBackwards();
        } else if (changed) {
            listener.changed(state, answer.sentAt(), answer.receivedAt());
        }
    }

    private void askAt(Moment time) {
        if (time.isAfter(loop.now())) {
            alarm = loop.at(time, this::ask);
        } else {
            ask();
        }
    }
}
