package org.vipmanager.simulation;

import org.vipmanager.control.AddressTable;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;

import java.util.List;
import java.util.Optional;

/**
 * Parts of a daemon that listens to etcd in a wrong way: what is heard on the way to the listener
 * and in the calls can be combined and forged.
 */
class ForgingParts extends Design.Parts {

    private LeaderSource.Listener listener = new Nobody();
    private Optional<Sighting> latest = Optional.empty();

    ForgingParts(Loop loop, EtcdCalls calls, AddressTable addresses) {
        super(loop, calls, addresses);
    }

    @Override
    final EtcdCalls calls() {
        return new ForwardingCalls(super.calls(), loop::now) {
            @Override
            LeaseProof.Answer leaseAnswered(LeaseProof.Answer answer, Moment askedAt) {
                return ForgingParts.this.leaseAnswered(answer, askedAt);
            }

            @Override
            void changed(
                    EtcdConnection.WatchListener told, long clusterId, List<EtcdEntry> changes) {
                ForgingParts.this.changed(clusterId, changes);
                super.changed(told, clusterId, changes);
            }
        };
    }

    @Override
    final LeaderSource source(LeaderSource source) {
        return new ForwardingSource(
                source,
                next -> {
                    listener = next;
                    return new ForwardingListener(next) {
                        @Override
                        public void seen(Sighting sighting) {
                            latest = Optional.of(sighting);
                            ForgingParts.this.seen(sighting);
                        }

                        @Override
                        public void proved(LeaseProof proof) {
                            ForgingParts.this.proved(proof);
                        }
                    };
                });
    }

    /** The newest sighting that the source has told. */
    final Optional<Sighting> latest() {
        return latest;
    }

    void seen(Sighting sighting) {
        tell(sighting);
    }

    void proved(LeaseProof proof) {
        tell(proof);
    }

    LeaseProof.Answer leaseAnswered(LeaseProof.Answer answer, Moment askedAt) {
        return answer;
    }

    void changed(long clusterId, List<EtcdEntry> changes) {}

    final void tell(Sighting sighting) {
        listener.seen(sighting);
    }

    final void tell(LeaseProof proof) {
        listener.proved(proof);
    }

    private static final class Nobody implements LeaderSource.Listener {
        @Override
        public void seen(Sighting sighting) {}

        @Override
        public void proved(LeaseProof proof) {}

        @Override
        public void failed(String trouble) {}
    }
}
