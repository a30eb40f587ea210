package org.vipmanager.core;

/** What can happen to an address: everything that is decided about. */
public sealed interface Event {

    /** What the kernel says of the address and its interface. */
    sealed interface OfKernel extends Event {}

    /** The DCS answered, or reported a change. */
    record Seen(Sighting sighting) implements Event {}

    /** The time of the leader key's lease is proved. */
    record LeaseProved(LeaseProof proof) implements Event {}

    /**
     * The DCS could not be asked, or refused.
     *
     * @param trouble one sentence, as the source has logged it
     */
    record DcsFailed(String trouble) implements Event {

        /** A server may have said as much as it likes. */
        private static final int LONGEST = 500;

        public DcsFailed {
            if (trouble.length() > LONGEST) {
                trouble = trouble.substring(0, LONGEST) + "...";
            }
        }
    }

    /** The local Patroni answered, or did not. */
    record PatroniAnswered(PatroniAnswer answer) implements Event {}

    /** Another station claims the address. */
    record ClaimHeard(Claim claim) implements Event {}

    /** The kernel did not take an announcement: nobody has heard it. */
    record AnnouncementRefused() implements OfKernel {}

    /** A put ended. */
    record PutEnded(PutResult result) implements OfKernel {}

    /** A removal failed; nothing comes when it succeeded. */
    record RemoveFailed(String trouble) implements OfKernel {}

    /** The address is no longer on the interface, which is up, and we did not remove it. */
    record AddressGone() implements OfKernel {}

    /** The address is gone with its interface, which was deleted, renamed or set down. */
    record AddressGoneWithLink() implements OfKernel {}

    /**
     * The address was gone for a moment, or may have been, and others put it again: it is there as
     * it was before.
     */
    record AddressReturned() implements OfKernel {}

    /** The address is on the interface, and we did not put it there. */
    record AddressAppeared(FoundAddress found) implements OfKernel {}

    /** The interface can carry the address (again), or cannot now. */
    record LinkChanged(LinkChange change) implements OfKernel {}

    /** This process was frozen, or the host suspended: what was under way is old. */
    record Woke() implements Event {}

    /** This process had to wait for the kernel: what was heard meanwhile is old. */
    record KernelWasBusy() implements Event {}

    /**
     * Stop.
     *
     * @param keep leave the address to the kernel's lifetime, for the next start to adopt it
     */
    record StopRequested(boolean keep) implements Event {}

    /** The configuration does not name the address any more. */
    record Unconfigured() implements Event {}

    /**
     * Another DCS is asked from now on, or other members of it: what it says is of another order
     * than all before, and its leases are others.
     */
    record SourceReplaced() implements Event {}

    /**
     * Other rules are decided by from now on.
     *
     * @param before those until now
     */
    record RulesChanged(Rules before) implements Event {}

    /** The time has come at which something is due. */
    record Tick() implements Event {}
}
