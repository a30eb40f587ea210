package org.vipmanager.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Plans what goes wrong in a run, and sees to it that everything is well from a certain time on.
 *
 * <p>A run has a few faults out of a few kinds, rather than a little of everything, and often a
 * plot: the leader loses leadership just when its daemon cannot notice.
 */
final class Adversary {

    private static final double FIRST_FAULT = 5;
    private static final long MILLISECOND = 1_000_000L;

    /** What keeps a daemon from noticing. */
    private static final List<Fault> BLINDFOLDS =
            List.of(
                    Fault.PROCESS_FROZEN,
                    Fault.PROCESS_FROZEN,
                    Fault.PROCESS_STUTTERS,
                    Fault.PROCESS_STUTTERS,
                    Fault.PROCESS_KILLED,
                    Fault.PROCESS_STARVED,
                    Fault.DCS_CUT,
                    Fault.DCS_CUT,
                    Fault.DCS_CUT_ONE_WAY,
                    Fault.DCS_SLOW,
                    Fault.DCS_SLOW,
                    Fault.WATCH_SILENT,
                    Fault.MEMBER_READS_STALL,
                    Fault.MEMBER_DEPOSED,
                    Fault.MEMBER_HUNG,
                    Fault.MEMBER_LAGGING,
                    Fault.REMOVALS_FAIL,
                    Fault.HOST_SUSPENDED,
                    Fault.CLIENTS_CUT,
                    Fault.STRAY_FRAME);

    /** Who leads the etcd cluster changes, and some member answers nonsense for a moment. */
    private static final List<Fault> ELECTIONS =
            List.of(Fault.ETCD_ELECTION, Fault.MEMBER_DEPOSED, Fault.ETCD_LEADERLESS);

    private static final List<Move> RECREATIONS =
            List.of(Move.RECREATED, Move.RECREATED_WITH_OTHER_LEASE);

    private final World world;
    private final Dice dice;
    private final long healAt;
    private final List<Fault> kinds;
    private final FaultInjector injector;
    private final Mover mover;

    Adversary(World world, Dice dice, long healAt) {
        this.world = world;
        this.dice = dice;
        this.healAt = healAt;
        injector = new FaultInjector(world, dice.split());
        mover = new Mover(world, dice.split(), healAt);
        // Those of other planners have streams of their own, so that these worlds stay the same.
        List<Fault> all = List.copyOf(EnumSet.range(Fault.PROCESS_FROZEN, Fault.PATRONI_HANGS));
        kinds = Stream.generate(() -> dice.oneOf(all)).limit(1 + dice.below(4)).toList();
    }

    /** Enters everything into the agenda. */
    void plan() {
        double last = healAt / 1e9 - 1;
        if (dice.rolls(0.35)) {
            double trust = OverlapClass.trust(world.scenario()) / 1e9;
            moveUnnoticed(
                    dice.seconds(FIRST_FAULT, dice.rolls(0.5) ? last : Math.max(6, last - trust)));
        }
        if (dice.rolls(0.35)) {
            letLeaseRunOut(dice.seconds(FIRST_FAULT, last / 2));
        }
        int moves = dice.below(4);
        for (int i = 0; i < moves; i++) {
            move(dice.seconds(FIRST_FAULT, last));
        }
        int faults = 1 + dice.below(4);
        for (int i = 0; i < faults; i++) {
            fault(dice.oneOf(kinds), dice.seconds(FIRST_FAULT, last));
        }
        world.agenda().at(healAt, this::heal);
    }

    // The plots.

    /** Leadership is moved on purpose while, or just before, the old leader's daemon is blind. */
    private void moveUnnoticed(long at) {
        long over = at + OverlapClass.trust(world.scenario());
        int blindfolds = 1 + dice.below(2);
        for (int i = 0; i < blindfolds; i++) {
            blindfold(at + dice.seconds(-6, 0.01), over);
        }
        if (dice.rolls(0.25)) {
            fault(Fault.CLIENTS_CUT, at - dice.seconds(0, 6), over + dice.seconds(0, 10));
        }
        move(at);
    }

    /**
     * Nobody refreshes the leader's lease any more, and its daemon goes blind, or not, some time
     * before the lease ends.
     */
    private void letLeaseRunOut(long at) {
        if (dice.rolls(0.5)) {
            prelude(at);
        }
        long ttl = world.scenario().ttlSeconds() * 1_000_000_000L;
        long until = Math.min(healAt - MILLISECOND, at + ttl + dice.seconds(0, 15));
        if (until <= at) {
            return;
        }
        Fault silence = dice.rolls(0.6) ? Fault.PATRONI_HANGS : Fault.DCS_CUT;
        world.agenda().at(at, () -> injector.begin(silence, victim(1), until));
        int blindfolds = dice.below(3);
        for (int i = 0; i < blindfolds; i++) {
            long earliest = dice.rolls(0.5) ? 0 : ttl * 2 / 3;
            blindfold(at + dice.between(earliest, ttl), at + ttl);
        }
    }

    /** What happens to the key or to etcd before the lease is refreshed for the last time. */
    private void prelude(long before) {
        long at = before - dice.seconds(0.01, 1.5);
        switch (dice.below(3)) {
            case 0 -> fault(dice.oneOf(ELECTIONS), at, at + dice.seconds(0.1, 2));
            case 1 -> world.agenda().at(at, () -> mover.move(Move.LEASE_CHANGED));
            default -> world.agenda().at(at, () -> mover.move(dice.oneOf(RECREATIONS)));
        }
    }

    /** Every other one lasts until all that was believed before it is over. */
    private void blindfold(long at, long over) {
        Fault fault = dice.oneOf(BLINDFOLDS);
        if (dice.rolls(0.5)) {
            fault(fault, at, at + duration());
        } else {
            fault(fault, at, over + dice.seconds(0, 10));
        }
    }

    private void move(long at) {
        Move move = dice.oneOf(List.of(Move.values()));
        world.agenda().at(at, () -> mover.move(move));
    }

    private void fault(Fault fault, long at) {
        fault(fault, at, at + duration());
    }

    /** A fault ends before everything is healed. */
    private void fault(Fault fault, long at, long end) {
        long until = Math.min(end, healAt - MILLISECOND);
        if (at < until) {
            world.agenda().at(at, () -> strike(fault, victim(0.7), until));
        }
    }

    /** A process that stood still has not got well by that: it may soon do so again, or die. */
    private void strike(Fault fault, Host host, long until) {
        injector.begin(fault, host, until);
        long again = until + dice.seconds(0.01, 2);
        long over = Math.min(again + duration(), healAt - MILLISECOND);
        if (fault == Fault.PROCESS_FROZEN && again < over && dice.rolls(0.4)) {
            Fault relapse = dice.rolls(0.5) ? Fault.PROCESS_FROZEN : Fault.PROCESS_KILLED;
            world.agenda().at(again, () -> injector.begin(relapse, host, over));
        }
    }

    private long duration() {
        return switch (dice.below(10)) {
            case 0, 1, 2 -> dice.seconds(0.05, 3);
            case 3, 4, 5, 6 -> dice.seconds(3, 14);
            default -> dice.seconds(14, 50);
        };
    }

    /** Mostly the leader. */
    private Host victim(double leaderProbability) {
        return world.hosts().stream()
                .filter(world.leadership()::leads)
                .filter(leader -> dice.rolls(leaderProbability))
                .findFirst()
                .orElseGet(() -> dice.oneOf(world.hosts()));
    }

    private void heal() {
        world.story().tell("HEAL", "from here on all is well");
        world.etcd().members().forEach(member -> member.become(EtcdMember.Condition.WELL));
        world.etcd().become(EtcdCluster.Condition.WELL);
        world.hosts().forEach(Host::startDaemon);
    }
}
