package org.vipmanager.dcs.etcd;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;

import java.util.ArrayList;
import java.util.List;

/** What a source has told so far. */
final class Told implements LeaderSource.Listener {
    final List<Sighting> sightings = new ArrayList<>();
    final List<LeaseProof> proofs = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
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
