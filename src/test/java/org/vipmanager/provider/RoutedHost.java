package org.vipmanager.provider;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/** A host of the simulated world: its process, its way to the DCS, and what it must not do. */
final class RoutedHost {

    private static final Duration HOUR = Duration.ofHours(1);

    private final RoutedWorld world;
    private final String name;
    private Process process;
    private Moment frozenUntil = Moment.LONG_AGO;
    private Moment cutUntil = Moment.LONG_AGO;

    RoutedHost(RoutedWorld world, String name) {
        this.world = world;
        this.name = name;
        process = new Process();
    }

    String name() {
        return name;
    }

    RouteState state() {
        return process.controller.state();
    }

    void start() {
        process.controller.start();
        process.readEveryInterval();
    }

    void restart() {
        process.ended = true;
        process = new Process();
        start();
    }

    void freeze(Duration time) {
        frozenUntil = world.now().plus(time);
        Process frozen = process;
        frozen.wokeAt = frozenUntil;
        world.loop.at(
                frozenUntil, () -> frozen.run(() -> frozen.controller.accept(new Event.Woke())));
    }

    void cutFromDcs(Duration time) {
        cutUntil = world.now().plus(time);
    }

    void recover() {
        cutUntil = Moment.LONG_AGO;
    }

    /** A watch reports it, unless it is dead. */
    void keyChanged() {
        if (isCut() || !world.isCalm() && world.chance(0.2)) {
            return;
        }
        Process watching = process;
        Sighting event = sighting(Sighting.Origin.EVENT, watching.lastReadAsOf);
        world.after(world.millis(1, 300), () -> watching.run(() -> watching.see(event)));
    }

    private boolean isCut() {
        return world.now().isBefore(cutUntil);
    }

    private Sighting sighting(Sighting.Origin origin, Moment asOf) {
        Revision revision = world.revision();
        return new Sighting(
                RoutedWorld.KEY,
                world.leader(),
                origin,
                revision,
                revision.number(),
                0,
                asOf,
                world.now());
    }

    /** One life of the daemon. */
    private final class Process implements LeaderSource, ProviderCalls, Loop {

        private final RouteController controller =
                new RouteController(
                        new VirtualIp(RoutedWorld.ADDRESS, 32, ""),
                        new Trigger(RoutedWorld.KEY, name),
                        world.rules,
                        new RouteController.Ports(this, this, this, new NoJournal()));

        private final Deque<Moment> changesSent = new ArrayDeque<>();
        private final Deque<Moment> readsSent = new ArrayDeque<>();
        private Moment lastReadAsOf = world.now();
        private Moment wokeAt = Moment.LONG_AGO;
        private Moment confirmedAt = Moment.LONG_AGO;
        private Revision newest = new Revision(1, 0);
        private Optional<String> known = Optional.empty();
        private Optional<Call> underWay = Optional.empty();
        private boolean ended;

        /** Frozen processes do it when they run again. */
        void run(Runnable task) {
            if (ended) {
                return;
            }
            if (world.now().isBefore(frozenUntil)) {
                world.loop.at(frozenUntil.plus(Duration.ofNanos(1)), () -> run(task));
            } else {
                task.run();
            }
        }

        void readEveryInterval() {
            if (!ended) {
                readNow();
                world.after(world.rules.interval(), this::readEveryInterval);
            }
        }

        @Override
        public void readNow() {
            if (isCut() || world.now().isBefore(frozenUntil)) {
                return;
            }
            Moment sent = world.now();
            boolean slow = !world.isCalm() && world.chance(0.05);
            Duration there = world.millis(1, slow ? 3000 : 50);
            world.after(
                    there,
                    () -> {
                        Sighting read = sighting(Sighting.Origin.READ, sent);
                        world.after(world.millis(1, slow ? 3000 : 50), () -> run(() -> see(read)));
                    });
        }

        /** The referee's own notes of what this process knows. */
        void see(Sighting sighting) {
            if (sighting.revision().number() >= newest.number()) {
                newest = sighting.revision();
                known = sighting.value();
                boolean leads = known.equals(Optional.of(name));
                if (!leads) {
                    confirmedAt = Moment.LONG_AGO;
                } else if (sighting.origin() == Sighting.Origin.READ) {
                    confirmedAt = sighting.asOf();
                    lastReadAsOf = Moment.later(lastReadAsOf, sighting.asOf());
                }
            }
            controller.accept(new Event.Seen(sighting));
        }

        @Override
        public void begin(Call call, Consumer<Answer> receiver) {
            if (underWay.isPresent()) {
                violation("has two calls at once");
            }
            underWay = Optional.of(call);
            Consumer<Answer> back =
                    answer ->
                            run(
                                    () -> {
                                        underWay = Optional.empty();
                                        receiver.accept(answer);
                                    });
            if (call.kind() == Call.Kind.STATE) {
                spend(readsSent, 100);
                world.provider.state(name, back);
            } else {
                spend(changesSent, 50);
                judge();
                world.provider.acquire(name, back);
                world.after(world.millis(100, 40_000), () -> run(() -> changeAgain(call)));
            }
        }

        /** A call that lasts may have to change something again at its end. */
        private void changeAgain(Call call) {
            if (underWay.equals(Optional.of(call)) && call.mayChange()) {
                judge();
            }
        }

        private void judge() {
            if (!known.equals(Optional.of(name))) {
                violation("takes the address and knows that " + known + " leads");
            }
            Duration age = confirmedAt.until(world.now());
            if (age.compareTo(Duration.ofSeconds(2)) > 0 || confirmedAt.isBefore(wokeAt)) {
                violation("takes the address on a read that is " + age + " old");
            }
        }

        private void spend(Deque<Moment> sent, int most) {
            sent.removeIf(time -> !time.plus(HOUR).isAfter(world.now()));
            sent.add(world.now());
            if (sent.size() > most) {
                violation("sends " + sent.size() + " requests in an hour");
            }
        }

        private void violation(String what) {
            world.violations.add(name + " " + what + " at " + world.now());
        }

        @Override
        public void execute(Runnable task) {
            world.loop.execute(() -> run(task));
        }

        @Override
        public Alarm at(Moment time, Runnable task) {
            return world.loop.at(time, () -> run(task));
        }

        @Override
        public double chance() {
            return world.dice.nextDouble();
        }

        @Override
        public Moment now() {
            return world.now();
        }

        @Override
        public long monotonicNanos() {
            return world.now().nanos();
        }

        @Override
        public void start(Collection<Trigger> triggers, Listener listener) {}

        @Override
        public void follow(Collection<Trigger> triggers) {}

        @Override
        public void restart() {}

        @Override
        public void close() {}
    }

    private static final class NoJournal implements RouteJournal {
        @Override
        public void tell(VirtualIp vip, Trigger trigger, RouteReason reason) {}

        @Override
        public void changed(VirtualIp vip, RouteState state) {}
    }
}
