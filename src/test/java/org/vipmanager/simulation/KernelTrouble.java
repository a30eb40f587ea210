package org.vipmanager.simulation;

import java.util.List;

/**
 * Plans what a host's kernel and the other programs on it do, by dice of its own: a run without any
 * of it is as it would be without this class.
 */
final class KernelTrouble {

    private static final double FIRST = 5;
    private static final long MILLISECOND = 1_000_000L;

    private final World world;
    private final Dice dice;
    private final long healAt;
    private final FaultInjector injector;

    KernelTrouble(World world, Dice dice, long healAt) {
        this.world = world;
        this.dice = dice;
        this.healAt = healAt;
        injector = new FaultInjector(world, dice.split());
    }

    /** Enters everything into the agenda. */
    void plan() {
        if (!dice.rolls(0.25)) {
            return;
        }
        List<Runnable> plots =
                List.of(
                        this::keepKernelBusy,
                        this::keepKernelBusyInAnOutage,
                        this::removeUnseen,
                        this::lengthen,
                        this::lengthenAndKill,
                        this::startBesideALongLife);
        int troubles = 1 + dice.below(3);
        for (int i = 0; i < troubles; i++) {
            dice.oneOf(plots).run();
        }
    }

    /** Again and again, as when many containers end. */
    private void keepKernelBusy() {
        long at = someTime();
        int times = 1 + dice.below(5);
        for (int i = 0; i < times; i++) {
            long until = at + stall();
            at(Fault.KERNEL_SLOW, at, until, 0.8);
            at = until + dice.seconds(0.02, 4);
        }
    }

    /** Once, or again and again; long enough to be taken for a standstill. */
    private void keepKernelBusyInAnOutage() {
        long at = someTime();
        long until = at + dice.seconds(5, 25);
        at(Fault.DCS_CUT, at, until, 1);
        long busy = at + dice.seconds(0, 4);
        int times = dice.rolls(0.6) ? 1 : 1 + dice.below(4);
        for (int i = 0; i < times && busy < until; i++) {
            at(Fault.KERNEL_SLOW, busy, busy + dice.seconds(1, 7), 1);
            busy += dice.seconds(2, 10);
        }
    }

    private void removeUnseen() {
        int times = 1 + dice.below(3);
        for (int i = 0; i < times; i++) {
            at(Fault.ADDRESS_DELETED_UNSEEN, someTime(), healAt, 0.8);
        }
    }

    private void lengthen() {
        at(Fault.LIFETIME_OF_OTHERS, someTime(), healAt, 0.5);
    }

    private void lengthenAndKill() {
        long at = someTime();
        long killedAt = at + dice.seconds(0.001, 1);
        world.agenda()
                .at(
                        at,
                        () -> {
                            Host host = victim(1);
                            injector.begin(Fault.LIFETIME_OF_OTHERS, host, healAt);
                            strike(Fault.PROCESS_KILLED, host, killedAt, dice.seconds(1, 40));
                        });
    }

    /** What a daemon finds when it starts, and nobody tells it who leads. */
    private void startBesideALongLife() {
        long at = someTime();
        world.agenda()
                .at(
                        at,
                        () -> {
                            Host host = victim(0.3);
                            long startsAt = at + dice.seconds(0.5, 2);
                            injector.begin(Fault.PROCESS_KILLED, host, startsAt);
                            Fault found =
                                    dice.rolls(0.5)
                                            ? Fault.LIFETIME_OF_OTHERS
                                            : Fault.ADDRESS_ADDED;
                            strike(found, host, at + dice.seconds(0.1, 0.4), 0);
                            if (dice.rolls(0.7)) {
                                strike(Fault.DCS_CUT, host, at, dice.seconds(3, 40));
                            }
                            if (dice.rolls(0.5)) {
                                strike(
                                        Fault.PUTS_FAIL,
                                        host,
                                        startsAt - 10 * MILLISECOND,
                                        dice.seconds(0.02, 3));
                            }
                        });
    }

    private long someTime() {
        return dice.seconds(FIRST, healAt / 1e9 - 2);
    }

    /** Mostly seconds; some are longer than what the kernel was given. */
    private long stall() {
        return dice.rolls(0.8) ? dice.seconds(0.3, 3.5) : dice.seconds(3.5, 14);
    }

    private void at(Fault fault, long at, long end, double leaderProbability) {
        long until = Math.min(end, healAt - MILLISECOND);
        if (at < until) {
            world.agenda().at(at, () -> injector.begin(fault, victim(leaderProbability), until));
        }
    }

    private void strike(Fault fault, Host host, long at, long duration) {
        long until = Math.min(at + Math.max(duration, MILLISECOND), healAt - MILLISECOND);
        if (at < until) {
            world.agenda().at(at, () -> injector.begin(fault, host, until));
        }
    }

    private Host victim(double leaderProbability) {
        return world.hosts().stream()
                .filter(world.leadership()::leads)
                .filter(leader -> dice.rolls(leaderProbability))
                .findFirst()
                .orElseGet(() -> dice.oneOf(world.hosts()));
    }
}
