package org.vipmanager.simulation;

import java.util.EnumSet;
import java.util.List;

/**
 * Plans what goes wrong in a run, and sees to it that everything is well from a certain time on.
 *
 * <p>A run has a few faults out of a few kinds, rather than a little of everything: so that long
 * and rare combinations come about.
 */
final class Adversary {

    private static final double FIRST_FAULT = 5;

    private final World world;
    private final Dice dice;
    private final long healAt;
    private final List<Fault> kinds;

    Adversary(World world, Dice dice, long healAt) {
        this.world = world;
        this.dice = dice;
        this.healAt = healAt;
        List<Fault> all = List.copyOf(EnumSet.allOf(Fault.class));
        int number = 1 + dice.below(4);
        kinds = java.util.stream.Stream.generate(() -> dice.oneOf(all)).limit(number).toList();
    }

    /** Enters everything into the agenda. */
    void plan() {
        double last = healAt / 1e9 - 1;
        int moves = dice.below(4);
        for (int i = 0; i < moves; i++) {
            long at = dice.seconds(FIRST_FAULT, last);
            Move move = dice.oneOf(List.of(Move.values()));
            world.agenda().at(at, () -> move(move));
            if (dice.rolls(0.7)) {
                fault(dice.oneOf(kinds), Math.max(0, at + dice.seconds(-4, 0.5)));
            }
        }
        int faults = 1 + dice.below(4);
        for (int i = 0; i < faults; i++) {
            fault(dice.oneOf(kinds), dice.seconds(FIRST_FAULT, last));
        }
        world.agenda().at(healAt, this::heal);
    }

    private long duration() {
        return switch (dice.below(10)) {
            case 0, 1, 2 -> dice.seconds(0.05, 3);
            case 3, 4, 5, 6 -> dice.seconds(3, 14);
            default -> dice.seconds(14, 50);
        };
    }

    private Host victim() {
        if (dice.rolls(0.7) && world.leadership().leader().isPresent()) {
            return world.hosts().stream()
                    .filter(world.leadership()::leads)
                    .findFirst()
                    .orElse(world.hosts().getFirst());
        }
        return dice.oneOf(world.hosts());
    }

    /** A fault's two ends; the second comes before everything is healed. */
    private void fault(Fault fault, long at) {
        long planned = at + duration();
        long until = Math.min(planned, healAt - 1_000_000);
        if (at < until) {
            world.agenda().at(at, () -> begin(fault, until));
        }
    }

    private void lasting(long until, Runnable begin, Runnable end) {
        begin.run();
        world.agenda().at(until, end);
    }

    private void impaired(Host host, Impairment kind, long until, Runnable begin, Runnable end) {
        lasting(
                until,
                () -> {
                    host.impairments().begin(kind);
                    begin.run();
                },
                () -> {
                    end.run();
                    host.impairments().end(kind);
                });
    }

    private void everybodyImpaired(Impairment kind, long until, Runnable begin, Runnable end) {
        lasting(
                until,
                () -> {
                    world.hosts().forEach(host -> host.impairments().begin(kind));
                    begin.run();
                },
                () -> {
                    end.run();
                    world.hosts().forEach(host -> host.impairments().end(kind));
                });
    }

    private void begin(Fault fault, long until) {
        world.tally().note(Tally.Subject.FAULT, fault.name());
        Host host = victim();
        world.story()
                .tell("FAULT", fault + " at " + host + " until " + until / 1_000_000 / 1e3 + " s");
        switch (fault) {
            case PROCESS_FROZEN -> freeze(host, until);
            case PROCESS_KILLED -> {
                host.killDaemon();
                world.agenda().at(until, host::startDaemon);
            }
            case PROCESS_STOPPED, PROCESS_STOPPED_KEEPING -> {
                host.stopDaemon(fault == Fault.PROCESS_STOPPED_KEEPING);
                world.agenda().at(until, host::startDaemon);
            }
            case PROCESS_STARVED -> starve(host, until);
            case HOST_SUSPENDED -> standStill(host, until, false);
            case HOST_PAUSED -> standStill(host, until, true);
            case DCS_CUT -> cut(host, until, true, true);
            case DCS_CUT_ONE_WAY -> {
                boolean outward = dice.rolls(0.5);
                cut(host, until, outward, !outward);
            }
            case DCS_SLOW ->
                    impaired(
                            host,
                            Impairment.CUT_OFF,
                            until,
                            () -> host.dcsLink().slowDown(1.5),
                            () -> healLink(host));
            case CLIENTS_CUT ->
                    impaired(
                            host,
                            Impairment.DEAF,
                            until,
                            () -> host.cutClientLink(true),
                            () -> host.cutClientLink(false));
            case FRAMES_LOST ->
                    everybodyImpaired(
                            Impairment.DEAF,
                            until,
                            () -> world.wire().lose(0.5),
                            () -> world.wire().lose(0));
            case STRAY_FRAME -> {
                for (int i = 0; i < 3; i++) {
                    world.agenda()
                            .after(
                                    dice.seconds(0, 12),
                                    () -> world.wire().stray(host, "02:00:00:00:00:f0"));
                }
            }
            case LYING_STATION -> lie(host, until);
            case PUTS_FAIL ->
                    impaired(
                            host,
                            Impairment.STALLED,
                            until,
                            () -> host.failPuts(true),
                            () -> host.failPuts(false));
            case REMOVALS_FAIL ->
                    impaired(
                            host,
                            Impairment.STALLED,
                            until,
                            () -> host.failRemovals(true),
                            () -> host.failRemovals(false));
            case ADDRESS_DELETED -> host.foreignRemoval();
            case ADDRESS_ADDED -> host.foreignAddition();
            case LINK_FLAPS ->
                    lasting(until, () -> host.linkChanges(false), () -> host.linkChanges(true));
            case ETCD_HUNG -> cluster(EtcdCluster.Condition.HUNG, until);
            case ETCD_LEADERLESS -> cluster(EtcdCluster.Condition.LEADERLESS, until);
            case ETCD_RESTARTED -> cluster(EtcdCluster.Condition.DOWN, until);
            case ETCD_ELECTION -> world.etcd().electAnother();
            case ETCD_RESTORED -> {
                world.etcd().backUp();
                world.agenda().at(until, () -> world.etcd().restore(dice.rolls(0.3)));
            }
            case MEMBER_HUNG -> member(EtcdMember.Condition.HUNG, Impairment.CUT_OFF, until);
            case MEMBER_DOWN -> member(EtcdMember.Condition.DOWN, Impairment.CUT_OFF, until);
            case MEMBER_DEPOSED -> member(EtcdMember.Condition.DEPOSED, Impairment.CUT_OFF, until);
            case MEMBER_READS_STALL ->
                    member(EtcdMember.Condition.READS_STALL, Impairment.CUT_OFF, until);
            case MEMBER_LAGGING ->
                    member(EtcdMember.Condition.LAGGING, Impairment.WATCH_SILENT, until);
            case WATCH_SILENT ->
                    host.daemon().ifPresent(process -> process.etcd().silenceWatches());
            case PATRONI_HANGS ->
                    lasting(
                            until,
                            () -> host.patroni().hang(true),
                            () -> host.patroni().hang(false));
        }
    }

    private void freeze(Host host, long until) {
        FreezePoint point =
                dice.rolls(0.4) ? FreezePoint.WAITING : dice.oneOf(List.of(FreezePoint.values()));
        host.daemon().ifPresent(process -> process.freeze(point, until));
    }

    private void starve(Host host, long until) {
        impaired(
                host,
                Impairment.STALLED,
                until,
                () -> host.daemon().ifPresent(process -> process.starve(true)),
                () -> host.daemon().ifPresent(process -> process.starve(false)));
    }

    private void standStill(Host host, long until, boolean clocksToo) {
        if (!host.standsStill()) {
            lasting(until, () -> host.standStill(clocksToo), () -> host.goOn(clocksToo));
        }
    }

    private void cut(Host host, long until, boolean outward, boolean inward) {
        impaired(
                host,
                Impairment.CUT_OFF,
                until,
                () -> host.dcsLink().cut(outward, inward),
                () -> healLink(host));
        boolean clientsToo = dice.rolls(0.3);
        if (clientsToo) {
            impaired(
                    host,
                    Impairment.DEAF,
                    until,
                    () -> host.cutClientLink(true),
                    () -> host.cutClientLink(false));
        }
    }

    private void healLink(Host host) {
        if (host.dcsLink().heal()) {
            host.daemon().ifPresent(process -> process.etcd().breakConnections());
        }
    }

    private void lie(Host host, long until) {
        world.wire().stray(host, "02:00:00:00:00:f1");
        if (world.agenda().now() < until) {
            world.agenda().after(dice.seconds(0.1, 2), () -> lie(host, until));
        }
    }

    private void cluster(EtcdCluster.Condition condition, long until) {
        everybodyImpaired(
                Impairment.CUT_OFF,
                until,
                () -> world.etcd().become(condition),
                () -> world.etcd().become(EtcdCluster.Condition.WELL));
    }

    private void member(EtcdMember.Condition condition, Impairment kind, long until) {
        EtcdMember member = dice.oneOf(world.etcd().members());
        everybodyImpaired(
                kind,
                until,
                () -> member.become(condition),
                () -> member.become(EtcdMember.Condition.WELL));
    }

    private void move(Move move) {
        if (!world.etcd().decides() || world.leadership().leader().isEmpty()) {
            return;
        }
        world.tally().note(Tally.Subject.LEADERSHIP, move.name());
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
                                Math.min(healAt, world.agenda().now() + duration()),
                                () -> patroni.hang(false));
            }
            case OPERATOR_DELETES -> world.etcd().delete(LeadershipEnd.RELEASED);
            case OPERATOR_REWRITES -> dice.oneOf(world.hosts()).patroni().writtenInByOperator();
            case RECREATED -> patroni.recreate(dice.seconds(0, 0.3), false);
            case RECREATED_WITH_OTHER_LEASE -> patroni.recreate(dice.seconds(0, 0.3), true);
            case LEASE_CHANGED -> patroni.changeLease();
        }
    }

    private void heal() {
        world.story().tell("HEAL", "from here on all is well");
        world.etcd().members().forEach(member -> member.become(EtcdMember.Condition.WELL));
        world.etcd().become(EtcdCluster.Condition.WELL);
        world.hosts().forEach(Host::startDaemon);
    }
}
