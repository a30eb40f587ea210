package org.vipmanager.simulation;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How many seeds have exercised what, and the worst overlap of each class. */
final class Tally {

    /** What is counted. */
    enum Subject {
        FAULT("fault"),
        LEADERSHIP("leadership"),
        REASON("reason told"),
        TRANSITION("transition");

        private final String title;

        Subject(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Map<Subject, Map<String, Integer>> seeds = new EnumMap<>(Subject.class);
    private final Map<OverlapClass, Worst> worst = new EnumMap<>(OverlapClass.class);
    private final Set<String> notedInThisSeed = new HashSet<>();
    private int runs;

    /**
     * The worst overlap of a class: the one that came nearest to its bound, and else the longest.
     *
     * @param count how many there were
     */
    record Worst(long nanos, long bound, long seed, int count) {
        private boolean isWorseThan(Worst other) {
            return (double) nanos / Math.max(1, bound)
                    > (double) other.nanos / Math.max(1, other.bound);
        }
    }

    void note(Subject subject, String what) {
        if (notedInThisSeed.add(subject + what)) {
            count(subject, what, 1);
        }
    }

    void overlap(OverlapClass kind, long nanos, long bound, long seed) {
        worst.merge(kind, new Worst(nanos, bound, seed, 1), Tally::worse);
    }

    void seedEnded() {
        runs++;
        notedInThisSeed.clear();
    }

    void add(Tally other) {
        runs += other.runs;
        other.seeds.forEach(
                (subject, counts) ->
                        counts.forEach((what, number) -> count(subject, what, number)));
        other.worst.forEach((kind, case_) -> worst.merge(kind, case_, Tally::worse));
    }

    int runs() {
        return runs;
    }

    Map<String, Integer> seeds(Subject subject) {
        return seeds.getOrDefault(subject, Map.of());
    }

    Map<OverlapClass, Worst> worst() {
        return worst;
    }

    private void count(Subject subject, String what, int number) {
        seeds.computeIfAbsent(subject, unused -> new TreeMap<>()).merge(what, number, Integer::sum);
    }

    private static Worst worse(Worst one, Worst other) {
        Worst worse = other.isWorseThan(one) ? other : one;
        return new Worst(worse.nanos(), worse.bound(), worse.seed(), one.count() + other.count());
    }
}
