package org.vipmanager.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Runs many seeds, on as many threads as there are processors, until some break a promise. */
final class Campaign {

    private final Simulation simulation;
    private final Predicate<Violation> sought;
    private final long firstSeed;
    private final long seeds;
    private final Tally tally = new Tally();
    private final SortedMap<Long, Violation> failures = new TreeMap<>();
    private int failuresToEnd = 1;

    Campaign(Design design, long firstSeed, long seeds) {
        this(design, violation -> true, firstSeed, seeds);
    }

    /**
     * @param sought the violations that count
     */
    Campaign(Design design, Predicate<Violation> sought, long firstSeed, long seeds) {
        simulation = new Simulation(design);
        this.sought = sought;
        this.firstSeed = firstSeed;
        this.seeds = seeds;
    }

    /** Goes on until so many seeds have broken a promise. */
    Campaign until(int failures) {
        failuresToEnd = failures;
        return this;
    }

    /**
     * Runs the seeds.
     *
     * @return the lowest seed that breaks a promise, told at length; the same on every machine
     */
    Optional<Outcome> run() throws InterruptedException {
        AtomicLong next = new AtomicLong();
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(processors)) {
            List<Future<?>> works = new ArrayList<>();
            for (int i = 0; i < processors; i++) {
                works.add(workers.submit(() -> work(next)));
            }
            for (Future<?> work : works) {
                work.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a world could not be made", e.getCause());
        }
        return failures.isEmpty()
                ? Optional.empty()
                : Optional.of(simulation.tell(failures.firstKey()));
    }

    /** The seeds that broke a promise, and what each broke first. */
    SortedMap<Long, Violation> failures() {
        return failures;
    }

    Tally tally() {
        return tally;
    }

    /** Seeds are taken in their order; after enough failures no later one is begun. */
    private void work(AtomicLong next) {
        Tally own = new Tally();
        long seed = firstSeed + next.getAndIncrement();
        while (seed < firstSeed + seeds && !isEnoughBefore(seed)) {
            long tried = seed;
            simulation.run(seed, own).violations().stream()
                    .filter(sought)
                    .findFirst()
                    .ifPresent(violation -> failed(tried, violation));
            seed = firstSeed + next.getAndIncrement();
        }
        synchronized (this) {
            tally.add(own);
        }
    }

    private synchronized void failed(long seed, Violation violation) {
        failures.put(seed, violation);
    }

    private synchronized boolean isEnoughBefore(long seed) {
        return failures.headMap(seed).size() >= failuresToEnd;
    }
}
