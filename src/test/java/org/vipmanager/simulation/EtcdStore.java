package org.vipmanager.simulation;

import org.vipmanager.dcs.etcd.EtcdEntry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What an etcd cluster has agreed on: revisions, the leader key, its history, and the leases. */
final class EtcdStore {

    static final String LEADER_KEY = "/service/db/leader";

    /** A lease; its end is true time. */
    record Lease(long id, long grantedNanos, long end) {}

    private final long clusterId;
    private long revision;
    private EtcdEntry leaderKey = EtcdEntry.absent(LEADER_KEY);
    private final List<EtcdEntry> history = new ArrayList<>();
    private final TreeMap<Long, Lease> leases = new TreeMap<>();

    EtcdStore(long clusterId, long revision) {
        this.clusterId = clusterId;
        this.revision = revision;
    }

    /** The store as a backup of this one brings it back. */
    EtcdStore copy(long newClusterId) {
        EtcdStore copy = new EtcdStore(newClusterId, revision);
        copy.leaderKey = leaderKey;
        copy.history.addAll(history);
        copy.leases.putAll(leases);
        return copy;
    }

    long clusterId() {
        return clusterId;
    }

    long revision() {
        return revision;
    }

    EtcdEntry leaderKey() {
        return leaderKey;
    }

    List<EtcdEntry> history() {
        return history;
    }

    Optional<Lease> lease(long id) {
        return Optional.ofNullable(leases.get(id));
    }

    List<Lease> leases() {
        return List.copyOf(leases.values());
    }

    void putLease(Lease lease) {
        leases.put(lease.id(), lease);
    }

    void dropLease(long id) {
        leases.remove(id);
    }

    /** Some other key of the cluster is written. */
    void bump() {
        revision++;
    }

    void writeLeader(String value, long leaseId) {
        revision++;
        change(new EtcdEntry(LEADER_KEY, Optional.of(value), revision, leaseId));
    }

    void deleteLeader() {
        if (leaderKey.value().isPresent()) {
            revision++;
            change(new EtcdEntry(LEADER_KEY, Optional.empty(), revision, 0));
            leaderKey = EtcdEntry.absent(LEADER_KEY);
        }
    }

    private void change(EtcdEntry entry) {
        leaderKey = entry;
        history.add(entry);
    }
}
