package org.vipmanager.hostile;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;

/** Whom a source tells of the leader: it is well while it goes on to see one. */
final class Listening implements LeaderSource.Listener, Ordeal.Subject {

    private volatile Moment newest = Moment.LONG_AGO;

    @Override
    public boolean isWellSince(Moment then) {
        return newest.isAfter(then);
    }

    @Override
    public void seen(Sighting sighting) {
        newest = sighting.asOf();
    }

    @Override
    public void proved(LeaseProof proof) {}

    @Override
    public void failed(String trouble) {}
}
