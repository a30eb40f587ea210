package org.vipmanager.simulation;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.EtcdFailure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The etcd of a world as another cluster that is told the same: by another id, and with lower
 * revisions. Its leases have the same numbers.
 */
final class OtherCluster implements EtcdCalls {

    private final EtcdCalls calls;
    private final long number;
    private final long lower;

    /**
     * @param number 0 for the cluster itself
     * @param lower by how much its revisions are lower
     */
    OtherCluster(EtcdCalls calls, long number, long lower) {
        this.calls = calls;
        this.number = number;
        this.lower = lower;
    }

    @Override
    public EtcdConnection connect(URI endpoint) {
        return new Connection(calls.connect(endpoint));
    }

    @Override
    public void close() {
        calls.close();
    }

    private EtcdEntry shown(EtcdEntry entry) {
        return entry.modRevision() == 0
                ? entry
                : new EtcdEntry(
                        entry.key(), entry.value(), entry.modRevision() - lower, entry.leaseId());
    }

    private List<EtcdEntry> shown(List<EtcdEntry> entries) {
        return entries.stream().map(this::shown).toList();
    }

    private final class Connection implements EtcdConnection {

        private final EtcdConnection connection;

        Connection(EtcdConnection connection) {
            this.connection = connection;
        }

        @Override
        public void read(
                List<String> keys,
                Duration deadline,
                Consumer<EtcdConnection.Answer> answered,
                Consumer<EtcdFailure> failed) {
            connection.read(
                    keys,
                    deadline,
                    read ->
                            answered.accept(
                                    new EtcdConnection.Answer(
                                            read.clusterId() + number,
                                            read.revision() - lower,
                                            read.raftTerm(),
                                            shown(read.entries()))),
                    failed);
        }

        @Override
        public void timeToLive(
                long leaseId,
                Duration deadline,
                Consumer<LeaseProof.Answer> answered,
                Consumer<EtcdFailure> failed) {
            connection.timeToLive(leaseId, deadline, answered, failed);
        }

        @Override
        public Watch watch(
                List<String> keys, long startRevision, EtcdConnection.WatchListener listener) {
            EtcdConnection.WatchListener shifted =
                    new EtcdConnection.WatchListener() {
                        @Override
                        public void changed(long clusterId, List<EtcdEntry> changes) {
                            listener.changed(clusterId + number, shown(changes));
                        }

                        @Override
                        public void alive() {
                            listener.alive();
                        }

                        @Override
                        public void ended(EtcdFailure failure) {
                            listener.ended(failure);
                        }
                    };
            return connection.watch(keys, startRevision + lower, shifted);
        }

        @Override
        public boolean isOutdated() {
            return connection.isOutdated();
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
