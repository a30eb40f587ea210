package org.vipmanager.simulation;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;

/** Passes on what it hears, unless it is told otherwise. */
class ForwardingListener implements LeaderSource.Listener {

    final LeaderSource.Listener next;

    ForwardingListener(LeaderSource.Listener next) {
        this.next = next;
    }

    @Override
    public void seen(Sighting sighting) {
        next.seen(sighting);
    }

    @Override
    public void proved(LeaseProof proof) {
        next.proved(proof);
    }

    @Override
    public void failed(String trouble) {
        next.failed(trouble);
    }
}
