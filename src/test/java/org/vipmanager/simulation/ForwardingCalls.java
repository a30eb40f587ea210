package org.vipmanager.simulation;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.EtcdFailure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls to etcd whose answers can be looked at, and changed, on their way. */
class ForwardingCalls implements EtcdCalls {

    private final EtcdCalls calls;
    private final Supplier<Moment> now;

    ForwardingCalls(EtcdCalls calls, Supplier<Moment> now) {
        this.calls = calls;
        this.now = now;
    }

    /** A lease was answered about; what is returned is passed on. */
    LeaseProof.Answer leaseAnswered(LeaseProof.Answer answer, Moment askedAt) {
        return answer;
    }

    /** A read was answered; what is returned is passed on. */
    EtcdConnection.Answer readAnswered(EtcdConnection.Answer answer) {
        return answer;
    }

    /** From where on a watch is to tell; what is returned is asked for. */
    long watchedFrom(long startRevision) {
        return startRevision;
    }

    /** A watch is asked whether it is alive. */
    void askedWhetherAlive(EtcdConnection.WatchListener listener) {}

    /** A watch tells of changes, which are to be passed on. */
    void changed(EtcdConnection.WatchListener listener, long clusterId, List<EtcdEntry> changes) {
        listener.changed(clusterId, changes);
    }

    @Override
    public EtcdConnection connect(URI endpoint) {
        return new Connection(calls.connect(endpoint));
    }

    @Override
    public void close() {
        calls.close();
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
                    keys, deadline, answer -> answered.accept(readAnswered(answer)), failed);
        }

        @Override
        public void timeToLive(
                long leaseId,
                Duration deadline,
                Consumer<LeaseProof.Answer> answered,
                Consumer<EtcdFailure> failed) {
            Moment askedAt = now.get();
            connection.timeToLive(
                    leaseId,
                    deadline,
                    answer -> answered.accept(leaseAnswered(answer, askedAt)),
                    failed);
        }

        @Override
        public Watch watch(
                List<String> keys, long startRevision, EtcdConnection.WatchListener listener) {
            EtcdConnection.WatchListener between =
                    new EtcdConnection.WatchListener() {
                        @Override
                        public void changed(long clusterId, List<EtcdEntry> changes) {
                            ForwardingCalls.this.changed(listener, clusterId, changes);
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
            Watch watch = connection.watch(keys, watchedFrom(startRevision), between);
            return new Watch() {
                @Override
                public void askWhetherAlive() {
                    askedWhetherAlive(listener);
                    watch.askWhetherAlive();
                }

                @Override
                public void close() {
                    watch.close();
                }
            };
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
