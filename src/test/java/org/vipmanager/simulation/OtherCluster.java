package org.vipmanager.simulation;

import org.vipmanager.core.Moment;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;

import java.util.List;
import java.util.function.Supplier;

/**
 * The etcd of a world as another cluster that is told the same: by another id, and with lower
 * revisions. Its leases have the same numbers.
 */
final class OtherCluster extends ForwardingCalls {

    private final long number;
    private final long lower;

    /**
     * @param number 0 for the cluster itself
     * @param lower by how much its revisions are lower
     */
    OtherCluster(EtcdCalls calls, Supplier<Moment> now, long number, long lower) {
        super(calls, now);
        this.number = number;
        this.lower = lower;
    }

    @Override
    EtcdConnection.Answer readAnswered(EtcdConnection.Answer answer) {
        return new EtcdConnection.Answer(
                answer.clusterId() + number,
                answer.revision() - lower,
                answer.raftTerm(),
                shown(answer.entries()));
    }

    @Override
    long watchedFrom(long startRevision) {
        return startRevision + lower;
    }

    @Override
    void changed(EtcdConnection.WatchListener listener, long clusterId, List<EtcdEntry> changes) {
        super.changed(listener, clusterId + number, shown(changes));
    }

    private List<EtcdEntry> shown(List<EtcdEntry> entries) {
        return entries.stream().map(this::shown).toList();
    }

    private EtcdEntry shown(EtcdEntry entry) {
        return entry.modRevision() == 0
                ? entry
                : new EtcdEntry(
                        entry.key(), entry.value(), entry.modRevision() - lower, entry.leaseId());
    }
}
