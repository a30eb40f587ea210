package org.vipmanager.simulation;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Seeded chance. Each concern has dice of its own, so that a change in one leaves the others as
 * they were.
 */
final class Dice {

    private final SplittableRandom random;

    Dice(long seed) {
        this(new SplittableRandom(seed));
    }

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** Dice for another concern. */
    Dice split() {
        return new Dice(random.split());
    }

    boolean rolls(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0 up to but not 1. */
    double part() {
        return random.nextDouble();
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }

    /** A time between two, in nanoseconds. */
    long seconds(double least, double most) {
        return (long) ((least + (most - least) * random.nextDouble()) * 1e9);
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
