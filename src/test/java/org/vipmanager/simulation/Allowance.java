package org.vipmanager.simulation;

import org.vipmanager.simulation.ImpairmentLog.Period;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long an old holder may have held beside a new one, given what had befallen it: the case of
 * the design and the moment by which it has to be over.
 */
final class Allowance {

    private final World world;
    private final Scenario scenario;
    private final Host old;
    private final Optional<Host> other;
    private final long released;
    private final long since;
    private final long end;

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
        for (Period frozen : during(Impairment.FROZEN_IN_PUT)) {
            if (!frozen.isOpen()) {
                allow(OverlapClass.FROZEN_IN_PUT, frozen.to() + OverlapClass.TWO_SYSTEM_CALLS);
            }
        }
        keptFromRemoving(Impairment.FROZEN_BEFORE_PUT, OverlapClass.kernel(scenario));
        keptFromRemoving(Impairment.FROZEN_BEFORE_FIRST_PUT, OverlapClass.firstLifetime(scenario));
        clocksStoodStill();
    }

    private void keptFromRemoving(Impairment frozenBefore, long lifetime) {
        for (Period frozen :
                old.impairments().overlapping(frozenBefore, released - lifetime, end)) {
            if (isKeptFromRemovingAfter(frozen)) {
                allow(OverlapClass.KEPT_FROM_REMOVING, frozen.to() + lifetime);
            }
        }
    }

    /**
     * All that it believes in ends later by as much as its clocks stood still; and, unless it is
     * cut off, when it has read, or the kernel's lifetime is over, after the last time.
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
            long hasRead = last + recovery() + OverlapClass.kernel(scenario);
            boolean cutOff = old.impairments().during(Impairment.CUT_OFF, last, hasRead);
            long trusted = released + stoodStill;
            allow(OverlapClass.HOST_STOOD_STILL, cutOff ? trusted : Math.min(trusted, hasRead));
        }
    }

    /** Something else befalls it within the two system calls that were to put it right. */
    private boolean isKeptFromRemovingAfter(Period frozen) {
        long putRight = frozen.to() + OverlapClass.TWO_SYSTEM_CALLS;
        boolean refused = old.impairments().during(Impairment.UNREMOVABLE, frozen.to(), putRight);
        boolean stopped =
                Stream.of(Impairment.FROZEN, Impairment.DEAD, Impairment.STOOD_STILL)
                        .flatMap(
                                kind ->
                                        old
                                                .impairments()
                                                .overlapping(kind, frozen.to(), putRight)
                                                .stream())
                        .anyMatch(period -> period.from() >= frozen.to());
        return !frozen.isOpen() && (refused || stopped);
    }

    private void whenReleasedEarly(LeadershipEnd cause) {
        boolean reconnects =
                cause == LeadershipEnd.RESTORED
                        || world.etcd().restoredAt() > released - recovery();
        allow(OverlapClass.CONNECTED, released + OverlapClass.EVENT);
        if (!during(Impairment.WATCH_SILENT).isEmpty()) {
            allow(OverlapClass.CONNECTED_WITHOUT_WATCH, nextReadAfter(released));
        }
        if (reconnects) {
            allow(
                    OverlapClass.STORE_RESTORED,
                    released + OverlapClass.STORE_RESTORED.bound(scenario));
        }
        if (!during(Impairment.CUT_OFF).isEmpty()) {
            cutOff(cause);
        }
        during(Impairment.STALLED).forEach(this::stalled);
        // A daemon that starts leaves alone what the one before it has left, until it has read.
        long leftSince = released - recovery() - OverlapClass.kernel(scenario);
        old.impairments().overlapping(Impairment.DEAD, leftSince, end).forEach(this::stalled);
        hostStoodStill();
        if (!during(Impairment.UNREMOVABLE).isEmpty()) {
            allow(OverlapClass.UNREMOVABLE, deadline + OverlapClass.kernel(scenario));
        }
    }

    /** A read that was sent after the release would have told of it. */
    private void cutOff(LeadershipEnd cause) {
        long lastRead = old.newestReadShowingBefore(released);
        long trustEnd = lastRead + OverlapClass.trust(scenario);
        long doubt = lastRead + OverlapClass.doubtAfter(scenario);
        long denied = deniedByPatroni(doubt);
        if (!scenario.provesLeases()) {
            boolean kernelEndsIt =
                    !during(Impairment.STALLED).isEmpty() || !during(Impairment.DEAD).isEmpty();
            long late = kernelEndsIt ? scenario.longestLateness() : 0;
            allow(OverlapClass.RETRIES, Math.min(trustEnd + late, denied));
            // Patroni has found out, and what it has said counts no more, before its lease ends.
            if (scenario.expectsFailsafe() && cause != LeadershipEnd.EXPIRED) {
                long ahead = released + OverlapClass.FAILSAFE_AHEAD.bound(scenario);
                allow(OverlapClass.FAILSAFE_AHEAD, Math.min(ahead, denied));
            }
        } else if (isDeaf()) {
            allow(OverlapClass.CUT_OFF_CLAIMS_UNHEARD, Math.min(trustEnd, denied));
        } else {
            long heard = Math.max(since, doubt) + OverlapClass.twoProbes(scenario);
            allow(OverlapClass.CUT_OFF_CLAIMS_HEARD, Math.min(trustEnd, Math.min(heard, denied)));
        }
    }

    /** The Patroni beside it, if it may be asked, says that it does not lead. */
    private long deniedByPatroni(long doubt) {
        return Optional.of(old.patroni())
                .filter(patroni -> scenario.askPatroni())
                .flatMap(PatroniNode::deniesSince)
                .map(denies -> Math.max(denies, doubt) + OverlapClass.nextRead(scenario))
                .orElse(Long.MAX_VALUE);
    }

    /** It does not listen to the other, or does not hear it. */
    private boolean isDeaf() {
        return !scenario.rules().yieldInDoubt()
                || other.isEmpty()
                || old.claims().mayBeLies(other.get().station())
                || Stream.of(old, other.get())
                        .anyMatch(
                                host ->
                                        host.impairments()
                                                .during(
                                                        Impairment.DEAF,
                                                        released - recovery(),
                                                        end));
    }

    private void stalled(Period stalled) {
        OverlapClass stalledKind = stalledKind();
        boolean told = during(Impairment.WATCH_SILENT).isEmpty();
        // One that was starved before goes on renewing until it comes to hear of the release.
        boolean hearsAtOnce = told && stalled.from() >= released;
        long renewedUntil =
                hearsAtOnce ? released : Math.min(stalled.to(), nextReadAfter(released));
        long kernelEnd = Math.max(stalled.from(), renewedUntil) + OverlapClass.kernel(scenario);
        allow(stalledKind, kernelEnd);
        if (stalledKind == OverlapClass.CUT_OFF_THEN_STOPPED) {
            long lastRead = old.newestReadShowingBefore(released);
            allow(stalledKind, lastRead + OverlapClass.trust(scenario));
        }
        if (stalled.to() < kernelEnd) {
            allow(stalledKind, nextReadAfter(stalled.to()));
        }
        for (Period frozen : during(Impairment.FROZEN_IN_PUT)) {
            if (!frozen.isOpen()) {
                allow(stalledKind, frozen.to() + OverlapClass.TWO_SYSTEM_CALLS);
            }
        }
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
        long believedSince = released - OverlapClass.trust(scenario) - recovery();
        return old.impairments().overlapping(Impairment.STOOD_STILL, believedSince, end);
    }

    private void hostStoodStill() {
        for (Period still : standstills()) {
            if (!still.isOpen()) {
                allow(
                        OverlapClass.HOST_STOOD_STILL,
                        still.to() + OverlapClass.HOST_STOOD_STILL.bound(scenario));
            }
        }
    }

    private long nextReadAfter(long time) {
        return time + OverlapClass.nextRead(scenario);
    }

    private long recovery() {
        return OverlapClass.recovery(scenario);
    }

    private List<Period> during(Impairment impairment) {
        return old.impairments().overlapping(impairment, released - recovery(), end);
    }

    /** Of several cases the one that allows most is the one that it was. */
    private void allow(OverlapClass someKind, long someDeadline) {
        if (someDeadline > deadline) {
            deadline = someDeadline;
            kind = someKind;
        }
    }
}
