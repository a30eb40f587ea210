package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Backoff;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks for each of a set of keys every interval, several at a time.
 *
 * <p>A round begins with one key alone; once the server has answered, so many others are asked side
 * by side as the pace allows. When a key cannot be had, it alone is tried again up to the
 * configured number of times; then the round ends, since the next key would fare no better, and the
 * next round begins behind that key, so that one bad key does not keep the others from being read.
 * What only a person can mend is tried ever more rarely. Runs on the loop.
 */
public final class Poller implements AutoCloseable {

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private final Loop loop;
    private final HttpSender sender;
    private final Pace pace;
    private final Target target;
    private final Set<String> keys = new LinkedHashSet<>();
    private final Set<String> first = new LinkedHashSet<>();
    private final Deque<String> left = new ArrayDeque<>();
    private final Map<String, Asked> underWay = new HashMap<>();
    private Moment roundBegan = Moment.LONG_AGO;
    private Moment notBefore = Moment.LONG_AGO;
    private Moment retryAt = Moment.LONG_AGO;
    private Loop.@Nullable Alarm alarm;
    private long run;
    private boolean wide;
    private int attempt;
    private boolean readAny;
    private boolean refusedAny;
    private Backoff hopeless;
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
     * @param sideBySide how many keys are asked for at a time, at least one
     */
    public record Pace(Duration interval, int attempts, Duration retryAfter, int sideBySide) {
        public Pace {
            attempts = Math.max(1, attempts);
            sideBySide = Math.max(1, sideBySide);
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

        /** Every key was asked for in a round that took so long. */
        default void roundTook(Duration time, int keys) {}
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
         * @param needsAPerson it will be so, wherever it is tried, until somebody mends something
         */
        record Failed(String trouble, boolean atOnce, boolean needsAPerson) implements Verdict {}
    }

    /**
     * A request under way.
     *
     * @param beside others, which all fail if one does
     */
    private record Asked(HttpCall call, boolean beside) {}

    public Poller(Loop loop, HttpSender sender, Pace pace, Target target) {
        this.loop = loop;
        this.sender = sender;
        this.pace = pace;
        this.target = target;
        boolean rare = pace.interval().compareTo(LONGEST_BACKOFF) > 0;
        Duration longest = rare ? pace.interval() : LONGEST_BACKOFF;
        this.hopeless = new Backoff(RetryPolicy.doubling(pace.interval(), longest).spread());
    }

    /**
     * Asks for these keys from now on, and at once: who follows one that was followed before may
     * know nothing of it yet.
     */
    public void follow(Collection<String> wanted) {
        Set<String> distinct = new LinkedHashSet<>(wanted);
        keys.retainAll(distinct);
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

    /** The same, and this key before all others. */
    public void readFirst(String key) {
        if (!keys.contains(key)) {
            return;
        }
        first.add(key);
        if (inRound && left.remove(key)) {
            left.addFirst(key);
            first.remove(key);
        } else {
            readNow();
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
        underWay.values().forEach(asked -> asked.call().cancel());
        underWay.clear();
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
        readAny = false;
        refusedAny = false;
        first.retainAll(keys);
        left.addAll(first);
        keys.stream().filter(key -> !first.contains(key)).forEach(left::add);
        first.clear();
        narrow(Moment.LONG_AGO);
        attempt = 0;
        askMore();
    }

    /** One key alone is asked for next. */
    private void narrow(Moment notBefore) {
        wide = false;
        retryAt = notBefore;
    }

    private void askMore() {
        alarm = null;
        int most = wide ? pace.sideBySide() : 1;
        while (!left.isEmpty() && underWay.size() < most) {
            if (!wide && retryAt.isAfter(loop.now())) {
                cancelAlarm();
                alarm = loop.at(retryAt, this::askMore);
                return;
            }
            attempt++;
            String key = left.removeFirst();
            HttpCall call = sender.send(target.question(key), outcome -> answered(key, outcome));
            underWay.put(key, new Asked(call, wide));
        }
        if (left.isEmpty() && underWay.isEmpty()) {
            endRound();
        }
    }

    private void answered(String key, HttpOutcome outcome) {
        Asked asked = underWay.remove(key);
        if (asked == null || !keys.contains(key)) {
            askMore();
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
                readAny = true;
                hopeless = hopeless.afterSuccess();
                answeredWell();
            }
            case Verdict.Refused(String trouble) -> {
                refusedAny = true;
                target.failed(key, trouble);
                if (mine == run) {
                    answeredWell();
                }
            }
            case Verdict.Failed failed -> {
                left.addFirst(key);
                failed(key, failed, asked.beside());
            }
        }
    }

    private void answeredWell() {
        attempt = 0;
        wide = true;
        askMore();
    }

    private void failed(String key, Verdict.Failed failed, boolean beside) {
        if (beside && !wide) {
            askMore(); // one of those that were asked for together has failed before
            return;
        }
        if (beside) {
            attempt = 1;
        }
        if (failed.needsAPerson() || attempt >= pace.attempts()) {
            giveUp(key, failed);
        } else {
            narrow(failed.atOnce() ? loop.now() : loop.now().plus(pace.pause(loop.chance())));
            askMore();
        }
    }

    private void giveUp(String key, Verdict.Failed failed) {
        underWay.values().forEach(asked -> asked.call().cancel());
        underWay.clear();
        left.clear();
        for (String before : List.copyOf(keys)) {
            keys.remove(before);
            keys.add(before);
            if (before.equals(key)) {
                break;
            }
        }
        notBefore = loop.now().plus(pace.pause(loop.chance()));
        if (failed.needsAPerson()) {
            backOff();
        } else {
            hopeless = hopeless.afterSuccess();
        }
        refusedAny = false;
        long mine = run;
        target.failed(key, failed.trouble());
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
        if (refusedAny && !readAny) {
            backOff();
        } else if (readAny) {
            target.roundTook(roundBegan.until(now), keys.size());
        }
        beginAt(again ? now : Moment.later(now, roundBegan.plus(pace.interval())));
    }

    private void backOff() {
        hopeless = hopeless.afterFailure();
        notBefore = Moment.later(notBefore, roundBegan.plus(hopeless.pause(loop.chance())));
    }

    private void cancelAlarm() {
        Loop.Alarm waiting = alarm;
        alarm = null;
        if (waiting != null) {
            waiting.cancel();
        }
    }
}
