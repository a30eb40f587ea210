package org.vipmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Why something was decided: what tests assert, and what is made into sentences elsewhere. */
public sealed interface Reason {

    /** A reason to let the address go. */
    sealed interface Release extends Reason {}

    /** A reason to let the address go that takes a silent DCS besides. */
    sealed interface InSilence extends Release {}

    /**
     * One of those, and why the DCS is silent.
     *
     * @param trouble what its source has told last
     */
    record AfterTrouble(InSilence why, String trouble) implements Release {}

    // Taking over.

    /** This host leads and the address is put. */
    record TookOver(String value) implements Reason {}

    /** Another host leads. */
    record StandingBy(String value) implements Reason {}

    /** Nobody leads. */
    record NobodyLeads() implements Reason {}

    // Letting go.

    /** The leader key names another host. */
    record LeaderIsOther(String value) implements Release {}

    /** The leader key is gone. */
    record LeaderKeyGone() implements Release {}

    /**
     * The DCS told nothing until another node could have become leader.
     *
     * @param trouble what its source has told last of why
     */
    record TrustRanOut(Trust.Basis basis, Duration silence, Optional<String> trouble)
            implements Release {

        TrustRanOut(Trust.Basis basis, Duration silence) {
            this(basis, silence, Optional.empty());
        }
    }

    /** The kernel removed the address at the end of its lifetime before it was renewed. */
    record LifetimeRanOut() implements InSilence {}

    /** The process was frozen while it put the address. */
    record FrozenDuringPut() implements Release {}

    /** The kernel had a put for so long that the address had ended, and was created anew. */
    record KernelTooSlow(Duration took) implements Release {}

    /** The DCS shows an older state than before, or another cluster. */
    record StoreRestored() implements Release {}

    /** The local Patroni says that it does not lead. */
    record PatroniDoesNotLead(int status) implements InSilence {}

    /** Another station claims the address while the DCS is silent. */
    record YieldedTo(String claimant) implements InSilence {}

    /** The daemon stops. */
    record Stopping() implements Release {}

    /** The configuration was reloaded, without the address. */
    record NoLongerConfigured() implements Release {}

    /** The address was to be held, and could never be put. */
    record GaveUp(Release why) implements Reason {}

    /** The daemon ends and could not remove the address. */
    record LeftBehind(String trouble) implements Reason {}

    /** The daemon stops and leaves the address to the kernel. */
    record StoppingKept() implements Reason {}

    // Holding.

    /**
     * The DCS has become silent, or refuses.
     *
     * @param trouble what its source has told last of why
     */
    record InDoubt(Duration silence, Duration left, Optional<String> trouble) implements Reason {

        InDoubt(Duration silence, Duration left) {
            this(silence, left, Optional.empty());
        }
    }

    /** The DCS vouches no longer, the local Patroni does. */
    record HeldByPatroni(Trust.Basis basis) implements Reason {}

    /** The DCS answers again, and this host still leads. */
    record ConfirmedAgain(Duration silence) implements Reason {}

    /**
     * Somebody removed the address, and it is put again.
     *
     * @param times how often, since this was last told
     */
    record Restored(int times) implements Reason {}

    /**
     * The address appeared on a host that does not lead, and is removed.
     *
     * @param prefixLength with which it appeared
     * @param times how often, since this was last told
     */
    record StrayRemoved(int prefixLength, int times) implements Reason {}

    /**
     * Somebody else gave the held address another lifetime, and it is given ours again.
     *
     * @param times how often, since this was last told
     */
    record LifetimeChanged(FoundAddress found, int times) implements Reason {}

    /** At start an address was found that would stay for too long, and it gets a lifetime. */
    record FoundLimited(FoundAddress found, Duration lifetime) implements Reason {}

    /** At start an address with a lifetime was found, and it is left alone. */
    record FoundWithLifetime(FoundAddress found) implements Reason {}

    /** What was found at the start could not be given an end; it is tried again. */
    record LimitFailed(String trouble) implements Reason {}

    /** What was found at the start is removed, as this host is not known to lead. */
    record FoundRemoved(FoundAddress found) implements Reason {}

    /** Putting the address failed; it is tried again. */
    record PutFailed(String trouble) implements Reason {}

    /** Removing the address failed; the lifetime that it got from us ends it in the kernel. */
    record RemovalFailed(String trouble) implements Reason {}

    /** Too little of the lease is left for a lifetime of one second. */
    record LeaseTooShort(Duration left) implements Reason {}

    /**
     * A foreign claim was answered by announcing.
     *
     * @param lies it has claimed the address for too long to be a new leader
     */
    record Defended(String claimant, boolean lies) implements Reason {}

    /** The DCS has become silent, and these stations cannot be believed about who leads now. */
    record KnownLiars(List<String> claimants) implements Reason {}

    /** The interface can carry the address. */
    record InterfaceReady(LinkChange.Ready change) implements Reason {}

    /** The interface cannot carry the address. */
    record InterfaceLost(LinkChange.Lost change) implements Reason {}
}
