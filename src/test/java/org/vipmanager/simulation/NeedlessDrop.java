package org.vipmanager.simulation;

import org.vipmanager.simulation.ImpairmentLog.Period;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Judges whether a daemon that dropped the address had a reason to. */
final class NeedlessDrop {

    private final World world;
    private final Scenario scenario;
    private final Host host;
    private final long now;

    NeedlessDrop(World world, Host host) {
        this.world = world;
        this.scenario = world.scenario();
        this.host = host;
        now = world.agenda().now();
    }

    /** Empty when there was a reason. */
    Optional<String> why() {
        if (wasCreatedTooLate() || isWaitingForKernel() || isBusyForTooLong()) {
            return Optional.empty();
        }
        boolean leadsForLong =
                world.leadership().leads(host)
                        && decidedAt() - world.leadership().since() > settled();
        if (!leadsForLong
                || stoodStill()
                || world.etcd().restoredAt() > now - settled()
                || world.etcd().isLeaseShort()
                || world.etcd().lateRefreshAt() > now - settled()
                || hasALeaseOfUnknownTime()
                || host.foreignAllowedUntil() >= now
                || host.mayYield()
                || host.hasYielded()) {
            return Optional.empty();
        }
        long deadFrom = now - OverlapClass.kernel(scenario) - settled();
        List<Period> dead = host.impairments().overlapping(Impairment.DEAD, deadFrom, now);
        if (!dead.isEmpty()) {
            return dead.size() == 1 ? whyAfterRestart(dead.getFirst()) : Optional.empty();
        }
        long cutSince = host.impairments().troubledSince(Impairment.CUT_OFF, recovery());
        return cutSince == Long.MAX_VALUE
                ? Optional.of("while it leads, runs and is connected")
                : whyCutOff(cutSince);
    }

    /** It was there only because a put took too long, and so might its removal. */
    private boolean wasCreatedTooLate() {
        OptionalLong since = host.createdTooLateAt();
        return since.isPresent() && isOwedARemoval(since.getAsLong());
    }

    /** One that the kernel refuses is tried again each second. */
    private boolean isOwedARemoval(long since) {
        OptionalLong refusedUntil =
                host.impairments().overlapping(Impairment.UNREMOVABLE, since, now).stream()
                        .mapToLong(refusal -> Math.min(refusal.to(), now))
                        .max();
        long from = refusedUntil.orElse(since);
        long within =
                refusedUntil.isPresent()
                        ? OverlapClass.REMOVED_AGAIN_WITHIN
                        : OverlapClass.TWO_SYSTEM_CALLS;
        return now - from - kernelWasBusyFor(from) < within;
    }

    /** The kernel may have let the removal wait. */
    private long decidedAt() {
        return host.impairments().overlapping(Impairment.KERNEL_BUSY, now, now).stream()
                .mapToLong(Period::from)
                .min()
                .orElse(now);
    }

    /** It ends while its renewal is in the kernel's hands. */
    private boolean isWaitingForKernel() {
        return host.impairments().overlapping(Impairment.KERNEL_BUSY, now, now).stream()
                .anyMatch(Period::isOpen);
    }

    /** Whoever waits for the kernel meanwhile hears nothing. */
    private long recovery() {
        return OverlapClass.recovery(scenario)
                + kernelWasBusyFor(now - OverlapClass.trust(scenario));
    }

    /** Nothing can be asked meanwhile, and the next answers are late. */
    private boolean isBusyForTooLong() {
        long interval = OverlapClass.local(scenario.rules().interval());
        long endures = mustEndure() - 2 * interval - 1_000_000_000L;
        return kernelWasBusyFor(now - OverlapClass.trust(scenario)) > endures;
    }

    private long kernelWasBusyFor(long from) {
        return host.impairments().overlapping(Impairment.KERNEL_BUSY, from, now).stream()
                .mapToLong(busy -> Math.min(busy.to(), now) - Math.max(busy.from(), from))
                .sum();
    }

    /** One that stood still meanwhile renews nothing before it has read. */
    private Optional<String> whyCutOff(long cutSince) {
        long hasReadSince = cutSince - OverlapClass.nextRead(scenario);
        boolean mayRenew =
                Stream.of(Impairment.FROZEN, Impairment.STOOD_STILL)
                        .noneMatch(kind -> host.impairments().during(kind, hasReadSince, now));
        boolean settledBefore =
                cutSince - world.leadership().writtenAt() > settled()
                        && cutSince - host.sourceReplacedAt() > settled()
                        && cutSince - host.daemonUpSince() > settled();
        boolean endured = now - cutSince < mustEndure(cutSince);
        return endured
                        && mayRenew
                        && settledBefore
                        && !scenario.askPatroni()
                        && isRefreshedAsUsual(cutSince)
                ? Optional.of(
                        "while it leads and has been cut off for only " + inMillis(now - cutSince))
                : Optional.empty();
    }

    /** The daemon was away for so short a time that the kernel must have kept the address. */
    private Optional<String> whyAfterRestart(Period dead) {
        long away = Math.min(dead.to(), now) - dead.from();
        boolean ranBefore = dead.from() - host.previousDaemonUpSince() > settled();
        boolean settledBefore =
                Stream.of(
                                world.leadership().writtenAt(),
                                world.referee().promptness().heldSince(host),
                                host.sourceReplacedAt())
                        .allMatch(since -> dead.from() - since > settled());
        boolean nothingElse =
                Stream.of(
                                Impairment.STALLED,
                                Impairment.STOOD_STILL,
                                Impairment.UNREMOVABLE,
                                Impairment.LINK_DOWN,
                                Impairment.CUT_OFF)
                        .noneMatch(
                                kind ->
                                        host.impairments()
                                                .during(kind, dead.from() - settled(), now));
        return host.lastEnd() != Host.End.RELEASED
                        && ranBefore
                        && settledBefore
                        && nothingElse
                        && host.takenAt() < dead.from() - settled()
                        && isRefreshedAsUsual(dead.from())
                        && away + 2 * OverlapClass.EVENT < mustOutlive()
                ? Optional.of("while it leads and was restarted within " + inMillis(away))
                : Optional.empty();
    }

    private static String inMillis(long nanos) {
        return nanos / 1_000_000 + " ms";
    }

    private boolean isRefreshedAsUsual(long since) {
        return world.etcd().irregularRefreshAt() < since - settled()
                && world.etcd().hasUsualLease();
    }

    private long settled() {
        return 2 * OverlapClass.recovery(scenario);
    }

    /**
     * A key that is written again, or read in another cluster, is trusted for two seconds after the
     * read before that, until the time of its new lease is known: too short with long intervals,
     * for a starved process, or for one that waits for the kernel.
     */
    private boolean hasALeaseOfUnknownTime() {
        long writtenAt = Math.max(world.leadership().writtenAt(), host.sourceReplacedAt());
        long busy = kernelWasBusyFor(writtenAt);
        return scenario.provesLeases()
                && writtenAt > now - settled() - busy
                && (busy > 0
                        || scenario.rules().interval().toMillis() >= 2000
                        || host.impairments().during(Impairment.STALLED, writtenAt, now));
    }

    /** A daemon that is slow, because others use the processor, drops nothing. */
    private boolean stoodStill() {
        long from = now - OverlapClass.recovery(scenario) - OverlapClass.nextRead(scenario);
        return Stream.of(Impairment.FROZEN, Impairment.PUTS_FAIL, Impairment.STOOD_STILL)
                .anyMatch(kind -> host.impairments().during(kind, from, now));
    }

    /** The reads of a starved process are further apart. */
    private long mustEndure(long cutSince) {
        long from = cutSince - OverlapClass.nextRead(scenario) - Host.LONGEST_STARVATION;
        boolean starved = host.impairments().during(Impairment.STALLED, from, cutSince);
        return mustEndure() - (starved ? Host.LONGEST_STARVATION : 0) - kernelWasBusyFor(from);
    }

    /** How long without etcd the address must be kept: a DCS that merely restarts costs nothing. */
    private long mustEndure() {
        if (!scenario.provesLeases()) {
            return OverlapClass.policyTrust(scenario)
                    - OverlapClass.local(scenario.rules().interval())
                    - 1_000_000_000L;
        }
        return leaseAlwaysLeft();
    }

    /**
     * How long the kernel keeps the address without a daemon: what it was given when it was renewed
     * last, for the last time just before a stop that keeps it.
     */
    private long mustOutlive() {
        long lifetime = scenario.rules().addressLifetime().toNanos();
        long trusted =
                scenario.provesLeases()
                        ? leaseAlwaysLeft()
                        : OverlapClass.policyTrust(scenario)
                                - OverlapClass.local(scenario.rules().interval())
                                - 1_200_000_000L;
        long given = Math.min(lifetime, trusted);
        long left = host.lastEnd() == Host.End.KEPT ? given : given * 6 / 10;
        return left - 1_000_000_000L;
    }

    /** What a lease that Patroni refreshes in each loop is known to have left at any time. */
    private long leaseAlwaysLeft() {
        long ttl = scenario.ttlSeconds() * 1_000_000_000L;
        long left = Math.min(ttl * 2 / 3, ttl - scenario.loopSeconds() * 1_000_000_000L);
        // It is asked about once an interval: so much later than at two thirds.
        return left - 5_500_000_000L - OverlapClass.local(scenario.rules().interval());
    }
}
