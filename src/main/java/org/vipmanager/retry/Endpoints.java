package org.vipmanager.retry;

import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Which of several equal endpoints is asked next, and when.
 *
 * <p>A good one is kept. After a failure the others are asked at once, one after another; when all
 * of them have failed, again after a short pause, and after some such rounds at the usual pace. One
 * that refuses what only a person can mend rests ever longer, but alone: final is only what every
 * endpoint has said, and the others are asked as often as ever. Belongs to one thread.
 */
public final class Endpoints {

    /**
     * How fast they are asked.
     *
     * @param quickRounds after how many rounds of failures the usual pace begins
     * @param soon the pause before a quick round, from the last failure
     * @param usual the pause before the later ones, from the beginning of the last attempt; never
     *     less than before a quick one
     * @param rest how long one that refused is left alone, from the beginning of that attempt
     */
    public record Pace(int quickRounds, RetryPolicy soon, RetryPolicy usual, RetryPolicy rest) {}

    /** What has become of an attempt. */
    public enum Failure {
        /** It may fare better the next time. */
        PASSING,
        /** It was refused for a reason that a person has to mend. */
        REFUSED
    }

    /** One of them, and what became of it since one of them last answered well. */
    private static final class Endpoint {
        private final URI uri;
        private boolean hasFailedInThisRound;
        private int refusalsInARow;
        private Moment restsUntil = Moment.LONG_AGO;

        /** Since one of them denied nothing; {@link #forget} does not forget it. */
        private boolean wasTurnedToForADenial;

        private Endpoint(URI uri) {
            this.uri = uri;
        }

        private void forget() {
            hasFailedInThisRound = false;
            refusalsInARow = 0;
            restsUntil = Moment.LONG_AGO;
        }
    }

    private final List<Endpoint> endpoints;
    private final Pace pace;
    private final DoubleSupplier chance;
    private int current;
    private int rounds;
    private long turn;

    /**
     * @param uris in the order in which they are tried; at least one
     * @param chance gives numbers from 0 up to but not 1, for the jitter of the pauses
     */
    public Endpoints(List<URI> uris, Pace pace, DoubleSupplier chance) {
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("no endpoint");
        }
        this.endpoints = uris.stream().map(Endpoint::new).toList();
        this.pace = pace;
        this.chance = chance;
    }

    public URI current() {
        return endpoints.get(current).uri;
    }

    /**
     * Grows whenever another is turned to, so that a long question can be seen to have been asked
     * before.
     */
    public long turn() {
        return turn;
    }

    /** Whether the last attempt failed. */
    public boolean isFailing() {
        return rounds > 0 || endpoints.stream().anyMatch(endpoint -> endpoint.hasFailedInThisRound);
    }

    /**
     * Whether each of them has refused since one last answered well, and said nothing else since.
     */
    public boolean haveAllRefused() {
        return endpoints.stream().allMatch(endpoint -> endpoint.refusalsInARow > 0);
    }

    /** The current one has answered well. */
    public void succeeded() {
        rounds = 0;
        endpoints.forEach(Endpoint::forget);
    }

    /** The current one has shown all that it was asked for. */
    public void deniedNothing() {
        endpoints.forEach(endpoint -> endpoint.wasTurnedToForADenial = false);
    }

    /**
     * The current one answers, but denies a part: turns to one that may show it.
     *
     * @return whether there is one that was not turned to for that before
     */
    public boolean turnFromDenial() {
        endpoints.get(current).wasTurnedToForADenial = true;
        for (int candidate : inTurn()) {
            if (!endpoints.get(candidate).wasTurnedToForADenial) {
                endpoints.get(candidate).wasTurnedToForADenial = true;
                current = candidate;
                turn++;
                return true;
            }
        }
        return false;
    }

    /**
     * The current one has failed: turns to the next that is not resting.
     *
     * @param attemptedAt when the attempt began that failed
     * @return when to ask it; now for one that has not failed in this round
     */
    public Moment failed(Failure failure, Moment attemptedAt, Moment now) {
        turn++;
        note(endpoints.get(current), failure, attemptedAt);
        List<Integer> inTurn = inTurn();
        for (int candidate : inTurn) {
            Endpoint next = endpoints.get(candidate);
            if (!next.hasFailedInThisRound && !next.restsUntil.isAfter(now)) {
                current = candidate;
                return now;
            }
        }
        return beginRound(inTurn, attemptedAt, now);
    }

    private void note(Endpoint failed, Failure failure, Moment attemptedAt) {
        failed.hasFailedInThisRound = true;
        failed.refusalsInARow = failure == Failure.REFUSED ? failed.refusalsInARow + 1 : 0;
        failed.restsUntil =
                failure == Failure.REFUSED
                        ? attemptedAt.plus(
                                pace.rest().pause(failed.refusalsInARow, chance.getAsDouble()))
                        : Moment.LONG_AGO;
    }

    private Moment beginRound(List<Integer> inTurn, Moment attemptedAt, Moment now) {
        endpoints.forEach(endpoint -> endpoint.hasFailedInThisRound = false);
        rounds++;
        Moment again = now.plus(pace.soon().pause(rounds, chance.getAsDouble()));
        if (rounds >= pace.quickRounds()) {
            int usual = rounds - pace.quickRounds() + 1;
            again =
                    Moment.later(
                            again,
                            attemptedAt.plus(pace.usual().pause(usual, chance.getAsDouble())));
        }
        current = firstAwake(inTurn, again);
        return Moment.later(again, endpoints.get(current).restsUntil);
    }

    /** The first that can be asked then, or else the one that can be asked first. */
    private int firstAwake(List<Integer> inTurn, Moment then) {
        int best = inTurn.getFirst();
        for (int candidate : inTurn) {
            Moment rests = endpoints.get(candidate).restsUntil;
            if (!rests.isAfter(then)) {
                return candidate;
            }
            if (rests.isBefore(endpoints.get(best).restsUntil)) {
                best = candidate;
            }
        }
        return best;
    }

    /** All of them, the current one last. */
    private List<Integer> inTurn() {
        List<Integer> turns = new ArrayList<>(endpoints.size());
        for (int i = 1; i <= endpoints.size(); i++) {
            turns.add((current + i) % endpoints.size());
        }
        return turns;
    }
}
