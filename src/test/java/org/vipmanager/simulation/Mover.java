package org.vipmanager.simulation;

/** Moves leadership as Patroni, or an operator, moves it. */
final class Mover {

    private final World world;
    private final Dice dice;
    private final long healAt;

    Mover(World world, Dice dice, long healAt) {
        this.world = world;
        this.dice = dice;
        this.healAt = healAt;
    }

    void move(Move move) {
        if (!world.etcd().decides() || world.leadership().leader().isEmpty()) {
            return;
        }
        world.tally().note(Tally.Subject.MOVE, move);
        world.story().tell("MOVE", move.name());
        Host leader =
                world.hosts().stream().filter(world.leadership()::leads).findFirst().orElseThrow();
        PatroniNode patroni = leader.patroni();
        switch (move) {
            case SWITCHOVER -> patroni.release(dice.seconds(5, 15));
            case CRASH -> patroni.release(dice.seconds(0, 2));
            case SHUTDOWN -> {
                patroni.release(dice.seconds(1, 5));
                patroni.hang(true);
                world.agenda()
                        .at(
                                Math.min(healAt, world.agenda().now() + dice.seconds(0.5, 50)),
                                () -> patroni.hang(false));
            }
            case OPERATOR_DELETES -> world.etcd().delete(LeadershipEnd.RELEASED);
            case OPERATOR_REWRITES -> dice.oneOf(world.hosts()).patroni().writtenInByOperator();
            case RECREATED -> patroni.recreate(dice.seconds(0, 0.3), false);
            case RECREATED_WITH_OTHER_LEASE -> patroni.recreate(dice.seconds(0, 0.3), true);
            case LEASE_CHANGED -> {
                int ttl = world.scenario().ttlSeconds();
                // Patroni wants its ttl to outlast two of its loops and some retries.
                int shortest = Math.min(ttl, 2 * world.scenario().loopSeconds() + 6);
                patroni.changeLease(dice.rolls(0.5) ? ttl : Math.max(ttl / 2, shortest));
                cutBeforeItIsKnown(leader);
            }
        }
    }

    /**
     * The leader may never learn how long its new lease runs. By dice of their own: a run without
     * this move is as it would be without the cut.
     */
    private void cutBeforeItIsKnown(Host leader) {
        long now = world.agenda().now();
        Dice own = new Dice(now);
        if (own.rolls(0.5)) {
            world.agenda()
                    .after(
                            own.seconds(0, 0.1),
                            () ->
                                    new FaultInjector(world, own)
                                            .begin(Fault.DCS_CUT, leader, healAt));
        }
    }
}
