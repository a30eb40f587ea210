package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/** The DCS is exchanged for another one by a reload: another cluster, with leases of its own. */
@Execution(ExecutionMode.CONCURRENT)
final class AnotherDcsLiveIT {

    private static final Duration TTL = Duration.ofSeconds(30);

    /**
     * This host leads in both clusters, of which the new one is at a lower revision. Nobody notices
     * anything, and nothing is said of a backup.
     */
    @Test
    void theSameLeader_isNotDisturbed() throws InterruptedException {
        try (Lab lab = Lab.open("another DCS, same leader")) {
            EtcdServer other = lab.otherEtcd(lab.host(1), TTL);
            lab.patroni(lab.host(1), TTL);
            for (int i = 0; i < 50; i++) {
                lab.leaderKey("/other/key" + i).name(lab.host(2));
            }
            SettingsFile file = lab.settings(lab.host(1), "");
            Daemon daemon = lab.daemon(lab.host(1), file);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(2));

            file.write("dcs-endpoints: " + other.endpoint() + "\n");
            long at = daemon.signal(Kernel.SIGHUP);
            lab.awaitLog(daemon, "connecting to the DCS anew");
            lab.etcd().freeze();
            Thread.sleep(Duration.ofSeconds(6));

            lab.holders().assertKept(lab.host(1), "another DCS, same leader", at);
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), at)).isNegative();
            assertThat(daemon.log()).noneMatch(line -> line.contains("backup"));
        }
    }

    /** Consul counts its changes otherwise, and knows of no lease. */
    @Test
    void anotherKind_withTheSameLeader_isNotDisturbed() throws InterruptedException {
        try (Lab lab = Lab.open("another kind of DCS, same leader")) {
            ConsulStore consul = lab.otherConsul(lab.host(1));
            lab.patroni(lab.host(1), TTL);
            SettingsFile file = lab.settings(lab.host(1), "");
            Daemon daemon = lab.daemon(lab.host(1), file);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(2));

            file.write("dcs-type: consul\ndcs-endpoints: " + consul.endpoint() + "\n");
            long at = daemon.signal(Kernel.SIGHUP);
            lab.awaitLog(daemon, "connecting to the DCS anew");
            lab.etcd().freeze();
            Thread.sleep(Duration.ofSeconds(6));

            lab.holders().assertKept(lab.host(1), "another kind of DCS, same leader", at);
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), at)).isNegative();
            assertThat(daemon.log()).noneMatch(line -> line.contains("backup"));

            consul.put(Lab.KEY, lab.host(2).name());
            lab.holders().awaitNobody(Duration.ofSeconds(5));
        }
    }

    /** In the new cluster another host leads: the address goes at once. */
    @Test
    void anotherLeader_isObeyedAtOnce() throws InterruptedException {
        try (Lab lab = Lab.open("another DCS, another leader")) {
            EtcdServer other = lab.otherEtcd(lab.host(2), TTL);
            lab.patroni(lab.host(1), TTL);
            SettingsFile file = lab.settings(lab.host(1), "");
            Daemon daemon = lab.daemon(lab.host(1), file);
            lab.holders().awaitServing(lab.host(1), Lab.START);

            file.write("dcs-endpoints: " + other.endpoint() + "\n");
            long at = daemon.signal(Kernel.SIGHUP);
            lab.holders().awaitNobody(Duration.ofSeconds(5));
            Results.add(
                    "another DCS, another leader",
                    "released after " + lab.holders().untilRemoved(lab.host(1), at));
            lab.awaitLog(daemon, "\"pg2\"");
        }
    }
}
