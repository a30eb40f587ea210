package org.vipmanager.dcs.etcd;

import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

import java.util.Optional;

/**
 * A key as a read or a watch event shows it.
 *
 * @param key the key's name
 * @param value empty when the key is absent or was deleted
 * @param modRevision the revision in which the key was last written, or deleted if an event says
 *     so; 0 when a read finds no key
 * @param leaseId the lease that the key lives by; 0 for none
 */
public record EtcdEntry(String key, Optional<String> value, long modRevision, long leaseId) {

    /** What a read shows of a key that is not there. */
    public static EtcdEntry absent(String key) {
        return new EtcdEntry(key, Optional.empty(), 0, 0);
    }

    /**
     * The same for the decision.
     *
     * @param asOf when the read was sent that it stands on
     */
    Sighting seen(Sighting.Origin origin, Revision revision, Moment asOf, Moment receivedAt) {
        long written = value.isPresent() ? modRevision : 0;
        return new Sighting(key, value, origin, revision, written, leaseId, asOf, receivedAt);
    }
}
