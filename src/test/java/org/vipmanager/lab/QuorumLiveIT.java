package org.vipmanager.lab;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/** Three etcd members, of which some fail. */
@Execution(ExecutionMode.CONCURRENT)
final class QuorumLiveIT {

    /** Longer than the quorum is lost, however long its members take to come back. */
    private static final Duration LONG_TTL = Duration.ofMinutes(1);

    private static final Duration SHORT_TTL = Duration.ofSeconds(10);

    /** An endpoint that does not answer may have to be found out first. */
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(10);

    /**
     * Two of three members die and come back after eight seconds, while a lease of a minute keeps
     * the leader key. The address stays where it is.
     */
    @Test
    void quorumLost_withinTheLease() throws InterruptedException {
        try (Lab lab = openWithLeader("quorum lost", LONG_TTL)) {
            long at = System.nanoTime();
            lab.etcdServers().get(1).kill();
            lab.etcdServers().get(2).kill();
            Thread.sleep(Duration.ofSeconds(8));
            lab.etcdServers().get(1).start();
            lab.etcdServers().get(2).start();
            lab.etcdServers().getFirst().awaitReady();
            Thread.sleep(Duration.ofSeconds(3));
            lab.holders().assertKept(lab.host(1), "quorum lost for 8 s, lease 60 s", at);
        }
    }

    /**
     * Two of three members die for longer than the lease. The address is released before the lease
     * could have ended, and is back soon after the quorum is.
     */
    @Test
    void quorumLost_beyondTheLease() throws InterruptedException {
        try (Lab lab = openWithLeader("quorum lost beyond", SHORT_TTL)) {
            lab.mayOverlap(Duration.ZERO);
            List<EtcdServer> members = lab.etcdServers();
            new Outage("quorum lost, lease 10 s", members.get(1), members.get(2))
                    .beyond(SHORT_TTL, lab);
            lab.holders().assertNeverTwo();
        }
    }

    /**
     * The member that leads the other members dies. The address stays where it is, and the next
     * change of the leader key is followed.
     */
    @Test
    void raftLeaderLost() throws InterruptedException {
        try (Lab lab = openWithLeader("raft leader lost", LONG_TTL)) {
            long at = System.nanoTime();
            lab.etcdServers().stream()
                    .filter(EtcdServer::isRaftLeader)
                    .findFirst()
                    .orElseThrow()
                    .kill();
            Thread.sleep(Duration.ofSeconds(8));
            lab.holders().assertKept(lab.host(1), "etcd's leader lost", at);
            assertFollows(lab, "etcd's leader lost");
        }
    }

    /**
     * Every member is restarted, one after another, as in an upgrade. The address stays where it
     * is, and the next change of the leader key is followed.
     */
    @Test
    void rollingRestart() throws InterruptedException {
        try (Lab lab = openWithLeader("rolling restart", LONG_TTL)) {
            long at = System.nanoTime();
            for (EtcdServer member : lab.etcdServers()) {
                member.kill();
                Thread.sleep(Duration.ofSeconds(1));
                member.start();
                member.awaitReady();
                Thread.sleep(Duration.ofSeconds(2));
            }
            lab.holders().assertKept(lab.host(1), "rolling restart of etcd", at);
            assertFollows(lab, "rolling restart of etcd");
        }
    }

    /**
     * The endpoint that the daemons use dies: refusing connections, or silent. They turn to another
     * one, the address stays where it is, and the next change of the leader key is followed.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endpointInUseDies(boolean silent) throws InterruptedException {
        String scenario = "endpoint in use " + (silent ? "silent" : "killed");
        try (Lab lab = openWithLeader(scenario, LONG_TTL)) {
            long at = System.nanoTime();
            EtcdServer first = lab.etcdServers().getFirst();
            if (silent) {
                lab.cutDcs(first.host(), Cut.SILENCE);
            } else {
                first.kill();
            }
            Thread.sleep(Duration.ofSeconds(10));
            lab.holders().assertKept(lab.host(1), scenario, at);
            assertFollows(lab, scenario);
        }
    }

    /**
     * A follower is cut off while its host becomes the leader and etcd forgets all earlier
     * revisions. Once it is healed it reads afresh, as the watch cannot go on, and takes the
     * address.
     */
    @Test
    void compaction_whileAFollowerIsCutOff() throws InterruptedException {
        try (Lab lab = Lab.open("compaction").withLeader()) {
            lab.cutDcs(lab.host(2), Cut.SILENCE);
            Thread.sleep(Duration.ofSeconds(4));
            lab.leaderKey().nameAndCompact(lab.host(2));
            Thread.sleep(Duration.ofSeconds(1));
            long healed = System.nanoTime();
            lab.healDcs(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.START);
            Results.add(
                    "compaction while a follower is cut off",
                    "address %s after the healing"
                            .formatted(lab.holders().untilHeld(lab.host(2), healed)));
            lab.holders().assertNeverTwo();
        }
    }

    private static Lab openWithLeader(String scenario, Duration ttl) throws InterruptedException {
        return Lab.open(scenario, 2, 3, Lab.VIP).withLeasedLeader(ttl);
    }

    private static void assertFollows(Lab lab, String scenario) {
        Namespace operator = lab.etcdServers().getLast().host().namespace();
        long written = lab.leaderKey(operator).name(lab.host(2));
        lab.holders().awaitServing(lab.host(2), AFTER_TROUBLE);
        Results.add(
                scenario + ", then a key change",
                "address after " + lab.holders().untilHeld(lab.host(2), written));
    }
}
