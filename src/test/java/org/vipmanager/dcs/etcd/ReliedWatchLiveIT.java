package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.InMemory;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A follower relies on the watch of a real etcd, and everything that can befall it then. Needs what
 * {@code build/fetch-servers etcd-3.5 etcd-3.4} unpacks.
 */
final class ReliedWatchLiveIT {

    private static final String KEY = "/service/db/leader";
    private static final Trigger TRIGGER = new Trigger(KEY, "pg1");
    private static final String NEW = "etcd-3.5";
    private static final String OLD = "etcd-3.4";

    /** On a busy machine a watch may be slow to answer; what follows is the same. */
    private static final Duration PATIENT = Duration.ofSeconds(20);

    @TempDir(factory = InMemory.class)
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void watchThatIsAlive_isReliedOn_andTellsWhoLeads(String tree) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder)) {
            etcd.gateway().put(KEY, "pg2");
            try (LiveSource source = follow(PATIENT, etcd.uri())) {
                source.awaitReliance();
                etcd.gateway().put(KEY, "pg3");
                assertThat(source.awaitValue("pg3").origin()).isEqualTo(Sighting.Origin.EVENT);

                source.awaitReliance();
                long lease = etcd.gateway().grant(Duration.ofSeconds(60));
                etcd.gateway().put(KEY, "pg1", lease);
                assertThat(source.awaitValue("pg1").leaseId()).isEqualTo(lease);
                await().until(() -> !source.proofs.isEmpty());
                source.awaitFreshRead();
            }
        }
    }

    @Test
    void compaction_disturbsNothing() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder)) {
            etcd.gateway().put(KEY, "pg2");
            try (LiveSource source = follow(PATIENT, etcd.uri())) {
                source.awaitReliance();
                for (int i = 0; i < 20; i++) {
                    etcd.gateway().compact(etcd.gateway().put("/other", "x" + i));
                }
                source.awaitReliance();
                etcd.gateway().put(KEY, "pg3");
                source.awaitValue("pg3");
                assertThat(source.failures).isEmpty();
            }
        }
    }

    @Test
    void etcdThatIsFrozen_isAFailure_untilItGoesOn() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder)) {
            etcd.gateway().put(KEY, "pg2");
            try (LiveSource source = follow(LiveSource.TIMEOUT, etcd.uri())) {
                source.awaitReliance();
                etcd.freeze();
                source.awaitFailure("no answer within 2000 ms");
                etcd.thaw();
                etcd.gateway().put(KEY, "pg1");
                source.awaitValue("pg1");
            }
        }
    }

    @Test
    void connectionWhosePacketsVanish_isAFailure_andLeft() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                TcpProxy network = new TcpProxy(etcd.uri())) {
            etcd.gateway().put(KEY, "pg2");
            try (LiveSource source = follow(LiveSource.TIMEOUT, network.uri())) {
                source.awaitReliance();
                network.swallow();
                etcd.gateway().put(KEY, "pg1");
                source.awaitFailure("no answer within 2000 ms");
                network.heal();
                assertThat(source.awaitValue("pg1").origin()).isEqualTo(Sighting.Origin.READ);
            }
        }
    }

    /** A member that knows no leader answers that the watch is alive, until it ends it. */
    @Test
    void memberWithoutItsCluster_isAFailure_untilThereIsAQuorum() throws Exception {
        List<EtcdProcess> members = EtcdProcess.startThree(NEW, folder);
        try {
            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> members.getFirst().gateway().put(KEY, "pg2") > 0);
            try (LiveSource source = follow(LiveSource.TIMEOUT, members.getFirst().uri())) {
                source.awaitReliance();
                members.get(1).freeze();
                members.get(2).freeze();
                source.awaitFailure("no leader");
                members.get(1).thaw();
                members.get(2).thaw();
                source.awaitFreshRead();
                await().ignoreExceptions()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> members.getFirst().gateway().put(KEY, "pg1") > 0);
                source.awaitValue("pg1");
            }
        } finally {
            members.forEach(EtcdProcess::close);
        }
    }

    @Test
    void etcdThatIsRestarted_isFollowedAgain_andReliedOn() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder)) {
            etcd.gateway().put(KEY, "pg2");
            try (LiveSource source = follow(PATIENT, etcd.uri())) {
                source.awaitReliance();
                etcd.kill();
                source.awaitFailure("refused");
                etcd.start();
                etcd.awaitReady();
                source.awaitFreshRead();
                source.awaitReliance();
                etcd.gateway().put(KEY, "pg1");
                source.awaitValue("pg1");
            }
        }
    }

    private static LiveSource follow(Duration timeout, URI endpoint) {
        EtcdPolicy policy =
                new EtcdPolicy(
                        List.of(endpoint),
                        LiveSource.INTERVAL,
                        timeout,
                        3,
                        Duration.ofMillis(100),
                        true);
        return LiveSource.follow(policy, EtcdAccess.ANONYMOUS, TRIGGER);
    }
}
