package org.vipmanager.simulation;

/**
 * Plans that a watch tells nothing though its server is alive, out of dice of its own: so the
 * worlds stay as they were where it does nothing.
 */
final class WatchAdversary {

    private static final long SEED = 0x7761746368L;

    private final World world;
    private final Dice dice;
    private final FaultInjector injector;

    WatchAdversary(World world, long seed) {
        this.world = world;
        dice = new Dice(seed ^ SEED);
        injector = new FaultInjector(world, dice.split());
    }

    /** Enters everything into the agenda; what it does ends when the daemon watches anew. */
    void plan() {
        if (!dice.rolls(0.2)) {
            return;
        }
        int times = 1 + dice.below(3);
        for (int i = 0; i < times; i++) {
            long at = dice.seconds(8, 70);
            Host host = dice.oneOf(world.hosts());
            world.agenda().at(at, () -> injector.begin(Fault.WATCH_DEAF, host, at));
        }
    }
}
