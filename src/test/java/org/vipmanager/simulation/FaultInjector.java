package org.vipmanager.simulation;

import java.util.List;

/** Does to the world what a {@link Fault} says, for as long as it lasts. */
final class FaultInjector {

    private final World world;
    private final Dice dice;

    FaultInjector(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    /**
     * Begins a fault; it ends by itself.
     *
     * @param host whom it strikes, where it strikes one host
     */
    void begin(Fault fault, Host host, long until) {
        if (findsWhatItStrikes(fault, host)) {
            world.tally().note(Tally.Subject.FAULT, fault);
        }
        world.story()
                .tell("FAULT", fault + " at " + host + " until " + until / 1_000_000 / 1e3 + " s");
        switch (fault) {
            case PROCESS_FROZEN -> freeze(host, until);
            case PROCESS_STUTTERS -> stutter(host, until);
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
            case DCS_CUT -> {
                if (dice.rolls(0.3)) {
                    slowDown(host, until);
                    long cutAt = Math.min(until, world.agenda().now() + dice.seconds(0.5, 4));
                    world.agenda().at(cutAt, () -> cut(host, until, true, true));
                } else {
                    cut(host, until, true, true);
                }
            }
            case DCS_CUT_ONE_WAY -> {
                boolean outward = dice.rolls(0.5);
                cut(host, until, outward, !outward);
            }
            case DCS_SLOW -> slowDown(host, until);
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
            case PUTS_FAIL -> failPuts(host, until);
            case REMOVALS_FAIL ->
                    impaired(
                            host,
                            Impairment.UNREMOVABLE,
                            until,
                            () -> host.failRemovals(true),
                            () -> host.failRemovals(false));
            case ADDRESS_DELETED -> host.foreignRemoval();
            case ADDRESS_ADDED -> host.foreignAddition();
            case ADDRESS_ADDED_AT_STOP -> addAndStop(host, until);
            case LINK_FLAPS ->
                    impaired(
                            host,
                            Impairment.LINK_DOWN,
                            until,
                            () -> host.linkChanges(false),
                            () -> host.linkChanges(true));
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
            case WATCH_DEAF -> host.daemon().ifPresent(process -> process.etcd().deafenWatches());
            case SOURCE_REPLACED -> replaceSource(host);
            case KERNEL_SLOW -> host.kernelIsBusyUntil(until);
            case ADDRESS_DELETED_UNSEEN -> host.removeBeforeNextRenewal();
            case LIFETIME_OF_OTHERS -> host.foreignLifetime();
            case PROBES_ANSWERED ->
                    lasting(
                            until,
                            () -> world.wire().answerProbes(true),
                            () -> world.wire().answerProbes(false));
            case NAME_FORGED -> forge(host, dice.oneOf(others(host)), until);
            case ANNOUNCEMENTS_REFUSED -> host.refuseAnnouncements(until);
            case PATRONI_HANGS ->
                    lasting(
                            until,
                            () -> host.patroni().hang(true),
                            () -> host.patroni().hang(false));
        }
    }

    /** A process can be frozen only where one runs; what the kernel refuses must be asked of it. */
    private boolean findsWhatItStrikes(Fault fault, Host host) {
        return switch (fault) {
            case PROCESS_FROZEN,
                    PROCESS_STUTTERS,
                    PROCESS_KILLED,
                    PROCESS_STOPPED,
                    PROCESS_STOPPED_KEEPING,
                    PROCESS_STARVED,
                    WATCH_SILENT,
                    WATCH_DEAF,
                    SOURCE_REPLACED,
                    LINK_FLAPS ->
                    host.daemon().isPresent() && !host.standsStill();
            case HOST_SUSPENDED, HOST_PAUSED -> !host.standsStill();
            case ADDRESS_DELETED -> host.kernel().isPresent();
            case PUTS_FAIL, REMOVALS_FAIL, KERNEL_SLOW, ADDRESS_DELETED_UNSEEN -> false;
            case DCS_CUT, DCS_CUT_ONE_WAY, DCS_SLOW -> !host.dcsLink().isCut();
            case CLIENTS_CUT, STRAY_FRAME, LYING_STATION, NAME_FORGED -> !host.isClientLinkCut();
            case ETCD_HUNG, ETCD_LEADERLESS, ETCD_RESTARTED, ETCD_ELECTION ->
                    world.etcd().decides();
            case MEMBER_HUNG, MEMBER_DOWN, MEMBER_DEPOSED, MEMBER_READS_STALL, MEMBER_LAGGING ->
                    world.etcd().decides()
                            && world.etcd().members().stream().allMatch(EtcdMember::isWell);
            case PROBES_ANSWERED, ANNOUNCEMENTS_REFUSED -> false;
            case ADDRESS_ADDED,
                    ADDRESS_ADDED_AT_STOP,
                    LIFETIME_OF_OTHERS,
                    FRAMES_LOST,
                    ETCD_RESTORED,
                    PATRONI_HANGS ->
                    true;
        };
    }

    /** More often than is answered at once; and the stop comes before the answer to the last. */
    private void addAndStop(Host host, long until) {
        long at = 0;
        for (int i = 0; i < 30; i++) {
            at += dice.between(1_000_000, 8_000_000);
            world.agenda().after(at, host::foreignAddition);
        }
        boolean keep = dice.rolls(0.5);
        world.agenda().after(at + dice.seconds(0, 0.08), () -> host.stopDaemon(keep));
        world.agenda().at(until, host::startDaemon);
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

    private void failPuts(Host host, long until) {
        impaired(host, Impairment.STALLED, until, () -> {}, () -> {});
        impaired(
                host,
                Impairment.PUTS_FAIL,
                until,
                () -> host.failPuts(true),
                () -> host.failPuts(false));
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

    private void freeze(Host host, long until) {
        FreezePoint point =
                switch (dice.below(10)) {
                    case 0, 1, 2, 3 -> FreezePoint.WAITING;
                    case 4, 5 -> FreezePoint.BEFORE_PUT;
                    default -> dice.oneOf(List.of(FreezePoint.values()));
                };
        host.daemon().ifPresent(process -> process.freeze(point, until));
    }

    /** As where memory runs out: it stands still again and again, and may be killed at last. */
    private void stutter(Host host, long until) {
        long goesOn = world.agenda().now() + dice.seconds(0.5, 4);
        long stopsAgain = goesOn + dice.seconds(0.01, 1);
        if (stopsAgain < until) {
            freeze(host, goesOn);
            world.agenda().at(stopsAgain, () -> stutter(host, until));
        } else if (dice.rolls(0.5)) {
            host.killDaemon();
            world.agenda().after(dice.seconds(1, 10), host::startDaemon);
        }
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

    private void slowDown(Host host, long until) {
        impaired(
                host,
                Impairment.CUT_OFF,
                until,
                () -> host.dcsLink().slowDown(1.5),
                () -> healLink(host));
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

    /**
     * Until its watch is there changes are told by reads; and a member that is not well is asked
     * first again.
     */
    private void replaceSource(Host host) {
        long lower = dice.between(1, 100);
        boolean allWell = world.etcd().members().stream().allMatch(EtcdMember::isWell);
        Impairment kind = allWell ? Impairment.WATCH_SILENT : Impairment.CUT_OFF;
        long hasRead =
                allWell
                        ? OverlapClass.nextRead(world.scenario())
                        : OverlapClass.otherMember(world.scenario());
        host.daemon()
                .ifPresent(
                        process ->
                                impaired(
                                        host,
                                        kind,
                                        world.agenda().now() + hasRead,
                                        () -> process.replaceSource(lower),
                                        () -> {}));
    }

    private List<Host> others(Host host) {
        return world.hosts().stream().filter(other -> other != host).toList();
    }

    private void forge(Host to, Host inNameOf, long until) {
        world.wire().stray(to, inNameOf.hardwareAddress());
        if (world.agenda().now() < until) {
            world.agenda().after(dice.seconds(0.1, 2), () -> forge(to, inNameOf, until));
        }
    }

    private void cluster(EtcdCluster.Condition condition, long until) {
        everybodyImpaired(
                Impairment.CUT_OFF,
                until,
                () -> world.etcd().become(condition),
                () -> world.etcd().become(EtcdCluster.Condition.WELL));
    }

    /**
     * With others to turn to, a daemon has left such a member behind after a while. One that is
     * told late of changes does not find out.
     */
    private void member(EtcdMember.Condition condition, Impairment kind, long until) {
        EtcdMember member = dice.oneOf(world.etcd().members());
        Once over = new Once(() -> world.hosts().forEach(host -> host.impairments().end(kind)));
        everybodyImpaired(Impairment.MEMBER_ILL, until, () -> {}, () -> {});
        lasting(
                until,
                () -> {
                    world.hosts().forEach(host -> host.impairments().begin(kind));
                    member.become(condition);
                },
                () -> {
                    member.become(EtcdMember.Condition.WELL);
                    over.run();
                });
        if (kind == Impairment.CUT_OFF) {
            world.agenda()
                    .after(
                            OverlapClass.otherMember(world.scenario()),
                            () -> {
                                if (world.etcd().areWellBut(member)) {
                                    over.run();
                                }
                            });
        }
    }

    /** What ends once, whoever ends it first. */
    private static final class Once implements Runnable {

        private final Runnable end;
        private boolean ended;

        Once(Runnable end) {
            this.end = end;
        }

        @Override
        public void run() {
            if (!ended) {
                ended = true;
                end.run();
            }
        }
    }
}
