package org.vipmanager.dcs.consul;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpCall;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.retry.Endpoints;

import java.net.URI;
import java.util.Optional;

/**
 * Waits for changes with blocking queries, one outstanding at a time.
 *
 * <p>It is begun by a read that was answered, and never trusted to be alive: a read that comes
 * after another endpoint was turned to replaces the query. The rules for the index are those of
 * Consul's documentation ("Blocking Queries", "Implementation Details").
 */
abstract class BlockingQuery {

    private final Loop loop;
    private final HttpSender sender;
    private final Endpoints endpoints;
    private final QueryPace pace;

    private @Nullable HttpCall call;
    private Loop.@Nullable Alarm alarm;
    private boolean begun;
    private long index;
    private URI asked;
    private long askedInTurn;

    BlockingQuery(Loop loop, HttpSender sender, ConsulSettings settings, Endpoints endpoints) {
        this.loop = loop;
        this.sender = sender;
        this.endpoints = endpoints;
        this.pace = new QueryPace(settings);
        this.asked = endpoints.current();
    }

    /** The request, which is answered when something has changed since the index. */
    abstract HttpQuestion question(URI endpoint, long index);

    /**
     * Takes an answer in.
     *
     * @return what is to be told of it; empty when it says nothing
     */
    abstract Optional<Runnable> heard(HttpAnswer answer);

    /**
     * No answer that says anything; the query is sent again after a while.
     *
     * @param inARow how often this has happened since the last good answer
     */
    abstract void failed(URI endpoint, HttpOutcome outcome, int inARow);

    /** Whether it has begun, and with the endpoint that is asked now. */
    boolean isCurrent() {
        return begun && askedInTurn == endpoints.turn();
    }

    long index() {
        return index;
    }

    /**
     * Goes on from there.
     *
     * @return whether Consul's index went backwards
     */
    boolean moveTo(long newest) {
        boolean backwards = newest < index;
        index = backwards ? 0 : Math.max(1, newest);
        return backwards;
    }

    /** Begins anew: to be told of whatever has changed since the index. */
    void begin(long since) {
        stop();
        begun = true;
        index = since;
        pace.hope();
        ask();
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

    private void ask() {
        alarm = null;
        asked = endpoints.current();
        askedInTurn = endpoints.turn();
        call = sender.send(question(asked, index), this::answered);
    }

    /** Asks again before it tells: nobody who hears of a change can delay the next one. */
    private void answered(HttpOutcome outcome) {
        call = null;
        if (outcome instanceof HttpAnswer answer) {
            Optional<Runnable> news = heard(answer);
            if (news.isPresent()) {
                askAt(pace.afterAnswer(loop.now(), answer.body().length()));
                news.get().run();
                return;
            }
        }
        alarm = loop.at(pace.afterFailure(loop.now(), loop.chance()), this::ask);
        failed(asked, outcome, pace.failuresInARow());
    }

    private void askAt(Moment time) {
        if (time.isAfter(loop.now())) {
            alarm = loop.at(time, this::ask);
        } else {
            ask();
        }
    }
}
