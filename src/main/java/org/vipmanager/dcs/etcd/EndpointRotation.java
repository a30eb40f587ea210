package org.vipmanager.dcs.etcd;

import org.vipmanager.core.Backoff;
import org.vipmanager.core.Moment;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which endpoint is asked next, and when.
 *
 * <p>A good one is kept. After a failure the others are asked at once, one after another; when all
 * of them have failed, again after {@code retry-after}, then once an interval. One that refuses
 * what only a person can mend rests ever longer, since a login costs the server 100 ms of bcrypt;
 * but what one refuses is final only when all do: the others are asked as often as ever.
 */
final class EndpointRotation {

    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    /** How often in a row an endpoint has refused, and until when it is not asked again. */
    private record Refusal(int times, Moment restsUntil) {
        private static final Refusal NONE = new Refusal(0, Moment.LONG_AGO);
    }

    private final EtcdPolicy policy;
    private final int size;
    private int current;
    private int rounds;

    /** Which have failed since all were last asked. */
    private final Set<Integer> failed = new HashSet<>();

    private final Map<Integer, Refusal> refusals = new HashMap<>();

    /** Which do not show every key, since one did. */
    private final Set<Integer> denying = new HashSet<>();

    EndpointRotation(EtcdPolicy policy) {
        this.policy = policy;
        this.size = policy.endpoints().size();
    }

    URI endpoint() {
        return policy.endpoints().get(current);
    }

    /** Whether the last attempt failed. */
    boolean isFailing() {
        return rounds > 0 || !failed.isEmpty();
    }

    void succeeded() {
        rounds = 0;
        failed.clear();
        refusals.clear();
    }

    /** Everything could be read. */
    void deniedNothing() {
        denying.clear();
    }

    /**
     * Turns to an endpoint that may show what the current one denies.
     *
     * @return whether there is one that was not turned to for that before
     */
    boolean turnFromDenial() {
        denying.add(current);
        for (int candidate : inTurn()) {
            if (denying.add(candidate)) {
                current = candidate;
                return true;
            }
        }
        return false;
    }

    /**
     * Turns to the next endpoint.
     *
     * @param attemptedAt when the attempt began that failed
     * @return when to ask it
     */
    Moment failed(EtcdFailure.Kind kind, Moment attemptedAt, Moment now) {
        failed.add(current);
        note(kind, attemptedAt);
        int[] inTurn = inTurn();
        for (int candidate : inTurn) {
            if (!failed.contains(candidate) && !restsUntil(candidate).isAfter(now)) {
                current = candidate;
                return now;
            }
        }
        failed.clear();
        rounds++;
        Moment soon = now.plus(policy.retryAfter());
        Moment again =
                rounds < policy.retryNum()
                        ? soon
                        : Moment.later(soon, attemptedAt.plus(policy.interval()));
        current = inTurn[0];
        for (int candidate : inTurn) {
            if (restsUntil(candidate).isBefore(restsUntil(current))
                    && restsUntil(current).isAfter(again)) {
                current = candidate;
            }
        }
        return Moment.later(again, restsUntil(current));
    }

    private void note(EtcdFailure.Kind kind, Moment attemptedAt) {
        if (kind.needsAPerson()) {
            int times = refusals.getOrDefault(current, Refusal.NONE).times() + 1;
            refusals.put(current, new Refusal(times, attemptedAt.plus(rest(times))));
        } else {
            refusals.remove(current);
        }
    }

    private Moment restsUntil(int endpoint) {
        return refusals.getOrDefault(endpoint, Refusal.NONE).restsUntil();
    }

    private Duration rest(int times) {
        Duration longest =
                policy.interval().compareTo(LONGEST_REST) < 0 ? LONGEST_REST : policy.interval();
        return new Backoff(policy.interval(), longest, times).pause();
    }

    /** All of them, the current one last. */
    private int[] inTurn() {
        int[] turn = new int[size];
        for (int i = 0; i < size; i++) {
            turn[i] = (current + 1 + i) % size;
        }
        return turn;
    }
}
