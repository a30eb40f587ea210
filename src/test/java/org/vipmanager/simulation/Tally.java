package org.vipmanager.simulation;

import org.vipmanager.core.Reason;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How many seeds have exercised what, and the worst overlap of each class. */
final class Tally {

    /** What is counted. */
    enum Subject {
        FAULT("fault that had an effect", namesOf(Fault.values())),
        FREEZE("process frozen", namesOf(FreezePoint.values())),
        MOVE("leadership moved", namesOf(Move.values())),
        LEADERSHIP("leadership ended", namesOf(LeadershipEnd.values())),
        HAPPENED(
                "happened besides",
                List.of(
                        "Patroni in failsafe mode",
                        "a leader was judged when all was well",
                        "nonsense time to live")),
        REASON("reason told", everyReason()),
        TRANSITION(
                "transition",
                List.of(
                        "Unseen -> Standby",
                        "Unseen -> Present",
                        "Unseen -> Missing",
                        "Unseen -> Stopped",
                        "Standby -> Present",
                        "Standby -> Missing",
                        "Standby -> Stopped",
                        "Present -> Standby",
                        "Present -> Yielded",
                        "Present -> Missing",
                        "Present -> Stopped",
                        "Missing -> Present",
                        "Missing -> Standby",
                        "Yielded -> Present",
                        "Yielded -> Standby"));

        private final String title;
        private final List<String> expected;

        Subject(String title, List<String> expected) {
            this.title = title;
            this.expected = expected;
        }

        String title() {
            return title;
        }

        /** What should occur in many seeds, as far as that is known. */
        List<String> expected() {
            return expected;
        }

        /** All but that of a reload, which these daemons do not do. */
        private static List<String> everyReason() {
            return recordsOf(Reason.class)
                    .filter(reason -> reason != Reason.NoLongerConfigured.class)
                    .map(Class::getSimpleName)
                    .toList();
        }

        private static Stream<Class<?>> recordsOf(Class<?> type) {
            return type.isRecord()
                    ? Stream.of(type)
                    : Stream.of(type.getPermittedSubclasses()).flatMap(Subject::recordsOf);
        }

        private static List<String> namesOf(Enum<?>[] values) {
            return Stream.of(values).map(Enum::name).toList();
        }
    }

    private final Map<Subject, Map<String, Integer>> seeds = new EnumMap<>(Subject.class);
    private final Map<OverlapClass, Worst> worst = new EnumMap<>(OverlapClass.class);
    private final Set<String> notedInThisSeed = new HashSet<>();
    private int runs;

    /**
     * The worst overlap of a class: the one that ended closest to its deadline.
     *
     * @param allowed how long it might have lasted, as it was judged
     * @param longest how long the longest one lasted
     * @param count how many there were
     */
    record Worst(long nanos, long allowed, long seed, long longest, int count) {
        private boolean isWorseThan(Worst other) {
            long slack = allowed - nanos;
            long otherSlack = other.allowed - other.nanos;
            return slack < otherSlack || slack == otherSlack && seed < other.seed;
        }
    }

    void note(Subject subject, Enum<?> what) {
        note(subject, what.name());
    }

    void note(Subject subject, String what) {
        if (notedInThisSeed.add(subject + what)) {
            count(subject, what, 1);
        }
    }

    void overlap(OverlapClass kind, long nanos, long allowed, long seed) {
        worst.merge(kind, new Worst(nanos, allowed, seed, nanos, 1), Tally::worse);
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

    /** In how many seeds each thing occurred, also those that are expected and did not. */
    Map<String, Integer> seeds(Subject subject) {
        Map<String, Integer> counts = new TreeMap<>(seeds.getOrDefault(subject, Map.of()));
        subject.expected().forEach(what -> counts.putIfAbsent(what, 0));
        return counts;
    }

    Map<OverlapClass, Worst> worst() {
        return worst;
    }

    private void count(Subject subject, String what, int number) {
        seeds.computeIfAbsent(subject, unused -> new TreeMap<>()).merge(what, number, Integer::sum);
    }

    private static Worst worse(Worst one, Worst other) {
        Worst worse = other.isWorseThan(one) ? other : one;
        return new Worst(
                worse.nanos(),
                worse.allowed(),
                worse.seed(),
                Math.max(one.longest(), other.longest()),
                one.count() + other.count());
    }
}
