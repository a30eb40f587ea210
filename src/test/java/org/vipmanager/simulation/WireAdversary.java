package org.vipmanager.simulation;

/**
 * Plans what goes wrong on the clients' network besides, in a part of the runs: its dice are its
 * own, so that the worlds of the others stay as they are.
 */
final class WireAdversary {

    private static final long SEED = 0x77697265L;
    private static final long MILLISECOND = 1_000_000L;

    private final World world;
    private final Dice dice;
    private final FaultInjector injector;
    private final long healAt;

    WireAdversary(World world, long seed, long healAt) {
        this.world = world;
        this.healAt = healAt;
        dice = new Dice(seed ^ SEED);
        injector = new FaultInjector(world, dice.split());
    }

    /** Enters everything into the agenda. */
    void plan() {
        if (dice.rolls(0.15)) {
            answerProbes();
        }
        if (dice.rolls(0.1)) {
            at(dice.seconds(5, 40), dice.seconds(2, 12), Fault.NAME_FORGED);
        }
        if (dice.rolls(0.15)) {
            at(dice.seconds(0, 50), dice.seconds(0.05, 12), Fault.ANNOUNCEMENTS_REFUSED);
        }
        if (dice.rolls(0.1)) {
            claimWhileVouchedFor();
        }
    }

    /** It begins before anybody holds, or later, and mostly outlasts the run. */
    private void answerProbes() {
        long at = dice.rolls(0.7) ? 0 : dice.seconds(0, 30);
        long until = dice.rolls(0.7) ? 10 * healAt : at + dice.seconds(5, 40);
        world.agenda()
                .at(
                        at,
                        () ->
                                injector.begin(
                                        Fault.PROBES_ANSWERED, world.hosts().getFirst(), until));
        if (dice.rolls(0.5)) {
            at(dice.seconds(20, 50), dice.seconds(5, 25), Fault.DCS_CUT);
        }
    }

    /** etcd is lost for longer than Patroni needs to find out, then a liar speaks up. */
    private void claimWhileVouchedFor() {
        long at = dice.seconds(10, 25);
        at(at, dice.seconds(20, 30), Fault.ETCD_LEADERLESS);
        at(at + dice.seconds(10, 14), dice.seconds(3, 12), Fault.LYING_STATION);
    }

    private void at(long at, long duration, Fault fault) {
        long until = Math.min(at + duration, healAt - MILLISECOND);
        if (at < until) {
            world.agenda().at(at, () -> injector.begin(fault, leaderOrAnybody(), until));
        }
    }

    private Host leaderOrAnybody() {
        return world.hosts().stream()
                .filter(world.leadership()::leads)
                .findFirst()
                .orElseGet(() -> dice.oneOf(world.hosts()));
    }
}
