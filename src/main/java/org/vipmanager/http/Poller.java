package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Asks for each of a set of keys every interval, one request at a time.
 *
 * <p>A round asks for one key after the other. A key that cannot be had is tried again up to the
 * configured number of times; then the round ends, since the next key would fare no better, and the
 * next round begins behind that key, so that one bad key does not keep the others from being read.
 * Runs on the loop.
 */
public final class Poller implements AutoCloseable {

    private final Loop loop;
    private final HttpSender sender;
    private final Pace pace;
    private final Target target;
    private final Deque<String> keys = new ArrayDeque<>();
    private final Deque<String> left = new ArrayDeque<>();
    private Moment roundBegan = Moment.LONG_AGO;
    private Moment notBefore = Moment.LONG_AGO;
    private @Nullable HttpCall call;
    private Loop.@Nullable Alarm alarm;
    private long run;
    private int attempt;
    private boolean inRound;
    private boolean again;
    private boolean closed;

    /**
     * How often, and how patiently.
     *
     * @param interval from the beginning of one round to the beginning of the next
     * @param attempts how often a key is tried in a round, at least once
     * @param retryAfter the pause before a key is tried again; chance makes it up to a quarter
     *     shorter
     */
    public record Pace(Duration interval, int attempts, Duration retryAfter) {
        public Pace {
            attempts = Math.max(1, attempts);
        }

        private Duration pause(double chance) {
            return RetryPolicy.steady(retryAfter).spread().pause(1, chance);
        }
    }

    /** What the poller asks, and who judges the outcome. */
    public interface Target {

        /** The request for a key, made anew for each attempt. */
        HttpQuestion question(String key);

        /** Takes the outcome in, and says how to go on. */
        Verdict judge(String key, HttpOutcome outcome);

        /** The key could not be had in this round, for the reason that the verdict gave last. */
        void failed(String key, String trouble);
    }

    /** How to go on after an outcome. */
    public sealed interface Verdict {

        /** The key was read. */
        record Read() implements Verdict {}

        /** It was refused for good, for this key alone: asking again at once would not help. */
        record Refused(String trouble) implements Verdict {}

        /**
         * It can be tried again.
         *
         * @param atOnce because the next attempt goes elsewhere
         */
        record Failed(String trouble, boolean atOnce) implements Verdict {}
    }

    public Poller(Loop loop, HttpSender sender, Pace pace, Target target) {
        this.loop = loop;
        this.sender = sender;
        this.pace = pace;
        this.target = target;
    }

    /**
     * Asks for these keys from now on, and at once: who follows one that was followed before may
     * know nothing of it yet.
     */
    public void follow(Collection<String> wanted) {
        Set<String> distinct = new LinkedHashSet<>(wanted);
        keys.retainAll(distinct);
        distinct.removeAll(keys);
        keys.addAll(distinct);
        left.removeIf(key -> !keys.contains(key));
        readNow();
    }

    /** Begins a round at once, or right after the one under way, which may have asked too early. */
    public void readNow() {
        if (inRound) {
            again = true;
        } else {
            beginAt(loop.now());
        }
    }

    /** Forgets what is under way and begins afresh. */
    public void restart() {
        stop();
        notBefore = Moment.LONG_AGO;
        beginAt(loop.now());
    }

    @Override
    public void close() {
        closed = true;
        stop();
    }

    private void stop() {
        run++;
        HttpCall running = call;
        call = null;
        if (running != null) {
            running.cancel();
        }
        cancelAlarm();
        left.clear();
        inRound = false;
        again = false;
    }

    /**
     * After a failed round even {@link #readNow} waits a little, lest a refusal be asked in a
     * circle.
     */
    private void beginAt(Moment time) {
        if (closed) {
            return;
        }
        cancelAlarm();
        Moment begin = Moment.later(time, notBefore);
        if (begin.isAfter(loop.now())) {
            alarm = loop.at(begin, this::beginRound);
        } else {
            beginRound();
        }
    }

    private void beginRound() {
        alarm = null;
        roundBegan = loop.now();
        notBefore = Moment.LONG_AGO;
        again = false;
        inRound = true;
        left.addAll(keys);
        askNext();
    }

    private void askNext() {
        attempt = 0;
        if (left.isEmpty()) {
            endRound();
        } else {
            ask();
        }
    }

    private void ask() {
        alarm = null;
        String key = left.peek();
        if (key == null) {
            // The key was taken from the set during the pause.
            endRound();
            return;
        }
        attempt++;
        call = sender.send(target.question(key), outcome -> answered(key, outcome));
    }

    private void answered(String key, HttpOutcome outcome) {
        call = null;
        if (!keys.contains(key)) {
            askNext();
            return;
        }
        long mine = run;
        Verdict verdict = target.judge(key, outcome);
        if (mine != run) {
            // Closed or restarted by whoever heard the outcome.
            return;
        }
        switch (verdict) {
            case Verdict.Read() -> {
                left.remove(key);
                askNext();
            }
            case Verdict.Refused(String trouble) -> {
                left.remove(key);
                target.failed(key, trouble);
                if (mine == run) {
                    askNext();
                }
            }
            case Verdict.Failed(String trouble, boolean atOnce) -> {
                if (attempt >= pace.attempts()) {
                    giveUp(key, trouble);
                } else if (atOnce) {
                    ask();
                } else {
                    alarm = loop.at(loop.now().plus(pace.pause(loop.chance())), this::ask);
                }
            }
        }
    }

    private void giveUp(String key, String trouble) {
        left.clear();
        while (keys.contains(key) && !key.equals(keys.peekLast())) {
            keys.addLast(keys.removeFirst());
        }
        notBefore = loop.now().plus(pace.pause(loop.chance()));
        long mine = run;
        target.failed(key, trouble);
        if (mine == run) {
            endRound();
        }
    }

    private void endRound() {
        inRound = false;
        if (keys.isEmpty()) {
            return;
        }
        Moment now = loop.now();
        beginAt(again ? now : Moment.later(now, roundBegan.plus(pace.interval())));
    }

    private void cancelAlarm() {
        Loop.Alarm waiting = alarm;
        alarm = null;
        if (waiting != null) {
            waiting.cancel();
        }
    }
}
