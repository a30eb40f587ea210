package org.vipmanager.dcs.consul;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;

import java.util.List;

/** Keeps what a Consul source says. */
class Listening implements LeaderSource.Listener {

    private final List<Sighting> seen;
    private final List<String> failures;

    Listening(List<Sighting> seen, List<String> failures) {
        this.seen = seen;
        this.failures = failures;
    }

    @Override
    public void seen(Sighting sighting) {
        seen.add(sighting);
    }

    @Override
    public final void proved(LeaseProof proof) {
        throw new AssertionError("Consul proves no lease");
    }

    @Override
    public final void failed(String trouble) {
        failures.add(trouble);
    }
}
