package org.vipmanager.core;

import java.util.Optional;

/**
 * What is known about who leads, and how far that knowledge reaches.
 *
 * @param order the order of sightings
 * @param last the newest sighting that was acted on
 * @param trust until when no other node can lead; none when this host does not lead
 * @param failsafe what the local Patroni adds to it while the DCS is lost
 * @param returnAfter only a sighting with a later {@code asOf} may bring the address (back)
 * @param lastReadAsOf when the newest good read was sent; the start of the daemon before the first
 */
public record Leadership(
        SightingOrder order,
        Optional<Sighting> last,
        Trust trust,
        Trust failsafe,
        Moment returnAfter,
        Moment lastReadAsOf) {

    static Leadership unknown(Moment now) {
        return new Leadership(
                SightingOrder.EMPTY,
                Optional.empty(),
                Trust.NONE,
                Trust.NONE,
                Moment.LONG_AGO,
                now);
    }

    /** After a sighting that was found to be in order. */
    Leadership after(Sighting sighting, Trigger trigger, Rules rules, Moment now) {
        boolean leader = sighting.isLeader(trigger);
        boolean read = sighting.origin() == Sighting.Origin.READ;
        return new Leadership(
                order.with(sighting),
                Optional.of(sighting),
                leader ? trustIn(sighting, rules, now) : Trust.NONE,
                leader ? failsafe : Trust.NONE,
                returnAfter,
                read ? Moment.later(lastReadAsOf, sighting.asOf()) : lastReadAsOf);
    }

    private Trust trustIn(Sighting sighting, Rules rules, Moment now) {
        boolean fresh = sighting.asOf().until(now).compareTo(rules.freshness()) <= 0;
        if (isOfAnotherSource() && sighting.leaseId() != 0) {
            // Whatever its number, it is not the lease that was known; and it is proved at once.
            return fresh ? Trust.unknownLease(sighting, rules).atMost(trust) : Trust.NONE;
        }
        if (sighting.leaseId() == 0) {
            Trust known = trust.basis() == Trust.Basis.POLICY ? trust : Trust.NONE;
            boolean proves = fresh || sighting.origin() == Sighting.Origin.READ;
            return proves ? known.orLonger(Trust.policy(sighting, rules)) : known;
        }
        if (trust.leaseId() == sighting.leaseId()) {
            return trust;
        }
        // Another lease ends the old trust. Its time is unknown: a key that was written just now
        // has some
        // left, one that may have been written long ago has to be proved first.
        boolean writtenJustNow =
                last.isPresent()
                        && last.get().modRevision() != sighting.modRevision()
                        && last.get().asOf().until(now).compareTo(rules.freshness()) <= 0;
        return fresh && writtenJustNow ? Trust.unknownLease(sighting, rules) : Trust.NONE;
    }

    /** Whether the proof is about the key as it was seen last. */
    boolean isAbout(LeaseProof proof, Trigger trigger) {
        return last.isPresent()
                && last.get().isLeader(trigger)
                && last.get().key().equals(proof.key())
                && last.get().modRevision() == proof.modRevision()
                && last.get().leaseId() == proof.leaseId();
    }

    boolean hasProofOf(long leaseId) {
        return trust.basis() == Trust.Basis.LEASE && trust.leaseId() == leaseId;
    }

    /** Of several answers for one lease the one that reaches furthest counts, unless disproved. */
    Leadership after(LeaseProof proof, Rules rules) {
        Trust proved = Trust.lease(proof, rules);
        boolean adds = hasProofOf(proof.leaseId()) && !proof.disproves(trust.end());
        return trusting(adds ? trust.orLonger(proved) : proved, failsafe);
    }

    Leadership afterFailsafe(PatroniAnswer answer, Rules rules) {
        return trusting(trust, failsafe.orLonger(Trust.failsafe(answer, rules)));
    }

    private Leadership trusting(Trust trust, Trust failsafe) {
        return new Leadership(order, last, trust, failsafe, returnAfter, lastReadAsOf);
    }

    /** From now on only a sighting with a later {@code asOf} brings the address back. */
    Leadership returningAfter(Moment time) {
        return new Leadership(
                order, last, trust, failsafe, Moment.later(returnAfter, time), lastReadAsOf);
    }

    /** What was seen last is not enough any more; a newer sighting must come. */
    Leadership returningAfterLast() {
        return last.isEmpty() ? this : returningAfter(last.get().asOf());
    }

    /** The store is not the one that was known: begin afresh. */
    Leadership forgotten(Moment now) {
        return new Leadership(
                SightingOrder.EMPTY, Optional.empty(), Trust.NONE, Trust.NONE, now, lastReadAsOf);
    }

    /** What is trusted stays so until the new source speaks, which begins its own order. */
    Leadership ofAnotherSource() {
        return new Leadership(
                SightingOrder.EMPTY, last, trust, failsafe, returnAfter, lastReadAsOf);
    }

    private boolean isOfAnotherSource() {
        return order.greatest().isEmpty() && last.isPresent();
    }

    /** Whether this host may hold the address now. */
    boolean allows(Trigger trigger, Moment now) {
        return isLeader(trigger)
                && last.isPresent()
                && last.get().asOf().isAfter(returnAfter)
                && now.isBefore(effectiveTrust().holdUntil());
    }

    /** Whether the local Patroni says, and has said just now, that it leads in failsafe mode. */
    boolean isVouchedFor(Moment now) {
        return failsafe.basis() == Trust.Basis.FAILSAFE && now.isBefore(failsafe.holdUntil());
    }

    boolean isLeader(Trigger trigger) {
        return last.isPresent() && last.get().isLeader(trigger);
    }

    Trust effectiveTrust() {
        return trust.orLonger(failsafe);
    }
}
