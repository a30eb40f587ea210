package org.vipmanager.simulation;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One run: a world made from a seed, trouble until it is healed, then calm.
 *
 * <p>While there is trouble, safety is judged; after it, that everything is well again in time.
 */
final class Simulation {

    /** Other dice than those of the seed itself. */
    private static final long KERNEL_STREAM = 0x6b65726e656cL;

    private static final long SECOND = 1_000_000_000L;

    /** Leases end in this time, and Patroni's nodes that have been told to stand back come back. */
    private static final long LONGEST_CALM = 120 * SECOND;

    /** What the daemons log is of no use here; kept, so that the level stays. */
    private static final Logger SILENCED = Logger.getLogger("org.vipmanager");

    static {
        SILENCED.setLevel(Level.OFF);
    }

    private final Design design;

    Simulation(Design design) {
        this.design = design;
    }

    /** Runs one seed for its result alone. */
    Outcome run(long seed, Tally tally) {
        return run(seed, tally, false);
    }

    /** Runs one seed and tells the story. */
    Outcome tell(long seed) {
        return run(seed, new Tally(), true);
    }

    private Outcome run(long seed, Tally tally, boolean tellStory) {
        Dice dice = new Dice(seed);
        Scenario scenario = Scenario.roll(dice.split());
        World world = new World(seed, scenario, design, tally, tellStory, dice.split());
        world.story().tell("seed", seed + ": " + scenario);
        try {
            live(world, seed, dice);
        } catch (RuntimeException | Error e) {
            world.referee().endedByDefect(e);
        }
        tally.seedEnded();
        return new Outcome(seed, world.referee().violations(), world.story().lines());
    }

    private static void live(World world, long seed, Dice dice) {
        long healAt = dice.seconds(25, 70);
        new Adversary(world, dice.split(), healAt).plan();
        new KernelTrouble(world, new Dice(seed ^ KERNEL_STREAM), healAt).plan();
        new StopAdversary(world, seed, healAt).plan();
        new WireAdversary(world, seed, healAt).plan();
        new WatchAdversary(world, seed).plan();
        new ReloadAdversary(world, seed).plan();
        begin(world, dice.split());
        world.agenda().runUntil(healAt);
        calmDown(world, healAt);
        world.referee().end();
    }

    private static void begin(World world, Dice dice) {
        for (Host host : world.hosts()) {
            boolean first = host == world.hosts().getFirst();
            host.patroni().start(first ? 0 : dice.seconds(0.5, 3));
            if (dice.rolls(0.1)) {
                host.foreignAddition();
            }
            world.agenda().after(dice.seconds(0, 2), host::startDaemon);
        }
    }

    private static void calmDown(World world, long healAt) {
        long end = healAt + OverlapClass.recovery(world.scenario()) + 12 * SECOND;
        long latest = healAt + LONGEST_CALM;
        long time = healAt;
        while (time < end || !world.referee().hasJudgedTheCalm() && time < latest) {
            world.agenda().runUntil(time);
            world.referee().checkExactlyTheLeaderHolds(healAt);
            time += SECOND / 4;
        }
        world.referee().calmEnded();
    }
}
