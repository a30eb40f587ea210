package org.vipmanager.provider;

import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * A provider as Hetzner's Robot is described: a switch takes 40 to 60 s and locks the address, the
 * request may last as long or be given up before, and now and then it fails.
 */
final class SlowProvider {

    private final RoutedWorld world;
    private String routedTo = "nowhere";
    private Moment lockedUntil = Moment.LONG_AGO;
    private Moment brokenUntil = Moment.LONG_AGO;

    SlowProvider(RoutedWorld world) {
        this.world = world;
    }

    String routedTo() {
        return routedTo;
    }

    void breakDown(Duration time) {
        brokenUntil = world.now().plus(time);
    }

    void movedByOthers(String where) {
        routedTo = where;
    }

    private boolean isBroken() {
        return world.now().isBefore(brokenUntil) || !world.isCalm() && world.chance(0.05);
    }

    void state(String host, Consumer<Answer> receiver) {
        Duration way = world.millis(20, world.chance(0.1) ? 10_000 : 500);
        if (isBroken()) {
            world.after(way, () -> receiver.accept(refused(1, 0)));
            return;
        }
        world.after(
                way,
                () ->
                        receiver.accept(
                                new Answer(
                                        routedTo.equals(host)
                                                ? new Answer.Here()
                                                : new Answer.Elsewhere(routedTo),
                                        1,
                                        0)));
    }

    void acquire(String host, Consumer<Answer> receiver) {
        if (isBroken()) {
            world.after(world.millis(1, 5000), () -> receiver.accept(refused(0, 1)));
            return;
        }
        // The request is on its way: whoever led when it was sent may not lead when it arrives.
        world.after(world.millis(10, 1000), () -> arrived(host, receiver));
    }

    private void arrived(String host, Consumer<Answer> receiver) {
        if (routedTo.equals(host)) {
            receiver.accept(new Answer(new Answer.Here(), 0, 1));
            return;
        }
        if (world.now().isBefore(lockedUntil)) {
            receiver.accept(switching("locked", 60));
            return;
        }
        Duration takes = world.millis(40_000, 60_000);
        lockedUntil = world.now().plus(takes);
        boolean fails = !world.isCalm() && world.chance(0.1);
        world.after(
                takes,
                () -> {
                    if (!fails) {
                        routedTo = host;
                    }
                });
        switch (world.dice.nextInt(3)) {
            case 0 ->
                    world.after(
                            Duration.ofSeconds(1),
                            () -> receiver.accept(switching("accepted", 180)));
            case 1 ->
                    world.after(
                            Duration.ofSeconds(30),
                            () -> receiver.accept(switching("no answer", 60)));
            default ->
                    world.after(
                            takes,
                            () ->
                                    receiver.accept(
                                            fails
                                                    ? refused(0, 1)
                                                    : new Answer(new Answer.Here(), 0, 1)));
        }
    }

    private static Answer switching(String what, int seconds) {
        return new Answer(new Answer.Switching(what, Duration.ofSeconds(seconds)), 0, 1);
    }

    private static Answer refused(int reads, int changes) {
        return new Answer(new Answer.Failed("refused", Duration.ZERO, false), reads, changes);
    }
}
