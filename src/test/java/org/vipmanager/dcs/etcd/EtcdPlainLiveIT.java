package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.FreePorts;
import org.vipmanager.dcs.InMemory;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The source against a real etcd 3.5 and 3.4 on the loopback interface, without TLS and login.
 * Needs what {@code build/fetch-servers etcd-3.5 etcd-3.4} unpacks.
 */
final class EtcdPlainLiveIT {

    private static final String KEY = "/service/db/leader";
    private static final Trigger TRIGGER = new Trigger(KEY, "pg1");
    private static final String NEW = "etcd-3.5";
    private static final String OLD = "etcd-3.4";

    @TempDir(factory = InMemory.class)
    Path folder;

    /** Reads are so rare that none tells anything. */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void watch_tellsEveryChange(String tree) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder);
                LiveSource source = followWithRareReads(etcd)) {
            EtcdGateway gateway = etcd.gateway();
            source.awaitAbsent();
            Thread.sleep(50); // let the watch be created
            List<Double> delays = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String value = "pg" + i;
                gateway.put(KEY, value);
                Moment written = LiveSource.now();
                source.awaitValue(value);
                Sighting seen = source.first(value);
                assertThat(seen.origin()).isEqualTo(Sighting.Origin.EVENT);
                delays.add(written.until(seen.receivedAt()).toNanos() / 1e6);
            }
            double first = delays.getFirst();
            Collections.sort(delays);
            System.out.printf(
                    Locale.ROOT,
                    "%s: watch latency after the write had returned: first %.2f ms,"
                            + " median %.2f ms, worst %.2f ms%n",
                    tree,
                    first,
                    delays.get(15),
                    delays.getLast());
        }
    }

    private static LiveSource followWithRareReads(EtcdProcess etcd) {
        EtcdPolicy policy =
                new EtcdPolicy(
                        List.of(etcd.uri()),
                        Duration.ofMinutes(5),
                        LiveSource.TIMEOUT,
                        3,
                        Duration.ofMillis(100),
                        true);
        return LiveSource.follow(policy, EtcdAccess.ANONYMOUS, TRIGGER);
    }

    /**
     * Patroni writes the leader key once, under a lease, and then only refreshes the lease. Then
     * the host dies. While it lives the proofs go on; none of them reaches beyond the end of the
     * key.
     */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void lease_isProvedWhileItIsKeptAliveAndNeverBeyondItsEnd(String tree) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder);
                LiveSource source = LiveSource.follow(etcd, TRIGGER)) {
            EtcdGateway patroni = etcd.gateway();
            source.awaitAbsent();
            long lease = patroni.grant(Duration.ofSeconds(4));
            patroni.put(KEY, "pg1", lease);
            source.awaitValue("pg1");
            await().until(() -> !source.proofs.isEmpty());
            for (int i = 0; i < 6; i++) {
                Thread.sleep(1000);
                patroni.keepAlive(lease);
            }
            Moment lastKept = LiveSource.now();
            LeaseProof newest = source.proofs.getLast();
            assertThat(newest.leaseId()).isEqualTo(lease);
            assertThat(lastKept.until(newest.end())).isPositive();

            Sighting gone = source.awaitAbsent();
            Moment end =
                    source.proofs.stream()
                            .map(LeaseProof::end)
                            .reduce(Moment.LONG_AGO, Moment::later);
            System.out.printf(
                    Locale.ROOT,
                    "%s: the proofs ended %d ms before the key went%n",
                    tree,
                    end.until(gone.receivedAt()).toMillis());
            assertThat(end.isBefore(gone.receivedAt())).isTrue();
        }
    }

    @Test
    void key_isFollowedThroughDeletionAndCreation() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                LiveSource source = LiveSource.follow(etcd, TRIGGER)) {
            EtcdGateway gateway = etcd.gateway();
            source.awaitAbsent();
            for (int i = 0; i < 5; i++) {
                gateway.put(KEY, "pg" + i);
                source.awaitValue("pg" + i);
                long deleted = gateway.delete(KEY);
                Sighting absent = source.awaitAbsent();
                assertThat(absent.revision().number()).isGreaterThanOrEqualTo(deleted);
            }
            assertThat(source.failures).isEmpty();
        }
    }

    @Test
    void manyKeys_areReadAndWatchedTogether() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder)) {
            Trigger[] triggers =
                    IntStream.range(0, 1000)
                            .mapToObj(i -> new Trigger("/service/" + i + "/leader", "pg1"))
                            .toArray(Trigger[]::new);
            EtcdGateway gateway = etcd.gateway();
            gateway.put("/service/999/leader", "pg1");
            try (LiveSource source = LiveSource.follow(etcd, triggers)) {
                await().until(() -> source.sightings.size() >= 1000);
                gateway.put("/service/0/leader", "first");
                gateway.put("/service/998/leader", "last");
                source.awaitSeen("/service/0/leader", "first");
                source.awaitSeen("/service/998/leader", "last");
                source.awaitSeen("/service/999/leader", "pg1");
                assertThat(source.failures).isEmpty();
            }
        }
    }

    @Test
    void compaction_whileWatching_disturbsNothing() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                LiveSource source = LiveSource.follow(etcd, TRIGGER)) {
            EtcdGateway gateway = etcd.gateway();
            source.awaitAbsent();
            for (int i = 0; i < 20; i++) {
                gateway.compact(gateway.put("/other", "x" + i));
            }
            gateway.put(KEY, "pg2");
            source.awaitValue("pg2");
            assertThat(source.failures).isEmpty();
        }
    }

    @Test
    void compaction_whileCutOff_isReadOver() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                TcpProxy network = new TcpProxy(etcd.uri());
                LiveSource source =
                        LiveSource.follow(List.of(network.uri()), EtcdAccess.ANONYMOUS, TRIGGER)) {
            EtcdGateway gateway = etcd.gateway();
            source.awaitAbsent();
            network.cut();
            source.awaitFailure("connection");
            for (int i = 0; i < 20; i++) {
                gateway.put(KEY, "pg" + i);
            }
            gateway.compact(gateway.put("/other", "x"));
            network.heal();
            source.awaitValue("pg19");
            gateway.put(KEY, "pg20");
            source.awaitValue("pg20");
        }
    }

    @Test
    void watchOfACompactedRevision_saysSo() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                LiveConnection connection = new LiveConnection(etcd.uri())) {
            EtcdGateway gateway = etcd.gateway();
            gateway.put(KEY, "pg1");
            gateway.put(KEY, "pg2");
            gateway.compact(gateway.put(KEY, "pg3"));

            assertThat(connection.watchUntilItEnds(KEY, 2).kind())
                    .isEqualTo(EtcdFailure.Kind.COMPACTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void killedAndRestartedEtcd_isFollowedAgainSoon(String tree) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder);
                LiveSource source = LiveSource.follow(etcd, TRIGGER)) {
            etcd.gateway().put(KEY, "pg1");
            source.awaitValue("pg1");
            etcd.kill();
            assertThat(source.awaitFailure("refused")).contains(etcd.uri().toString());
            Thread.sleep(2000);
            etcd.start();
            etcd.awaitReady();
            Moment ready = LiveSource.now();
            Sighting seen = source.awaitFreshRead();
            System.out.printf(
                    "%s: first read %d ms after the restarted etcd was ready%n",
                    tree, ready.until(seen.receivedAt()).toMillis());
            etcd.gateway().put(KEY, "pg2");
            source.awaitValue("pg2");
        }
    }

    @Test
    void etcdThatStartsLate_isFound() throws Exception {
        EtcdProcess etcd = new EtcdProcess(NEW, folder, "one");
        try (etcd;
                LiveSource source = LiveSource.follow(etcd, TRIGGER)) {
            source.awaitFailure("connection refused; is etcd running there");
            Thread.sleep(3000);
            etcd.start();
            etcd.awaitReady();
            etcd.gateway().put(KEY, "pg1");
            source.awaitValue("pg1");
        }
    }

    @Test
    void silentNetwork_isNoticedByTheDeadlineAndHealed() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                TcpProxy network = new TcpProxy(etcd.uri());
                LiveSource source =
                        LiveSource.follow(List.of(network.uri()), EtcdAccess.ANONYMOUS, TRIGGER)) {
            source.awaitAbsent();
            network.swallow();
            source.awaitFailure("no answer within 2000 ms");
            etcd.gateway().put(KEY, "pg2");
            network.heal();
            source.awaitValue("pg2");
        }
    }

    /** One behind nothing, one that accepts and never answers, one that cannot be resolved. */
    @Test
    void badEndpoints_areSteppedOver() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            List<URI> endpoints =
                    List.of(
                            URI.create("http://127.0.0.1:" + FreePorts.next()),
                            URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                            URI.create("http://no-such-host.invalid:2379"),
                            URI.create("http://localhost:" + etcd.port()));
            Moment begun = LiveSource.now();
            try (LiveSource source = LiveSource.follow(endpoints, EtcdAccess.ANONYMOUS, TRIGGER)) {
                Sighting seen = source.awaitAbsent();
                System.out.printf(
                        "three bad endpoints were stepped over in %d ms%n",
                        begun.until(seen.receivedAt()).toMillis());
                assertThat(source.failures).hasSize(3);
                assertThat(source.failures.get(0)).contains("connection refused");
                assertThat(source.failures.get(1)).contains("no answer within 2000 ms");
                assertThat(source.failures.get(2)).contains("cannot be resolved");
            }
        }
    }

    @Test
    void frozenMember_isLeftForAnother() throws Exception {
        try (Cluster cluster = new Cluster(folder)) {
            List<EtcdProcess> members = cluster.members;
            LiveSource source = cluster.source;
            source.awaitAbsent();
            Moment frozen = LiveSource.now();
            members.getFirst().freeze();
            source.awaitFailure("no answer within 2000 ms");
            Sighting seen = source.awaitFreshRead();
            System.out.printf(
                    "frozen member: first answer of another after %d ms%n",
                    frozen.until(seen.receivedAt()).toMillis());
            await().ignoreExceptions().until(() -> members.get(1).gateway().put(KEY, "pg2") > 0);
            source.awaitValue("pg2");
        }
    }

    @Test
    void lostQuorum_isAFailureUntilItIsBack() throws Exception {
        try (Cluster cluster = new Cluster(folder)) {
            List<EtcdProcess> members = cluster.members;
            LiveSource source = cluster.source;
            source.awaitAbsent();
            members.get(1).kill();
            members.get(2).kill();
            source.awaitFailure("no leader");
            int before = source.sightings.size();
            Thread.sleep(2000);
            assertThat(source.sightings).as("nobody can say anything").hasSize(before);

            members.get(1).start();
            source.awaitFreshRead();
            members.get(0).gateway().put(KEY, "pg2");
            source.awaitValue("pg2");
        }
    }

    /** Every member is restarted in turn, as for an upgrade: there are answers all the time. */
    @Test
    void rollingRestart_isFollowedThrough() throws Exception {
        try (Cluster cluster = new Cluster(folder)) {
            List<EtcdProcess> members = cluster.members;
            LiveSource source = cluster.source;
            source.awaitAbsent();
            int before = source.sightings.size();
            for (EtcdProcess member : members) {
                member.kill();
                source.awaitFreshRead();
                member.start();
                member.awaitReady();
                Thread.sleep(2000); // let it join
            }
            List<Sighting> reads = source.sightings.subList(before, source.sightings.size());
            long longest = 0;
            for (int i = 1; i < reads.size(); i++) {
                Moment last = reads.get(i - 1).receivedAt();
                longest = Math.max(longest, last.until(reads.get(i).receivedAt()).toMillis());
            }
            System.out.printf(
                    "rolling restart: %d reads, longest pause between two %d ms%n",
                    reads.size(), longest);
            assertThat(longest).isLessThan(15_000);
        }
    }

    @Test
    void restart_readsAndWatchesAnew() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                LiveSource source = LiveSource.follow(etcd, TRIGGER)) {
            source.awaitAbsent();
            source.restart();
            source.awaitFreshRead();
            etcd.gateway().put(KEY, "pg2");
            source.awaitValue("pg2");
            assertThat(source.failures).isEmpty();
        }
    }

    /** Three members, and a source that follows the key. */
    private static final class Cluster implements AutoCloseable {

        private final List<EtcdProcess> members;
        private final LiveSource source;

        Cluster(Path folder) {
            members = EtcdProcess.startThree(NEW, folder);
            List<URI> endpoints = members.stream().map(EtcdProcess::uri).toList();
            source = LiveSource.follow(endpoints, EtcdAccess.ANONYMOUS, TRIGGER);
        }

        @Override
        public void close() throws InterruptedException {
            try {
                source.close();
            } finally {
                members.forEach(EtcdProcess::close);
            }
        }
    }
}
