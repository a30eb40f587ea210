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
 * @param contact when the DCS was last heard
 */
public record Leadership(
        SightingOrder order,
        Optional<Sighting> last,
        Trust trust,
        Trust failsafe,
        Moment returnAfter,
        Contact contact) {

    static Leadership unknown(Moment now) {
        return new Leadership(
                SightingOrder.EMPTY,
                Optional.empty(),
                Trust.NONE,
                Trust.NONE,
                Moment.LONG_AGO,
                Contact.none(now));
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
                read ? contact.afterRead(sighting.asOf()) : contact);
    }

    private Trust trustIn(Sighting sighting, Rules rules, Moment now) {
        boolean fresh = sighting.asOf().until(now).compareTo(rules.freshness()) <= 0;
        if (sighting.leaseId() != 0 && (isOfAnotherSource() || isAskedAboutFromNowOn(sighting))) {
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
        return new Leadership(order, last, trust, failsafe, returnAfter, contact);
    }

    Leadership with(Contact contact) {
        return new Leadership(order, last, trust, failsafe, returnAfter, contact);
    }

    /** From now on only a sighting with a later {@code asOf} brings the address back. */
    Leadership returningAfter(Moment time) {
        return new Leadership(
                order, last, trust, failsafe, Moment.later(returnAfter, time), contact);
    }

    /** What was seen last is not enough any more; a newer sighting must come. */
    Leadership returningAfterLast() {
        return last.isEmpty() ? this : returningAfter(last.get().asOf());
    }

    /** The store is not the one that was known: begin afresh. */
    Leadership forgotten(Moment now) {
        return new Leadership(
                SightingOrder.EMPTY, Optional.empty(), Trust.NONE, Trust.NONE, now, contact);
    }

    /** What is trusted stays so until the new source speaks, which begins its own order. */
    Leadership ofAnotherSource() {
        return new Leadership(SightingOrder.EMPTY, last, trust, failsafe, returnAfter, contact);
    }

    /** The key is as it was; of its lease nothing could be asked, or was to be, until now. */
    private boolean isAskedAboutFromNowOn(Sighting sighting) {
        return trust.basis() == Trust.Basis.POLICY
                && last.filter(known -> known.modRevision() == sighting.modRevision())
                        .filter(known -> known.value().equals(sighting.value()))
                        .isPresent();
    }

    private boolean isOfAnotherSource() {
        return order.greatest().isEmpty() && last.isPresent();
    }

    /** Whether this host may hold the address now. */
    boolean allows(Trigger trigger, Moment now) {
        return now.isBefore(allowedUntil(trigger));
    }

    /** Until when this host may hold the address if nothing more is heard. */
    public Moment allowedUntil(Trigger trigger) {
        boolean may =
                isLeader(trigger) && last.isPresent() && last.get().asOf().isAfter(returnAfter);
        return may ? effectiveTrust().holdUntil() : Moment.LONG_AGO;
    }

    /** Until when the local Patroni's word counts that it leads in failsafe mode. */
    Moment vouchedUntil() {
        return failsafe.basis() == Trust.Basis.FAILSAFE ? failsafe.holdUntil() : Moment.LONG_AGO;
    }

    /**
     * After a freeze nothing is renewed before a read, unless Patroni says in place of a DCS that
     * is lost that it leads.
     */
    boolean mayRenewSinceWaking() {
        Moment patroniAskedAt = failsafe.holdUntil().minus(failsafe.cap());
        return contact.isConfirmedSinceWaking() || !patroniAskedAt.isBefore(contact.wokeAt());
    }

    /** What a put that is decided on now gives the kernel. */
    KernelLifetime lifetime(Moment now) {
        return effectiveTrust().lifetime(now);
    }

    /** The lifetime that a put would get now; below 1 means that nothing may be put. */
    int secondsLeft(Moment now) {
        return lifetime(now).secondsAt(now.nanos());
    }

    Reason.Release ranOut(Moment now) {
        return new Reason.TrustRanOut(
                effectiveTrust().basis(), contact.silenceAt(now), contact.failure());
    }

    /** Whether the DCS has named this host last. */
    public boolean isLeader(Trigger trigger) {
        return last.isPresent() && last.get().isLeader(trigger);
    }

    /** What the address is held by: the DCS, or the local Patroni. */
    public Trust effectiveTrust() {
        return trust.orLonger(failsafe);
    }
}
