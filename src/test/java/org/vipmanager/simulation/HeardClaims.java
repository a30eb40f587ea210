package org.vipmanager.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a daemon has heard others claim, counted as the design says rather than by asking it. */
final class HeardClaims {

    private static final long LONG_AGO = Long.MIN_VALUE / 4;
    private static final long NEVER = Long.MAX_VALUE / 4;

    /** Claims closer together count as one; hosts' clocks are fast or slow by half a percent. */
    private static final long SPACING = 199_000_000L;

    /** Two claims so far apart, each refuted by a read that was sent after it, make a liar. */
    private static final long LONGEST_HONEST_CLAIM = 5_000_000_000L;

    /** A liar that has not been found out again for so long is none any more. */
    private static final long REMEMBERED = 130_000_000_000L;

    private static final long INACCURACY = 100_000_000L;

    /** A read counts from before it is put together. */
    private static final long TURN = 1_000_000L;

    /**
     * A claim, when the daemon has looked at it at the latest, and how long its clock had stood
     * still before.
     */
    private record Claimed(long at, long lookedAtBy, long stoodStill) {
        /** How long after another one, by the daemon's clock. */
        long after(Claimed other) {
            return at - other.lookedAtBy - (stoodStill - other.stoodStill);
        }
    }

    private static final class Claimant {
        /** The first claim that it may have been blamed for. */
        private long since = NEVER;

        private boolean mayBeALiar;

        /** Those that the daemon has surely looked at while confirmed, and no read has judged. */
        private final List<Claimed> unjudged = new ArrayList<>();

        /** The first of them that was surely refuted since this host leads. */
        private Optional<Claimed> refuted = Optional.empty();

        private long liarAt = LONG_AGO;

        /** Since the newest good read, and when the last was counted. */
        private int counted;

        private long countedAt = LONG_AGO;

        /** The last that the daemon may have looked at while confirmed. */
        private long heardAt = LONG_AGO;
    }

    private final Map<String, Claimant> claimants = new HashMap<>();
    private long confirmedAsOf = LONG_AGO;
    private long stoodStill;

    /** Whether the daemon holds the address, runs and is not in doubt when it looks at a claim. */
    enum Heeded {
        NO,
        PERHAPS,
        SURELY
    }

    /**
     * A claim was heard.
     *
     * @param leadsSince since when the host leads: who claimed before that may have led itself
     * @param lookedAtBy when the daemon has looked at it, at the latest
     */
    void heard(String address, Heeded heeded, long leadsSince, long now, long lookedAtBy) {
        Claimant claimant = claimants.computeIfAbsent(address, unused -> new Claimant());
        // One that is starved looks at them later, and may find them further apart.
        if (lookedAtBy - claimant.countedAt >= SPACING) {
            claimant.counted++;
            claimant.countedAt = now;
        }
        claimant.refuted = claimant.refuted.filter(claim -> claim.lookedAtBy() >= leadsSince);
        claimant.unjudged.removeIf(claim -> claim.at() < leadsSince);
        if (heeded == Heeded.NO) {
            return;
        }
        claimant.since = Math.min(claimant.since, now);
        claimant.heardAt = lookedAtBy;
        if (heeded == Heeded.SURELY) {
            claimant.unjudged.add(new Claimed(now, lookedAtBy, stoodStill));
        }
    }

    /**
     * A read was answered.
     *
     * @param queuedSince frames that have come since then may be looked at after it
     * @param within how long after a claim the read must have been sent to judge it
     */
    void read(long sent, long queuedSince, long within) {
        confirmedAsOf = Math.max(confirmedAsOf, sent);
        for (Claimant claimant : claimants.values()) {
            if (claimant.countedAt > queuedSince) {
                claimant.counted = 1;
            } else {
                claimant.counted = 0;
                claimant.countedAt = LONG_AGO;
            }
            claimant.mayBeALiar |=
                    claimant.heardAt - claimant.since > LONGEST_HONEST_CLAIM - INACCURACY;
            judge(claimant, sent, within);
        }
    }

    private static void judge(Claimant claimant, long sent, long within) {
        if (claimant.unjudged.isEmpty()
                || claimant.unjudged.getFirst().lookedAtBy() > sent - TURN) {
            return;
        }
        Claimed first = claimant.unjudged.getFirst();
        Claimed last = claimant.unjudged.getLast();
        claimant.unjudged.clear();
        if (last.lookedAtBy() > sent - TURN) {
            claimant.unjudged.add(last);
        }
        if (sent - first.at() > within - INACCURACY) {
            return;
        }
        if (claimant.refuted.isEmpty()) {
            claimant.refuted = Optional.of(first);
        } else if (first.after(claimant.refuted.get()) > LONGEST_HONEST_CLAIM + INACCURACY) {
            claimant.liarAt = first.at();
        }
    }

    /**
     * The daemon was frozen, or waited for its kernel: it judges nothing that it has heard before.
     */
    void woke() {
        claimants.values().forEach(claimant -> claimant.unjudged.clear());
    }

    /** All clocks of the host, and with them the daemon, have stood still for so long. */
    void clocksStoodStill(long nanos) {
        stoodStill += nanos;
    }

    /**
     * Whether a station that is no known liar has claimed the address twice since the last read.
     *
     * @param leadsSince since when the host leads
     * @param knownLiar one that must be known, if there is one
     */
    boolean areReasonToYield(long leadsSince, String knownLiar) {
        return claimants.entrySet().stream()
                .anyMatch(
                        entry ->
                                entry.getValue().counted >= 2
                                        && !entry.getKey().equals(knownLiar)
                                        && !isALiar(entry.getValue(), leadsSince));
    }

    /** As it was when it was last confirmed that this host leads. */
    private boolean isALiar(Claimant claimant, long leadsSince) {
        return claimant.liarAt >= leadsSince
                && confirmedAsOf - claimant.liarAt < REMEMBERED - 10 * INACCURACY;
    }

    /** Whether claims of this station may be taken for lies. */
    boolean mayBeLies(String address) {
        Claimant claimant = claimants.get(address);
        return claimant != null && claimant.mayBeALiar;
    }

    /** Another daemon knows nothing of them. */
    void forget() {
        claimants.clear();
        confirmedAsOf = LONG_AGO;
    }
}
