package org.vipmanager.simulation;

import org.vipmanager.simulation.ImpairmentLog.Period;

import java.util.List;
import java.util.Optional;

/**
 * How long an old holder may have held beside a new one, given what had befallen it: the case of
 * the design and the moment by which it has to be over.
 */
final class Allowance {

    private final World world;
    private final Scenario scenario;
    private final Host old;
    private final Host other;
    private final long released;
    private final long since;
    private final long end;

    private OverlapClass kind = OverlapClass.CONNECTED;
    private long deadline;

    /**
     * @param ended how the old host's leadership ended; empty if it has never led
     * @param since when both began to hold
     * @param end when one of them let go
     */
    Allowance(
            World world,
            Host old,
            Host other,
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
        allow(OverlapClass.LEASE_RAN_OUT, since);
        if (ended.isPresent()) {
            if (scenario.provesLeases() && ended.get().cause() == LeadershipEnd.EXPIRED) {
                whenTheLeaseRanOut();
            } else {
                whenReleasedEarly(ended.get().cause());
            }
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
            case LEASE_RAN_OUT, FROZEN_IN_PUT -> 'a';
            case RETRIES -> 'c';
            default -> 'b';
        };
    }

    private void whenTheLeaseRanOut() {
        for (Period frozen : during(Impairment.FROZEN_IN_PUT)) {
            if (!frozen.isOpen()) {
                allow(OverlapClass.FROZEN_IN_PUT, frozen.to() + OverlapClass.TWO_SYSTEM_CALLS);
            }
        }
        hostStoodStill();
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
            cutOff();
        }
        for (Impairment kindOfStall : new Impairment[] {Impairment.STALLED, Impairment.DEAD}) {
            for (Period stalled : during(kindOfStall)) {
                stalled(stalled);
            }
        }
        hostStoodStill();
    }

    /** A read that was sent after the release would have told of it. */
    private void cutOff() {
        long lastRead = Math.min(old.lastGoodReadSent(), released);
        long trustEnd = lastRead + OverlapClass.trust(scenario);
        if (!scenario.provesLeases()) {
            allow(OverlapClass.RETRIES, trustEnd);
        } else if (isDeaf()) {
            allow(OverlapClass.CUT_OFF_CLAIMS_UNHEARD, trustEnd);
        } else {
            long doubt = lastRead + OverlapClass.local(scenario.rules().doubtAfter());
            long heard = Math.max(since, doubt) + OverlapClass.twoProbes(scenario);
            allow(OverlapClass.CUT_OFF_CLAIMS_HEARD, Math.min(trustEnd, heard));
        }
    }

    private boolean isDeaf() {
        return !scenario.rules().yieldInDoubt()
                || !during(Impairment.DEAF).isEmpty()
                || other.impairments().during(Impairment.DEAF, released - recovery(), end);
    }

    private void stalled(Period stalled) {
        OverlapClass stalledKind =
                scenario.provesLeases() ? OverlapClass.DEAD_OR_FROZEN : OverlapClass.RETRIES;
        long kernelEnd = Math.max(stalled.from(), released) + OverlapClass.kernel(scenario);
        allow(stalledKind, kernelEnd);
        if (stalled.to() < kernelEnd) {
            allow(stalledKind, nextReadAfter(stalled.to()));
        }
        for (Period frozen : during(Impairment.FROZEN_IN_PUT)) {
            if (!frozen.isOpen()) {
                allow(stalledKind, frozen.to() + OverlapClass.TWO_SYSTEM_CALLS);
            }
        }
    }

    private void hostStoodStill() {
        for (Period still : during(Impairment.STOOD_STILL)) {
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
