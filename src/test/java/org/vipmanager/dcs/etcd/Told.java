package org.vipmanager.dcs.etcd;

import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What a source has told so far. Safe for use by any thread. */
class Told implements LeaderSource.Listener {
    final List<Sighting> sightings = new CopyOnWriteArrayList<>();
    final List<LeaseProof> proofs = new CopyOnWriteArrayList<>();
    final List<DcsAnswer> answers = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();

    /** How often a watch has said that it is alive since the last read. */
    final AtomicInteger alive = new AtomicInteger();

    Runnable onSeen = () -> {};
    Runnable onFailed = () -> {};

    Sighting last() {
        return sightings.getLast();
    }

    @Override
    public void seen(Sighting sighting) {
        sightings.add(sighting);
        if (sighting.origin() == Sighting.Origin.READ) {
            alive.set(0);
        }
        onSeen.run();
    }

    @Override
    public void answered(DcsAnswer answer) {
        answers.add(answer);
        alive.incrementAndGet();
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
