package org.vipmanager.simulation;

import org.vipmanager.simulation.ImpairmentLog.Period;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How long an old holder may have held beside a new one, given what had befallen it: the case of
 * the design and the moment by which it has to be over.
 */
final class Allowance {

    /** What keeps a daemon from letting go, or from knowing that it should. */
    private static final List<Impairment> KEEPING =
            List.of(
                    Impairment.CUT_OFF,
                    Impairment.STALLED,
                    Impairment.DEAD,
                    Impairment.FROZEN_IN_PUT,
                    Impairment.KERNEL_BUSY,
                    Impairment.RESETTING,
                    Impairment.STOOD_STILL,
                    Impairment.UNREMOVABLE);

    private final World world;
    private final Scenario scenario;
    private final Host old;
    private final Optional<Host> other;
    private final long released;
    private final long since;
    private final long end;

    private final Set<Period> refused = new HashSet<>();
    private OverlapClass kind = OverlapClass.CONNECTED;
    private long deadline;

    /**
     * @param other who holds beside it, if anybody does
     * @param ended how the old host's leadership ended; empty if it has never led
     * @param since when both began to hold
     * @param end when one of them let go
     */
    Allowance(
            World world,
            Host old,
            Optional<Host> other,
            Optional<Leadership.Ended> ended,
            long since,
            long end) {
        this.world = world;
        this.scenario = world.scenario();
        this.old = old;
        this.other = other;
        this.released = ended.map(Leadership.Ended::at).orElse(since);
        this.since = since;
        this.end = end;
        if (ended.isEmpty()) {
            kind = OverlapClass.PUT_BY_OTHERS;
        } else if (lastSeenLeaseRanOut(ended.get())) {
            whenTheLeaseRanOut();
        } else {
            whenReleasedEarly(ended.get().cause());
        }
        allow(OverlapClass.PUT_BY_OTHERS, old.foreignAllowedUntil());
    }

    OverlapClass kind() {
        return kind;
    }

    long deadline() {
        return deadline;
    }

    char invariant() {
        return switch (kind) {
            case LEASE_RAN_OUT, FROZEN_IN_PUT, KEPT_FROM_REMOVING -> 'a';
            case RETRIES, FAILSAFE_AHEAD -> 'c';
            default -> 'b';
        };
    }

    /** A key that was written again with another lease, unseen, was as good as released then. */
    private boolean lastSeenLeaseRanOut(Leadership.Ended ended) {
        return scenario.provesLeases()
                && ended.cause() == LeadershipEnd.EXPIRED
                && ended.writtenAt() < old.newestReadShowingBefore(ended.at());
    }

    private void whenTheLeaseRanOut() {
        allow(OverlapClass.LEASE_RAN_OUT, since);
        if (nobodyElseHasLed()) {
            // Whatever others have put elsewhere, every member has agreed that this host leads on.
            leadsOnByPatroni();
        }
        for (Period frozen : during(Impairment.FROZEN_IN_PUT)) {
            if (!frozen.isOpen()) {
                allow(OverlapClass.FROZEN_IN_PUT, frozen.to() + OverlapClass.TWO_SYSTEM_CALLS);
            }
        }
        during(Impairment.KERNEL_BUSY).forEach(this::keptByTheKernel);
        keptFromRemoving(Impairment.FROZEN_BEFORE_PUT, OverlapClass.kernel(scenario));
        keptFromRemoving(Impairment.FROZEN_BEFORE_FIRST_PUT, OverlapClass.firstLifetime(scenario));
        clocksStoodStill();
    }

    private void keptFromRemoving(Impairment frozenBefore, long lifetime) {
        for (Period frozen :
                old.impairments().overlapping(frozenBefore, released - lifetime, end)) {
            if (isKeptFromRemovingAfter(frozen)) {
                allow(OverlapClass.KEPT_FROM_REMOVING, frozen.to() + lifetime + stoodStill());
            }
        }
    }

    /**
     * All that it believes in ends later by as much as its clocks stood still; and, unless it is
     * cut off, when it has read and asked for the lease's time, and the kernel's lifetime is over,
     * after the last time.
     */
    private void clocksStoodStill() {
        long stoodStill = 0;
        long last = 0;
        for (Period still : standstills()) {
            if (!still.isOpen()) {
                stoodStill += still.to() - still.from();
                last = still.to();
            }
        }
        if (stoodStill > 0) {
            long hasRead = last + recovery() + leaseIsAskedWithin() + OverlapClass.kernel(scenario);
            boolean cutOff = old.impairments().during(Impairment.CUT_OFF, last, hasRead);
            long trusted = released + stoodStill;
            allow(OverlapClass.HOST_STOOD_STILL, cutOff ? trusted : Math.min(trusted, hasRead));
        }
    }

    /** A third of the lease may go before it is asked about again, as no clock has noticed. */
    private long leaseIsAskedWithin() {
        return scenario.provesLeases()
                ? scenario.ttlSeconds() * 1_000_000_000L / 3 + OverlapClass.nextRead(scenario)
                : 0;
    }

    /**
     * Something else befalls it within the two system calls that were to put it right, or it is
     * killed before.
     */
    private boolean isKeptFromRemovingAfter(Period frozen) {
        long putRight = isPutRightBy(frozen.to());
        boolean refused = old.impairments().during(Impairment.UNREMOVABLE, frozen.to(), putRight);
        boolean stopped =
                Stream.of(Impairment.FROZEN, Impairment.STOOD_STILL)
                        .anyMatch(kind -> beginsWithin(kind, frozen.to(), putRight));
        boolean killed = beginsWithin(Impairment.DEAD, frozen.from(), putRight);
        return !frozen.isOpen() && (refused || stopped || killed);
    }

    private boolean beginsWithin(Impairment kind, long from, long to) {
        return old.impairments().overlapping(kind, from, to).stream()
                .anyMatch(period -> period.from() >= from);
    }

    /** Connections may be ended first, and the removal, too, may have to wait for the kernel. */
    private long isPutRightBy(long from) {
        long by = from + OverlapClass.TWO_SYSTEM_CALLS;
        long before;
        do {
            before = by;
            by = Math.max(by, isDoneWithWhatBeginsWithin(from, by));
        } while (by > before);
        return by;
    }

    private long isDoneWithWhatBeginsWithin(long from, long to) {
        return Stream.of(Impairment.RESETTING, Impairment.KERNEL_BUSY)
                .flatMap(kind -> old.impairments().overlapping(kind, from, to).stream())
                .filter(period -> period.from() >= from && !period.isOpen())
                .mapToLong(period -> period.to() + OverlapClass.TWO_SYSTEM_CALLS)
                .max()
                .orElse(to);
    }

    private void whenReleasedEarly(LeadershipEnd cause) {
        boolean reconnects =
                cause == LeadershipEnd.RESTORED
                        || world.etcd().restoredAt() > released - recovery();
        allow(OverlapClass.CONNECTED, released + OverlapClass.event(scenario));
        if (old.watchBegunAt() < deadline) {
            allow(OverlapClass.CONNECTED, old.watchBegunAt() + 2 * OverlapClass.event(scenario));
        }
        if (!during(Impairment.WATCH_SILENT).isEmpty()) {
            allow(OverlapClass.CONNECTED_WITHOUT_WATCH, nextReadAfter(released));
        }
        if (reconnects) {
            allow(OverlapClass.STORE_RESTORED, released + OverlapClass.reconnect(scenario));
        }
        while (anotherTroubleProlongs(cause)) {
            // What has begun by the new deadline counts as well.
        }
    }

    /** Only what began before it should have let go can have kept it from that. */
    private boolean anotherTroubleProlongs(LeadershipEnd cause) {
        boolean prolonged = false;
        for (Impairment impairment : KEEPING) {
            for (Period period : during(impairment)) {
                if (period.from() <= deadline) {
                    prolonged |= prolongs(impairment, period, cause);
                }
            }
        }
        return prolonged;
    }

    private boolean prolongs(Impairment impairment, Period period, LeadershipEnd cause) {
        return switch (impairment) {
            case CUT_OFF -> ledOnByPatroni(period) | cutOff(period, cause);
            case STALLED, DEAD -> stalled(period);
            case FROZEN_IN_PUT -> frozenInPut(period);
            case KERNEL_BUSY -> keptByTheKernel(period);
            case RESETTING ->
                    allow(OverlapClass.CONNECTED, period.to() + OverlapClass.TWO_SYSTEM_CALLS);
            case STOOD_STILL -> allow(OverlapClass.HOST_STOOD_STILL, hasReadAfter(period));
            case UNREMOVABLE -> refused.add(period) && removalRefused(period);
            default -> throw new IllegalArgumentException(impairment + " keeps nobody");
        };
    }

    private boolean nobodyElseHasLed() {
        return other.stream()
                .noneMatch(
                        host ->
                                world.leadership().leads(host)
                                        || world.leadership()
                                                .lastEnd(host)
                                                .filter(ended -> ended.at() >= since)
                                                .isPresent());
    }

    private void leadsOnByPatroni() {
        long counts = old.patroni().failsafeCountsUntil();
        if (scenario.askPatroni() && counts > released) {
            allow(OverlapClass.FAILSAFE, counts + scenario.longestLateness());
        }
    }

    private boolean ledOnByPatroni(Period cut) {
        long counts = old.patroni().failsafeCountsUntil();
        return scenario.askPatroni()
                && counts > released
                && allow(
                        OverlapClass.FAILSAFE,
                        Math.min(counts + scenario.longestLateness(), hasReadAfter(cut)));
    }

    /** A read that was sent after the release would have told of it. */
    private boolean cutOff(Period cut, LeadershipEnd cause) {
        long doubt = lastRead() + OverlapClass.doubtAfter(scenario) + stoodStill();
        long told = Math.min(hasReadAfter(cut), deniedByPatroni(doubt));
        if (!scenario.provesLeases()) {
            boolean prolonged = allow(OverlapClass.RETRIES, Math.min(trustEnd(), told));
            // Patroni has found out, and what it has said counts no more, before its lease ends.
            if (scenario.expectsFailsafe() && cause != LeadershipEnd.EXPIRED) {
                long ahead = released + OverlapClass.failsafeAhead(scenario);
                prolonged |= allow(OverlapClass.FAILSAFE_AHEAD, Math.min(ahead, told));
            }
            return prolonged;
        }
        if (isDeaf()) {
            return allow(OverlapClass.CUT_OFF_CLAIMS_UNHEARD, Math.min(trustEnd(), told));
        }
        long heard = Math.max(since, doubt) + OverlapClass.twoProbes(scenario);
        return allow(
                OverlapClass.CUT_OFF_CLAIMS_HEARD, Math.min(trustEnd(), Math.min(heard, told)));
    }

    /** The kernel ends what it was given last: by one that is slow, until it has read. */
    private boolean stalled(Period stalled) {
        long renewed = Math.max(stalled.from(), Math.min(stalled.to(), nextReadAfter(released)));
        long kernelEnd = renewed + OverlapClass.kernel(scenario) + stoodStill();
        long ended = Math.min(kernelEnd, Math.max(deadline, lastPutEnd()));
        return allow(stalledKind(), Math.min(ended, hasReadAfter(stalled)));
    }

    /** What was put too late is removed at once, or ended by the kernel. */
    private boolean frozenInPut(Period frozen) {
        long removed =
                isKeptFromRemovingAfter(frozen)
                        ? OverlapClass.kernel(scenario) + stoodStill()
                        : OverlapClass.TWO_SYSTEM_CALLS;
        return !frozen.isOpen() && allow(stalledKind(), frozen.to() + removed);
    }

    /** It has been asked to remove it, and does so when others are done with it. */
    private boolean keptByTheKernel(Period busy) {
        return allow(
                OverlapClass.KERNEL_BUSY, Math.min(busy.to(), end) + OverlapClass.TWO_SYSTEM_CALLS);
    }

    /** It is tried again each second. */
    private boolean removalRefused(Period refusal) {
        long triedAgain =
                later(Math.max(deadline, refusal.to()), OverlapClass.REMOVED_AGAIN_WITHIN);
        long kernelEnd = deadline + OverlapClass.kernel(scenario) + stoodStill();
        long ended = Math.min(kernelEnd, Math.max(deadline, lastPutEnd()));
        return allow(OverlapClass.UNREMOVABLE, Math.min(ended, triedAgain));
    }

    private long lastRead() {
        return old.newestReadShowingBefore(released);
    }

    private long trustEnd() {
        long late = scenario.provesLeases() ? 0 : OverlapClass.local(scenario.longestLateness());
        return lastRead() + OverlapClass.trust(scenario) + late + stoodStill();
    }

    /** What Patroni says in place of a DCS reaches beyond trust. */
    private long lastPutEnd() {
        return scenario.expectsFailsafe() ? Long.MAX_VALUE : trustEnd();
    }

    private long hasReadAfter(Period trouble) {
        return later(
                Math.max(released, trouble.to()), recovery() + OverlapClass.nextRead(scenario));
    }

    private static long later(long time, long nanos) {
        return time == Long.MAX_VALUE ? time : time + nanos;
    }

    /** The Patroni beside it, if it may be asked, says that it does not lead. */
    private long deniedByPatroni(long doubt) {
        return Optional.of(old.patroni())
                .filter(patroni -> scenario.askPatroni() && isAttentive())
                .flatMap(PatroniNode::deniesSince)
                .map(denies -> Math.max(denies, doubt) + OverlapClass.nextRead(scenario))
                .orElse(Long.MAX_VALUE);
    }

    /**
     * It has run for so long that what it holds was put by itself: what the daemon before it left
     * is left alone until this host is known to lead, or not to.
     */
    private boolean isAttentive() {
        return released - old.daemonUpSince() > OverlapClass.kernel(scenario)
                && Stream.of(Impairment.STALLED, Impairment.DEAD, Impairment.STOOD_STILL)
                        .allMatch(kind -> during(kind).isEmpty());
    }

    /** It does not listen to the other, or does not hear it. */
    private boolean isDeaf() {
        return !scenario.rules().yieldInDoubt()
                || !isAttentive()
                || other.isEmpty()
                || old.claims().mayBeLies(other.get().hardwareAddress())
                || Stream.of(old, other.get())
                        .anyMatch(
                                host ->
                                        host.impairments()
                                                .during(
                                                        Impairment.DEAF,
                                                        released - recovery(),
                                                        end));
    }

    private OverlapClass stalledKind() {
        if (!scenario.provesLeases()) {
            return OverlapClass.RETRIES;
        }
        return during(Impairment.CUT_OFF).isEmpty()
                ? OverlapClass.DEAD_OR_FROZEN
                : OverlapClass.CUT_OFF_THEN_STOPPED;
    }

    /** Those during all that it may have believed in when it lost leadership. */
    private List<Period> standstills() {
        long believedSince =
                Math.min(lastRead(), released - OverlapClass.trust(scenario) - recovery());
        return old.impairments().overlapping(Impairment.STOOD_STILL, believedSince, end);
    }

    /** How long the clocks that it and its kernel go by may have stood still. */
    private long stoodStill() {
        return standstills().stream()
                .filter(still -> !still.isOpen())
                .mapToLong(still -> still.to() - still.from())
                .sum();
    }

    private long nextReadAfter(long time) {
        return time + OverlapClass.nextRead(scenario);
    }

    private long recovery() {
        return OverlapClass.recovery(scenario);
    }

    /** What was put too late before the release outlasts it, all else is over by then. */
    private List<Period> during(Impairment impairment) {
        long before =
                impairment == Impairment.FROZEN_IN_PUT ? OverlapClass.kernel(scenario) : recovery();
        return old.impairments().overlapping(impairment, released - before, end);
    }

    /**
     * Of several cases the one that allows most is the one that it was.
     *
     * @return whether this one does
     */
    private boolean allow(OverlapClass someKind, long someDeadline) {
        boolean longer = someDeadline > deadline;
        if (longer) {
            deadline = someDeadline;
            kind = someKind;
        }
        return longer;
    }
}
