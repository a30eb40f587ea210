package org.vipmanager.simulation;

/**
 * Plans that a daemon is told to ask another cluster, out of dice of its own: so the worlds stay as
 * they were where it does nothing.
 */
final class ReloadAdversary {

    private static final long SEED = 0x72656c6f6164L;

    private final World world;
    private final Dice dice;
    private final FaultInjector injector;

    ReloadAdversary(World world, long seed) {
        this.world = world;
        dice = new Dice(seed ^ SEED);
        injector = new FaultInjector(world, dice.split());
    }

    /** Enters everything into the agenda; what it does is over when the daemon has read. */
    void plan() {
        if (!dice.rolls(0.15)) {
            return;
        }
        int times = 1 + dice.below(3);
        for (int i = 0; i < times; i++) {
            long at = dice.seconds(5, 70);
            boolean leader = dice.rolls(0.6);
            Host any = dice.oneOf(world.hosts());
            world.agenda()
                    .at(
                            at,
                            () ->
                                    injector.begin(
                                            Fault.SOURCE_REPLACED,
                                            leader ? leaderOr(any) : any,
                                            at));
        }
    }

    private Host leaderOr(Host any) {
        return world.hosts().stream().filter(world.leadership()::leads).findFirst().orElse(any);
    }
}
