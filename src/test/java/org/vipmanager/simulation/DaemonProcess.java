package org.vipmanager.simulation;

import org.vipmanager.control.ConnectionReset;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.control.ReplaceableSource;
import org.vipmanager.control.VipController;
import org.vipmanager.control.VipFleet;
import org.vipmanager.control.Witness;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdLeaderSource;
import org.vipmanager.dcs.etcd.EtcdPolicy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One life of the daemon on a host: the real fleet, controller, decision and etcd source. */
final class DaemonProcess {

    private static final VirtualIp IPV4 = vip("10.0.0.9", 24);
    private static final VirtualIp IPV6 = vip("fd00::9", 64);

    private static final long SECOND = 1_000_000_000L;

    private final World world;
    private final Host host;
    private final Dice dice;
    private final SimulatedLoop loop;
    private final SimulatedEtcd etcd;
    private final KernelAddressTable addresses;
    private final WireClaims claims;
    private final Design.Parts parts;
    private final EtcdPolicy policy;
    private final ReplaceableSource source;
    private final VipFleet fleet;
    private boolean dead;

    /** How often another cluster was to be asked. */
    private int replacements;

    /** What the kernel has been asked for and has not taken in yet. */
    private final List<Runnable> inKernel = new ArrayList<>();

    private boolean starved;

    /** The next time that the process gets to this point, it stands still for a while. */
    private Optional<ArmedFreeze> armed = Optional.empty();

    private record ArmedFreeze(FreezePoint point, long until) {}

    DaemonProcess(World world, Host host, Dice dice) {
        this.world = world;
        this.host = host;
        this.dice = dice;
        Design design = world.design();
        Scenario scenario = world.scenario();
        Rules rules = design.rules(scenario.rules());
        loop = new SimulatedLoop(world, this, dice.split(), scenario.rules().interval());
        etcd = new SimulatedEtcd(world, this);
        addresses = new KernelAddressTable(this, dice.split());
        claims = new WireClaims(this);
        policy =
                design.policy(
                        new EtcdPolicy(
                                world.etcd().members().stream().map(EtcdMember::endpoint).toList(),
                                scenario.rules().interval(),
                                scenario.rules().dcsTimeout(),
                                scenario.rules().retryNum(),
                                scenario.rules().retryAfter(),
                                scenario.keys() != Scenario.Keys.LEASED_RELEASE));
        parts = design.parts(loop, etcd, addresses);
        source = new ReplaceableSource(source(0));
        VipController controller =
                new VipController(
                        scenario.ipv6() ? IPV6 : IPV4,
                        new Trigger(EtcdStore.LEADER_KEY, host.name()),
                        rules,
                        new VipController.Ports(
                                loop,
                                source,
                                parts.addresses(),
                                parts.announcer(new WireAnnouncer(world, this)),
                                connectionReset(),
                                new TallyingJournal(world, host)));
        controller.heed(patroni().map(this::witness));
        fleet = new VipFleet(source, parts.claims(claims), List.of(controller));
        loop.onWake(fleet::woke);
        loop.onKernelWait(
                () -> {
                    host.claims().woke();
                    fleet.kernelWasBusy();
                });
    }

    /**
     * @param lower by how much the revisions of the cluster that is asked are lower
     */
    private LeaderSource source(long lower) {
        EtcdCalls calls = new OtherCluster(parts.calls(), loop::now, replacements, lower);
        return parts.source(new EtcdLeaderSource(loop, calls, policy));
    }

    /** SIGHUP: another cluster is to be asked, whose revisions are lower. */
    void replaceSource(long lower) {
        execute(
                () -> {
                    replacements++;
                    host.sourceReplaced();
                    if (world.design().tellsThatTheSourceIsAnother()) {
                        fleet.sourceReplaced();
                    }
                    source.replaceBy(source(lower));
                });
    }

    private Optional<PatroniProbe> patroni() {
        return world.scenario().askPatroni()
                ? Optional.of(new LocalPatroni(world, this, host.patroni(), dice.split()))
                : world.neighbour()
                        .askedBy(host)
                        .map(
                                other ->
                                        new LocalPatroni(
                                                world, this, other, world.neighbour().dice()));
    }

    private Witness witness(PatroniProbe patroni) {
        Trigger trigger = new Trigger(EtcdStore.LEADER_KEY, host.name());
        return new Witness(parts.patroni(patroni, trigger), "http://patroni", trigger);
    }

    private static VirtualIp vip(String address, int prefixLength) {
        try {
            return new VirtualIp(InetAddress.getByName(address), prefixLength, "eth0");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    Host host() {
        return host;
    }

    KernelAddressTable addresses() {
        return addresses;
    }

    WireClaims claims() {
        return claims;
    }

    SimulatedEtcd etcd() {
        return etcd;
    }

    void start() {
        execute(fleet::start);
    }

    void kill() {
        dead = true;
        loop.end();
        etcd.close();
        List.copyOf(inKernel).forEach(this::takeIn);
    }

    void stop(boolean keep) {
        execute(
                () -> {
                    parts.stopping();
                    boolean mayStay = keep && !isStandingBy();
                    fleet.stop(keep);
                    if (!mayStay && host.kernel().isPresent() && !host.removalsFail()) {
                        world.referee().leftAtTheStop(host);
                    }
                    kill();
                    host.daemonEnded(keep ? Host.End.KEPT : Host.End.RELEASED);
                });
    }

    private boolean isStandingBy() {
        return fleet.controllers().getFirst().state().phase() instanceof VipState.Phase.Standby;
    }

    // How it comes to run, and not to run.

    void execute(Runnable task) {
        if (!dead) {
            loop.execute(task);
        }
    }

    /**
     * While it is frozen, its own timers run off as well; whether they are looked at first is
     * chance.
     */
    void executeTimer(Runnable task) {
        if (loop.isFrozen() && dice.rolls(0.5)) {
            world.agenda().after(dice.seconds(0.05, 1), () -> executeTimer(task));
        } else {
            execute(task);
        }
    }

    boolean isDead() {
        return dead;
    }

    void checkAlive() {
        if (dead) {
            throw new ProcessEnded();
        }
    }

    /** It does something without end: a violation, and the end of this process. */
    void runsWild(String what) {
        world.referee().restless(host, what);
        throw new ProcessEnded();
    }

    /** A fault that shows only when the process runs into it. */
    void tookEffect(Fault fault) {
        world.tally().note(Tally.Subject.FAULT, fault);
    }

    boolean noticesFreezes() {
        return world.design().noticesFreezes();
    }

    boolean seesLengthenedLives() {
        return world.design().seesLengthenedLives();
    }

    boolean restoresWhateverVanishes() {
        return world.design().restoresWhateverVanishes();
    }

    void starve(boolean starve) {
        starved = starve;
    }

    /** How long it waits for a processor on a busy host. */
    long starvation() {
        return starved ? dice.seconds(0.005, 0.4) : 0;
    }

    boolean isStandingStill() {
        return loop.isFrozen();
    }

    /** Stops the process when it gets to this point, or never if that is too late. */
    void freeze(FreezePoint point, long until) {
        long nanos = until - world.agenda().now();
        if (point != FreezePoint.WAITING) {
            armed = Optional.of(new ArmedFreeze(point, until));
        } else if (!loop.isFrozen() && !loop.isRunning()) {
            world.tally().note(Tally.Subject.FREEZE, point);
            stop();
            long since = host.clock().nowNanos();
            world.agenda().after(nanos, () -> goOnFromWaiting(since));
        }
    }

    private void stop() {
        world.story().tell(host.name(), "daemon stands still");
        host.impairments().begin(Impairment.STALLED);
        host.impairments().begin(Impairment.FROZEN);
        loop.freeze();
    }

    private void goOn() {
        host.impairments().end(Impairment.FROZEN);
        host.impairments().end(Impairment.STALLED);
        if (!dead) {
            world.story().tell(host.name(), "daemon goes on");
            host.claims().woke();
            loop.thaw();
        }
    }

    /**
     * More than two intervals beyond a wait, and a second at least, are noticed wherever in its
     * wait the loop was.
     */
    private void goOnFromWaiting(long since) {
        long interval = world.scenario().rules().interval().toNanos();
        long noticed = Math.min(interval, SECOND) + Math.max(2 * interval, SECOND);
        if (!dead && host.clock().nowNanos() - since > noticed) {
            host.wokeFromFreeze();
        }
        goOn();
    }

    /** The loop stands still with its host. */
    void standStillWithHost(boolean still) {
        if (still) {
            loop.freeze();
        } else {
            loop.thaw();
        }
    }

    /**
     * The process has got to a point in its work: here it may be stopped, while the world goes on.
     */
    void pass(FreezePoint point) {
        checkAlive();
        if (armed.isEmpty() || armed.get().point() != point) {
            return;
        }
        long nanos = armed.get().until() - world.agenda().now();
        armed = Optional.empty();
        if (nanos <= 0) {
            return;
        }
        List<Impairment> kinds =
                switch (point) {
                    case BEFORE_PUT ->
                            List.of(
                                    Impairment.FROZEN_IN_PUT,
                                    host.kernel().isPresent()
                                            ? Impairment.FROZEN_BEFORE_PUT
                                            : Impairment.FROZEN_BEFORE_FIRST_PUT);
                    case AFTER_PUT -> List.of(Impairment.FROZEN_IN_PUT);
                    default -> List.of();
                };
        world.tally().note(Tally.Subject.FREEZE, point);
        world.story().tell(host.name(), "frozen " + point);
        kinds.forEach(host.impairments()::begin);
        stop();
        letPass(nanos);
        goOn();
        kinds.forEach(host.impairments()::end);
        checkAlive();
    }

    /**
     * Others keep the kernel busy: it takes the request in when they are done, or when the process
     * is killed, as nothing takes a request back.
     *
     * @param meanwhile what the process is besides while it waits
     * @return how long that took
     */
    Duration askKernel(List<Impairment> meanwhile, Runnable request) {
        long nanos = host.kernelIsBusyFor();
        if (nanos == 0) {
            request.run();
            return Duration.ZERO;
        }
        List<Impairment> kinds = new ArrayList<>(meanwhile);
        kinds.add(Impairment.KERNEL_BUSY);
        kinds.add(Impairment.STALLED);
        tookEffect(Fault.KERNEL_SLOW);
        world.story().tell(host.name(), "kernel is busy");
        long since = host.clock().monotonicNanos();
        kinds.forEach(host.impairments()::begin);
        inKernel.add(request);
        world.agenda()
                .after(
                        nanos,
                        () -> {
                            if (!host.standsStill()) {
                                takeIn(request);
                            }
                        });
        letPass(nanos);
        takeIn(request);
        kinds.forEach(host.impairments()::end);
        Duration took = Duration.ofNanos(host.clock().monotonicNanos() - since);
        if (world.design().tellsWaitingFromStandstill()) {
            loop.waitedForKernel(took);
        }
        return took;
    }

    /** Time passes, of which the design has made allowance. */
    private ConnectionReset connectionReset() {
        return new ConnectionReset() {
            @Override
            public void begin(VirtualIp vip, Moment until) {
                checkAlive();
                long most = host.clock().now().until(until).toNanos();
                if (most > 0) {
                    // Dice of its own: how others fall must not depend on it.
                    long takes = new Dice(world.agenda().now()).between(0, most);
                    world.story().tell(host.name(), "ends connections");
                    host.impairments().begin(Impairment.RESETTING);
                    letPass(world.design().resetTakes(takes));
                    host.impairments().end(Impairment.RESETTING);
                    checkAlive();
                }
            }

            @Override
            public void spare(VirtualIp vip) {}
        };
    }

    private void takeIn(Runnable request) {
        if (inKernel.remove(request)) {
            request.run();
        }
    }

    private void letPass(long nanos) {
        world.agenda().runUntil(world.agenda().now() + nanos, () -> dead);
        while (host.standsStill() && !dead) {
            world.agenda().runUntil(world.agenda().now() + 10_000_000, () -> dead);
        }
    }
}
