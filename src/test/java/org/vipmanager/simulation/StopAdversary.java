package org.vipmanager.simulation;

/** Has others put the address where it is not led, right before the daemon there is stopped. */
final class StopAdversary {

    private static final long OWN_STREAM = 0x7374_6f70_7374_6f70L;
    private static final long MILLISECOND = 1_000_000L;

    private final World world;
    private final Dice dice;
    private final long healAt;

    StopAdversary(World world, long seed, long healAt) {
        this.world = world;
        this.healAt = healAt;
        dice = new Dice(seed ^ OWN_STREAM);
    }

    void plan() {
        if (!dice.rolls(0.1)) {
            return;
        }
        FaultInjector injector = new FaultInjector(world, dice.split());
        Host host = dice.oneOf(world.hosts());
        long at = dice.seconds(6, healAt / 1e9 - 4);
        long until = Math.min(healAt - MILLISECOND, at + dice.seconds(1, 15));
        world.agenda()
                .at(
                        at,
                        () -> {
                            if (!world.leadership().leads(host)) {
                                injector.begin(Fault.ADDRESS_ADDED_AT_STOP, host, until);
                            }
                        });
    }
}
