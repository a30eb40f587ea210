package org.vipmanager.core;

import java.util.Optional;

/**
 * One answer of the DCS about one leader key.
 *
 * <p>Immutable; made by a leader source, judged by {@link Decision}.
 *
 * @param key the leader key
 * @param value the key's value; empty when the key is absent
 * @param origin whether a read or a watch event told it
 * @param revision the order among sightings of this key
 * @param modRevision the revision in which the key was last written; 0 when absent or unknown
 * @param leaseId the lease that the key lives by; 0 for none, or for one whose time may not or need
 *     not be asked
 * @param asOf when the request that proves this was <em>sent</em>; an event inherits it from the
 *     newest completed read at an older revision, because an event proves nothing of its own age
 * @param receivedAt when the answer arrived
 */
public record Sighting(
        String key,
        Optional<String> value,
        Origin origin,
        Revision revision,
        long modRevision,
        long leaseId,
        Moment asOf,
        Moment receivedAt) {

    /** How the DCS told it. */
    public enum Origin {
        /** A linearizable answer to a question: true at some moment after {@code asOf}. */
        READ,
        /** A change that a watch or a blocking query reported. */
        EVENT
    }

    /** The same as it is told when a read has been answered since, at an older revision. */
    public Sighting after(Sighting read) {
        return new Sighting(
                key, value, origin, revision, modRevision, leaseId, read.asOf, read.receivedAt);
    }

    public boolean isLeader(Trigger trigger) {
        return value.isPresent() && value.get().equals(trigger.value());
    }

    /** Whether the key still is as the other sighting had it: same write, same lease. */
    public boolean sameKeyAs(Sighting other) {
        return key.equals(other.key)
                && modRevision == other.modRevision
                && leaseId == other.leaseId;
    }
}
