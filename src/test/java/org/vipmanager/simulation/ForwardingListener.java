package org.vipmanager.simulation;

import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;

/** Passes on all that a source says, where no subclass has it otherwise. */
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
    public void answered(DcsAnswer answer) {
        next.answered(answer);
    }

    @Override
    public void failed(String trouble) {
        next.failed(trouble);
    }

    @Override
    public void failed(String key, String trouble) {
        next.failed(key, trouble);
    }
}
