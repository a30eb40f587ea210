package org.vipmanager.control;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;

/** Passes on all that a source says, where no subclass has it otherwise. */
public class ForwardingListener implements LeaderSource.Listener {

    protected final LeaderSource.Listener next;

    public ForwardingListener(LeaderSource.Listener next) {
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
