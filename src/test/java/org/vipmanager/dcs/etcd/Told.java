package org.vipmanager.dcs.etcd;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a source has told so far. Safe for use by any thread. */
class Told implements LeaderSource.Listener {
    final List<Sighting> sightings = new CopyOnWriteArrayList<>();
    final List<LeaseProof> proofs = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();
    Runnable onSeen = () -> {};
    Runnable onFailed = () -> {};

    Sighting last() {
        return sightings.getLast();
    }

    @Override
    public void seen(Sighting sighting) {
        sightings.add(sighting);
        onSeen.run();
    }

    @Override
    public void proved(LeaseProof proof) {
        proofs.add(proof);
    }

    @Override
    public void failed(String trouble) {
        failures.add(trouble);
        onFailed.run();
    }
}
