package org.vipmanager.simulation;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.EtcdConnection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A database host: clocks, a kernel, two networks, a Patroni, and the daemon under test. */
final class Host {

    private final World world;
    private final int number;
    private final Dice dice;
    private final HostClock clock;
    private final Kernel kernel;
    private final DcsLink dcsLink;
    private final ImpairmentLog impairments;
    private final PatroniNode patroni;
    private Optional<DaemonProcess> daemon = Optional.empty();

    /** How long a starved process may leave what has arrived; see {@link DaemonProcess}. */
    static final long LONGEST_STARVATION = 500_000_000L;

    /** The same for any other process. */
    private static final long QUEUED_FOR = 50_000_000L;

    private static final long SOON = 100_000_000L;

    /** The probes that find out who answers each of them. */
    private static final long FIRST_PROBES = 9_000_000_000L;

    /** A read that was answered: when it was sent, and when etcd looked. */
    private record GoodRead(long sent, long shown) {}

    private boolean standsStill;
    private long stoodStillSince;
    private boolean stopping = true;
    private boolean nothingIsExpected = true;
    private boolean startWhenEnded;
    private boolean clientLinkCut;
    private boolean putsFail;
    private boolean removalsFail;
    private long kernelBusyUntil;
    private boolean removedBeforeNextRenewal;
    private long refusesUntil = Long.MIN_VALUE / 2;

    private final List<GoodRead> goodReads = new ArrayList<>();

    private long lastGoodReadSent = Long.MIN_VALUE / 2;
    private long lastGoodReadShown = Long.MIN_VALUE / 2;
    private long wokeAt = Long.MIN_VALUE / 2;
    private OptionalLong createdTooLateAt = OptionalLong.empty();
    private long takenAt = Long.MIN_VALUE / 2;
    private long sourceReplacedAt = Long.MIN_VALUE / 4;
    private long watchBegunAt = Long.MIN_VALUE / 2;
    private long daemonUpSince;
    private long foreignSince = -1;
    private boolean foreignIsLimited;
    private final HeardClaims claims = new HeardClaims();
    private boolean yieldedForAReason;
    private long previousDaemonUpSince;
    private End end = End.KILLED;

    /** How a daemon ended. */
    enum End {
        KILLED,
        /** Stopped, and the address removed. */
        RELEASED,
        /** Stopped, and the address left to the kernel. */
        KEPT
    }

    Host(World world, int number, Dice dice) {
        this.world = world;
        this.number = number;
        this.dice = dice;
        clock = new HostClock(world.agenda(), dice.between(-5000, 5000), dice.seconds(100, 10_000));
        kernel = new Kernel(world, this, dice.split());
        dcsLink = new DcsLink(world, dice.split());
        impairments = new ImpairmentLog(world.agenda());
        patroni = new PatroniNode(world, this, dice.split());
        impairments.begin(Impairment.DEAD);
    }

    String name() {
        return "node-" + number;
    }

    String hardwareAddress() {
        return "02:00:00:00:00:0" + number;
    }

    HostClock clock() {
        return clock;
    }

    Kernel kernel() {
        return kernel;
    }

    DcsLink dcsLink() {
        return dcsLink;
    }

    ImpairmentLog impairments() {
        return impairments;
    }

    PatroniNode patroni() {
        return patroni;
    }

    Optional<DaemonProcess> daemon() {
        return daemon;
    }

    /** Whether clients reach the address on this host, as far as the host itself goes. */
    boolean holds() {
        return kernel.isPresent() && !standsStill;
    }

    // The daemon.

    void startDaemon() {
        startWhenEnded = stopping && daemon.isPresent();
        if (daemon.isPresent() || standsStill) {
            return;
        }
        world.story().tell(name(), "daemon starts");
        DaemonProcess process = new DaemonProcess(world, this, dice.split());
        daemon = Optional.of(process);
        daemonUpSince = world.agenda().now();
        stopping = false;
        nothingIsExpected = false;
        impairments.end(Impairment.DEAD);
        process.start();
        world.referee().lifetimes().judge(this);
    }

    void killDaemon() {
        daemon.ifPresent(
                process -> {
                    world.story().tell(name(), "daemon is killed");
                    process.kill();
                    if (nothingIsExpected) {
                        // That befalls it while it stops.
                        impairments.end(Impairment.DEAD);
                        impairments.begin(Impairment.DEAD);
                    }
                    daemonEnded(End.KILLED);
                });
    }

    /** SIGTERM. */
    void stopDaemon(boolean keep) {
        daemon.ifPresent(
                process -> {
                    world.story()
                            .tell(name(), "daemon is asked to stop" + (keep ? ", keeping" : ""));
                    stopping = true;
                    if (!keep) {
                        end = End.RELEASED;
                        nothingExpected();
                    }
                    process.stop(keep);
                });
    }

    /** From here on nothing is expected of the daemon. */
    private void nothingExpected() {
        if (!nothingIsExpected) {
            nothingIsExpected = true;
            impairments.begin(Impairment.DEAD);
        }
    }

    void daemonEnded(End how) {
        if (!nothingIsExpected) {
            end = how;
        }
        previousDaemonUpSince = daemonUpSince;
        claims.forget();
        stopping = true;
        nothingExpected();
        daemon = Optional.empty();
        if (startWhenEnded) {
            startDaemon();
        }
    }

    long daemonUpSince() {
        return daemonUpSince;
    }

    /** Since when the daemon before this one had run. */
    long previousDaemonUpSince() {
        return previousDaemonUpSince;
    }

    /** How the last daemon that ended did so. */
    End lastEnd() {
        return end;
    }

    // Standing still as a whole.

    boolean standsStill() {
        return standsStill;
    }

    /**
     * The host is suspended, or its virtual machine paused.
     *
     * @param clocksToo whether the boot clock stands still as well
     */
    void standStill(boolean clocksToo) {
        standsStill = true;
        stoodStillSince = world.agenda().now();
        kernel.timeStandsStill();
        daemon.ifPresent(process -> process.standStillWithHost(true));
        if (clocksToo) {
            clock.pause();
        } else {
            clock.suspend();
        }
        world.story().tell(name(), clocksToo ? "virtual machine is paused" : "is suspended");
        impairments.begin(Impairment.STOOD_STILL);
        world.referee().holdersOrLeaderChanged();
    }

    void goOn(boolean clocksToo) {
        standsStill = false;
        if (clocksToo) {
            clock.resume();
            claims.clocksStoodStill(world.agenda().now() - stoodStillSince);
        } else {
            clock.awake();
            claims.woke();
        }
        kernel.timePassesAgain();
        daemon.ifPresent(process -> process.standStillWithHost(false));
        world.story().tell(name(), "goes on");
        impairments.end(Impairment.STOOD_STILL);
        world.referee().holdersOrLeaderChanged();
    }

    // The networks and the kernel's moods.

    boolean isClientLinkCut() {
        return clientLinkCut || standsStill;
    }

    void cutClientLink(boolean cut) {
        if (cut != clientLinkCut) {
            clientLinkCut = cut;
            world.story().tell(name(), "client network is " + (cut ? "cut" : "back"));
            if (!cut) {
                world.referee().promptness().heardAgain(this);
            }
        }
    }

    boolean putsFail() {
        return putsFail;
    }

    void failPuts(boolean fail) {
        putsFail = fail;
    }

    boolean removalsFail() {
        return removalsFail;
    }

    void failRemovals(boolean fail) {
        removalsFail = fail;
    }

    void kernelIsBusyUntil(long time) {
        kernelBusyUntil = Math.max(kernelBusyUntil, time);
    }

    /** For how long a request that is made now has to wait. */
    long kernelIsBusyFor() {
        return Math.max(0, kernelBusyUntil - world.agenda().now());
    }

    void removeBeforeNextRenewal() {
        removedBeforeNextRenewal = true;
    }

    /** The daemon has decided on a put, and the kernel has not taken it in yet. */
    void beforePut(DaemonProcess process) {
        if (removedBeforeNextRenewal && kernel.isPresent()) {
            removedBeforeNextRenewal = false;
            process.tookEffect(Fault.ADDRESS_DELETED_UNSEEN);
            foreignRemoval();
        }
    }

    boolean refusesAnnouncements() {
        return world.agenda().now() < refusesUntil;
    }

    /** The kernel sends nothing until then. */
    void refuseAnnouncements(long until) {
        if (until <= refusesUntil) {
            return;
        }
        refusesUntil = until;
        impairments.begin(Impairment.MUTE);
        world.agenda()
                .at(
                        until,
                        () -> {
                            impairments.end(Impairment.MUTE);
                            world.referee().promptness().sendsAgain(this);
                        });
    }

    void foreignRemoval() {
        kernel.remove(Kernel.Removal.FOREIGN);
        addressTaken();
    }

    /** {@code ip addr replace}: what is there already is there for ever now. */
    void foreignAddition() {
        nothingForeign();
        foreignSince = world.agenda().now();
        kernel.putForEver();
        addressChanged();
    }

    /** {@code ip addr replace … valid_lft 3600}, whether it is there or not. */
    void foreignLifetime() {
        nothingForeign();
        foreignSince = world.agenda().now();
        kernel.putForLong();
        addressChanged();
        world.referee().lifetimes().judge(this);
    }

    /** What others have put has gone, or been taken over by the daemon. */
    void nothingForeign() {
        foreignSince = -1;
        foreignIsLimited = false;
    }

    /** The daemon has given what others have put for ever an end. */
    void foreignLimited() {
        foreignIsLimited = true;
    }

    /** When others have put what is there; negative when they have not. */
    long foreignSince() {
        return foreignSince;
    }

    /** Until when an address that others have put may stay. */
    long foreignAllowedUntil() {
        if (foreignSince < 0) {
            return 0;
        }
        long patience = foreignPatience();
        return foreignIsLimited ? Math.min(patience, kernel.latestEnd()) : patience;
    }

    /** Until when a daemon that is well has removed it. */
    private long foreignPatience() {
        long wellSince = Math.max(foreignSince, daemonUpSince);
        for (Impairment kind : Impairment.UNABLE) {
            for (ImpairmentLog.Period period :
                    impairments.overlapping(kind, foreignSince, world.agenda().now())) {
                wellSince = Math.max(wellSince, period.to());
            }
        }
        long patience = OverlapClass.putByOthers(world.scenario());
        return wellSince > Long.MAX_VALUE - patience ? wellSince : wellSince + patience;
    }

    /** An interface that is set down loses its IPv6 addresses. */
    void linkChanges(boolean ready) {
        world.story().tell(name(), "link is " + (ready ? "up" : "down"));
        if (!ready && world.scenario().ipv6()) {
            kernel.remove(Kernel.Removal.FOREIGN);
            daemon.ifPresent(process -> process.addresses().goneWithLink());
        }
        daemon.ifPresent(process -> process.addresses().linkChanged(ready));
    }

    void addressChanged() {
        daemon.ifPresent(process -> process.addresses().changed());
    }

    /**
     * Another cluster is asked from now on, and what is known of the lease is to be proved anew.
     */
    void sourceReplaced() {
        sourceReplacedAt = world.agenda().now();
    }

    long sourceReplacedAt() {
        return sourceReplacedAt;
    }

    /** The address has vanished without the daemon's doing. */
    void addressTaken() {
        takenAt = world.agenda().now();
        addressChanged();
        daemon.ifPresent(process -> process.addresses().taken());
    }

    // What the referee asks.

    /**
     * A read was answered.
     *
     * @param shown when etcd looked
     */
    void goodRead(long sent, long shown, EtcdConnection.Answer read) {
        goodReads.add(new GoodRead(sent, shown));
        lastGoodReadSent = Math.max(lastGoodReadSent, sent);
        lastGoodReadShown = Math.max(lastGoodReadShown, shown);
        long now = world.agenda().now();
        claims.read(
                sent,
                waitsForKernelSince(now) - (isSlow() ? LONGEST_STARVATION : QUEUED_FOR),
                OverlapClass.LEAST_DOUBT);
        if (world.story().isWanted()) {
            world.story()
                    .tell(
                            name(),
                            "read answered: "
                                    + read.entries().getFirst().value().orElse("absent")
                                    + ", revision "
                                    + read.revision()
                                    + ", term "
                                    + read.raftTerm());
        }
    }

    void leaseAnswered(LeaseProof.Answer answer) {
        if (world.story().isWanted()) {
            world.story()
                    .tell(
                            name(),
                            "lease answered: "
                                    + answer.leaseId()
                                    + " has "
                                    + answer.remaining().toSeconds()
                                    + " of "
                                    + answer.granted().toSeconds()
                                    + " s, term "
                                    + answer.raftTerm());
        }
    }

    /** A frame says that this station has the address. */
    void heardClaim(String hardwareAddress) {
        long now = world.agenda().now();
        long lookedAtBy = lookedAtBy(now);
        HeardClaims.Heeded heeded = howItHeeds(now, lookedAtBy);
        claims.heard(hardwareAddress, heeded, world.leadership().since(), now, lookedAtBy);
    }

    /** Whatever comes while the daemon waits for its kernel is looked at when that is over. */
    private long lookedAtBy(long now) {
        long free = waitsForKernelSince(now) < now ? kernelBusyUntil : now;
        return isSlow() ? free + LONGEST_STARVATION : free;
    }

    /** The same moment when it does not wait. */
    private long waitsForKernelSince(long now) {
        return impairments.overlapping(Impairment.KERNEL_BUSY, now, now).stream()
                .mapToLong(ImpairmentLog.Period::from)
                .min()
                .orElse(now);
    }

    private boolean isSlow() {
        long now = world.agenda().now();
        return impairments.during(Impairment.STALLED, now - LONGEST_STARVATION, now);
    }

    private HeardClaims.Heeded howItHeeds(long now, long lookedAtBy) {
        boolean runs = daemon.isPresent() && !daemon.get().isStandingStill();
        boolean mayBeConfirmed =
                now - lastGoodReadSent < OverlapClass.doubtAfter(world.scenario()) + SOON;
        if (daemon.isEmpty() || !mayBeConfirmed) {
            return HeardClaims.Heeded.NO;
        }
        // Older news would make it forget them: those come late, but not after such a read.
        boolean knowsWhoLeads = lastGoodReadShown >= world.leadership().since();
        return runs && knowsWhoLeads && kernel.isPresent() && isConfirmedAt(lookedAtBy)
                ? HeardClaims.Heeded.SURELY
                : HeardClaims.Heeded.PERHAPS;
    }

    private boolean isConfirmedAt(long time) {
        return time - lastGoodReadSent < OverlapClass.LEAST_DOUBT - SOON;
    }

    HeardClaims claims() {
        return claims;
    }

    /** The daemon says that it has given the address up to another that claims it. */
    void yielded() {
        yieldedForAReason = mayYield();
        if (patroni.vouchesSince() < world.agenda().now() - heardOfPatroniWithin() && isWell()) {
            world.referee().yieldedThoughVouchedFor(this);
        }
    }

    /** It asks Patroni once an interval while etcd is silent. */
    private long heardOfPatroniWithin() {
        return OverlapClass.nextRead(world.scenario());
    }

    private boolean isWell() {
        long now = world.agenda().now();
        long from = now - 2 * OverlapClass.recovery(world.scenario());
        return world.scenario().askPatroni()
                && Stream.of(Impairment.STALLED, Impairment.STOOD_STILL, Impairment.DEAD)
                        .noneMatch(kind -> impairments.during(kind, from, now));
    }

    /**
     * Who answers every probe since before the address came is known before an outage that begins
     * later: it has answered those of the first eight seconds, and each has been refuted.
     */
    private String knownLiar() {
        long cutSince =
                impairments.troubledSince(
                        Impairment.CUT_OFF, OverlapClass.recovery(world.scenario()));
        long askedSince = Math.max(world.referee().promptness().heldSince(this), daemonUpSince);
        long since = Math.max(askedSince, world.leadership().since());
        long found = since + FIRST_PROBES + OverlapClass.nextRead(world.scenario());
        boolean well =
                Stream.of(
                                Impairment.CUT_OFF,
                                Impairment.STALLED,
                                Impairment.STOOD_STILL,
                                Impairment.LINK_DOWN,
                                Impairment.DEAF)
                        .noneMatch(kind -> impairments.during(kind, since, cutSince - 1));
        boolean known =
                cutSince < Long.MAX_VALUE
                        && world.wire().answeringSince() < askedSince
                        && found < cutSince
                        && well;
        return known ? Wire.ANSWERER : "";
    }

    /** Whether others have claimed the address on purpose while etcd was silent. */
    boolean mayYield() {
        long now = world.agenda().now();
        long settled = 2 * OverlapClass.recovery(world.scenario());
        return impairments.during(Impairment.CUT_OFF, now - settled, now)
                && claims.areReasonToYield(world.leadership().since(), knownLiar());
    }

    /** Whether the daemon has yielded, for a reason, what the kernel may still have. */
    boolean hasYielded() {
        return yieldedForAReason;
    }

    /** How an address comes to be there that the daemon has to take back. */
    enum Creation {
        /** It had ended, and was to be renewed. */
        AGAIN_AFTER_ITS_END,
        /** It took the kernel, or the daemon, more than half a second. */
        TOO_LATE,
        /** Others had put it, and removed it while it was being given an end. */
        BY_LIMITING_IT
    }

    void created(Creation how) {
        long now = world.agenda().now();
        createdTooLateAt = OptionalLong.of(now);
        if (how == Creation.BY_LIMITING_IT) {
            foreignSince = now;
            foreignIsLimited = true;
        }
        if (how != Creation.TOO_LATE) {
            world.referee().lifetimes().createdAgain(this);
        }
    }

    /** When it was created by a put that has to be taken back; empty if it was put again since. */
    OptionalLong createdTooLateAt() {
        return createdTooLateAt;
    }

    /** The daemon has put the address, or renewed it. */
    void addressPut() {
        yieldedForAReason = false;
        createdTooLateAt = OptionalLong.empty();
    }

    /**
     * When the address has last vanished without the daemon's doing: it is put briefly at first.
     */
    long takenAt() {
        return takenAt;
    }

    void watchBegun() {
        watchBegunAt = world.agenda().now();
    }

    /** When the daemon began the newest watch. */
    long watchBegunAt() {
        return watchBegunAt;
    }

    /** When the newest read was sent that showed what was so before the given time. */
    long newestReadShowingBefore(long time) {
        return goodReads.stream()
                .filter(read -> read.shown() < time)
                .mapToLong(GoodRead::sent)
                .max()
                .orElse(Long.MIN_VALUE / 2);
    }

    void wokeFromFreeze() {
        wokeAt = world.agenda().now();
        claims.woke();
    }

    /** Whether the daemon was frozen while it waited and has read nothing since. */
    boolean isUnconfirmedSinceWaking() {
        return lastGoodReadSent < wokeAt;
    }

    @Override
    public String toString() {
        return name();
    }
}
