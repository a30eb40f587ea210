package org.vipmanager.retry;

import org.vipmanager.core.Moment;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * Which of several equal endpoints is asked next, and when.
 *
 * <p>A good one is kept. After a failure the others are asked at once, one after another; when all
 * of them have failed, again after a short pause, and after some such rounds at the usual pace. One
 * that refuses what only a person can mend rests ever longer, but alone: final is only what every
 * endpoint has said, and the others are asked as often as ever. Belongs to one thread.
 */
public final class Endpoints {

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

    /** Who has refused a key, of those that were asked for it since it was last answered. */
    private final Map<String, Set<Endpoint>> refusals = new HashMap<>();

    /**
     * For who keeps the pauses himself.
     *
     * @param uris in the order in which they are tried; at least one
     */
    public Endpoints(List<URI> uris) {
        this(uris, Pace.NONE, () -> 0);
    }

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

    /** Whether each of them has failed since one last answered well. */
    public boolean haveAllFailed() {
        return rounds > 0;
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

    // ---- each key for itself, where several are asked for at a time --------------------------

    /** Whom to ask for a key: the current one, or the next that has not refused it. */
    public URI forKey(String key) {
        Endpoint usual = endpoints.get(current);
        Set<Endpoint> refusing = refusals.getOrDefault(key, Set.of());
        return Stream.concat(Stream.of(usual), inTurn().stream().map(endpoints::get))
                .filter(endpoint -> !refusing.contains(endpoint))
                .findFirst()
                .orElse(usual)
                .uri;
    }

    /** One of them has answered well for a key: it is asked from now on. */
    public void succeeded(URI uri, String key) {
        refusals.remove(key);
        succeeded();
        Endpoint answering = find(uri);
        if (answering != endpoints.get(current)) {
            current = endpoints.indexOf(answering);
            turn++;
        }
    }

    /** One of them has failed: if it is the current one, the next is turned to. */
    public void failed(URI uri, Failure failure) {
        Endpoint failed = find(uri);
        if (failed == endpoints.get(current)) {
            failed(failure, Moment.LONG_AGO, Moment.LONG_AGO);
        } else {
            failed.refusalsInARow = failure == Failure.REFUSED ? failed.refusalsInARow + 1 : 0;
        }
    }

    /**
     * One of them may not, or does not want to, tell this key.
     *
     * @return whether all of them have refused it, which is final
     */
    public boolean refused(URI uri, String key) {
        Set<Endpoint> refusing = refusals.computeIfAbsent(key, _ -> new HashSet<>());
        refusing.add(find(uri));
        if (refusing.size() < endpoints.size()) {
            return false;
        }
        refusals.remove(key);
        return true;
    }

    /** Forgets who has refused other keys than these. */
    public void retain(Set<String> keys) {
        refusals.keySet().retainAll(keys);
    }

    /** The current one, if it is that. */
    private Endpoint find(URI uri) {
        return Stream.concat(Stream.of(endpoints.get(current)), endpoints.stream())
                .filter(endpoint -> endpoint.uri.equals(uri))
                .findFirst()
                .orElseThrow();
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
