package org.vipmanager.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Durations that were measured one after another, and what a table says of them. */
final class Samples {

    private final List<Duration> durations = new ArrayList<>();

    void add(Duration duration) {
        durations.add(duration);
    }

    int count() {
        return durations.size();
    }

    Duration first() {
        return durations.getFirst();
    }

    Duration worst() {
        return Collections.max(durations);
    }

    /** The one in the middle, or the middle of two. */
    Duration median() {
        List<Duration> sorted = sorted();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : sorted.get(half - 1).plus(sorted.get(half)).dividedBy(2);
    }

    Duration percentile95() {
        return percentile(95);
    }

    /**
     * The shortest of them that is long enough.
     *
     * @param percent of all samples, or more, are no longer than it
     */
    Duration percentile(int percent) {
        return sorted().get(Math.ceilDiv(durations.size() * percent, 100) - 1);
    }

    /** In the order in which they were measured. */
    List<Duration> inOrder() {
        return List.copyOf(durations);
    }

    List<Duration> sorted() {
        return durations.stream().sorted().toList();
    }

    /** For tables: {@code 2.3 ms}. */
    static String text(Duration duration) {
        double milliseconds = duration.toNanos() / 1e6;
        return milliseconds < 1000
                ? String.format(Locale.ROOT, "%.1f ms", milliseconds)
                : String.format(Locale.ROOT, "%.1f s", milliseconds / 1000);
    }

    @Override
    public String toString() {
        return "median %s, first %s, 95%% %s, worst %s of %d"
                .formatted(
                        text(median()),
                        text(first()),
                        text(percentile95()),
                        text(worst()),
                        count());
    }
}
