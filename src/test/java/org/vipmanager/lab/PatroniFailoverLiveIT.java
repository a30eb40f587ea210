package org.vipmanager.lab;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.vipmanager.lab.ClusterLife.Event;
import org.vipmanager.lab.DatabaseLab.Asked;

import java.util.List;
import java.util.Optional;

/** A real cluster of PostgreSQL 15 and Patroni in the two events that make its days. */
@Isolated
final class PatroniFailoverLiveIT {

    /**
     * A planned switchover, and then the leader's host dies with everything on it. Both times the
     * client writes on through the same address, and no acknowledged row is lost.
     */
    @Test
    void switchoverAndDeathOfTheLeader() throws InterruptedException {
        Optional<String> missing = PatroniInstallation.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> "NOT RUN, needs " + missing.get());
        try (ClusterLife life = new ClusterLife("patroni-failover", Asked.ETCD)) {
            life.start().play(List.of(Event.SWITCHOVER, Event.LEADER_HOST_DIES));
        }
    }
}
