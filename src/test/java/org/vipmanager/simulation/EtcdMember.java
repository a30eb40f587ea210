package org.vipmanager.simulation;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.EtcdFailure.Kind;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A member of the cluster as one that asks it sees it.
 *
 * <p>Reads are linearizable. LeaseTimeToLive is not: a member that was deposed and does not know it
 * yet answers from what it had, and one that is being deposed answers nonsense.
 */
final class EtcdMember {

    /** What is the matter with this member alone. */
    enum Condition {
        WELL,
        /** Requests wait until it goes on. */
        HUNG,
        /** The process is dead: connections are refused. */
        DOWN,
        /** Cut off from the others, and was the leader: it answers what needs no quorum. */
        DEPOSED,
        /** Reads wait, other questions are answered. */
        READS_STALL,
        /** It learns late of what the others have agreed on; reads wait for that and are right. */
        LAGGING
    }

    /** What a lease that a demoted lessor keeps "for ever" has left, in seconds (etcd 3.4). */
    private static final long NONSENSE_SECONDS = 9_223_372_036L;

    /** A server that has not caught up with a watch does not answer whether it is alive. */
    private static final double STAYS_UNANSWERED = 0.01;

    /** How long a member that leads no more may answer nonsense. */
    private static final long DEMOTION = 1_000_000_000L;

    private final int number;
    private final URI endpoint;
    private final EtcdCluster cluster;
    private final World world;
    private final Dice dice;
    private final List<SimulatedWatch> watches = new ArrayList<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private Condition condition = Condition.WELL;

    /** When it lost its leader last. */
    private long leaderlessSince;

    /** What it knew, and when, while it is deposed. */
    private EtcdStore stale;

    private long staleTerm;
    private long demotedAt = Long.MIN_VALUE / 2;

    EtcdMember(int number, EtcdCluster cluster, World world, Dice dice) {
        endpoint = URI.create("http://etcd-" + number + ":2379");
        this.number = number;
        this.cluster = cluster;
        this.world = world;
        this.dice = dice;
        stale = cluster.store();
    }

    URI endpoint() {
        return endpoint;
    }

    String name() {
        return "etcd-" + number;
    }

    void become(Condition next) {
        if (next == condition) {
            return;
        }
        world.story().tell(name(), "is " + next);
        if (next == Condition.DEPOSED) {
            stale = cluster.store().copy(cluster.store().clusterId());
            staleTerm = cluster.raftTerm();
            cluster.electAnother();
        }
        if (condition == Condition.DEPOSED) {
            demoted();
        }
        condition = next;
        if (next == Condition.DOWN) {
            breakConnections();
        }
        cluster.retryParked();
        tellWatches();
        if (next == Condition.DEPOSED) {
            leaderLost();
        }
    }

    /** It ends the watches after three election timeouts without a leader. */
    void leaderLost() {
        long since = world.agenda().now();
        leaderlessSince = since;
        world.agenda()
                .after(
                        dice.seconds(3, 6),
                        () -> {
                            if (isLeaderless() && leaderlessSince == since) {
                                List<SimulatedWatch> ended = List.copyOf(watches);
                                watches.clear();
                                ended.forEach(watch -> watch.endSoon(Kind.NO_LEADER));
                            }
                        });
    }

    /** It led the cluster, and has learned that another does. */
    void demoted() {
        demotedAt = world.agenda().now();
    }

    boolean isWell() {
        return condition == Condition.WELL;
    }

    private boolean isDown() {
        return condition == Condition.DOWN || cluster.condition() == EtcdCluster.Condition.DOWN;
    }

    private boolean isHung() {
        return condition == Condition.HUNG || cluster.condition() == EtcdCluster.Condition.HUNG;
    }

    private boolean isLeaderless() {
        return condition == Condition.DEPOSED
                || cluster.condition() == EtcdCluster.Condition.LEADERLESS;
    }

    void read(Consumer<EtcdConnection.Answer> answered, Consumer<Kind> failed) {
        if (isDown()) {
            failed.accept(Kind.UNREACHABLE);
        } else if (isHung() || condition == Condition.READS_STALL) {
            cluster.park(() -> read(answered, failed));
        } else if (isLeaderless()) {
            if (dice.rolls(0.4)) {
                failed.accept(Kind.NO_LEADER);
            } else {
                cluster.park(() -> read(answered, failed));
            }
        } else {
            EtcdStore store = cluster.store();
            answered.accept(
                    new EtcdConnection.Answer(
                            store.clusterId(),
                            store.revision(),
                            cluster.raftTerm(),
                            List.of(shown(store.leaderKey()))));
        }
    }

    void timeToLive(long leaseId, Consumer<LeaseProof.Answer> answered, Consumer<Kind> failed) {
        if (isDown()) {
            failed.accept(Kind.UNREACHABLE);
        } else if (isHung()) {
            cluster.park(() -> timeToLive(leaseId, answered, failed));
        } else if (isLeaderless()) {
            answerWithoutLeader(leaseId, answered, failed);
        } else if (world.agenda().now() - demotedAt < DEMOTION && dice.rolls(0.5)) {
            long term = dice.rolls(0.5) ? cluster.raftTerm() - 1 : cluster.raftTerm();
            answered.accept(nonsense(leaseId, term));
        } else {
            answered.accept(answer(cluster.store(), leaseId, cluster.raftTerm()));
        }
    }

    private void answerWithoutLeader(
            long leaseId, Consumer<LeaseProof.Answer> answered, Consumer<Kind> failed) {
        boolean deposed = condition == Condition.DEPOSED;
        long term = deposed ? staleTerm : cluster.raftTerm();
        switch (dice.below(4)) {
            case 0 -> failed.accept(Kind.NO_LEADER);
            case 1 -> cluster.park(() -> timeToLive(leaseId, answered, failed));
            case 2 -> answered.accept(nonsense(leaseId, term));
            default -> answered.accept(answer(deposed ? stale : cluster.store(), leaseId, term));
        }
    }

    private LeaseProof.Answer answer(EtcdStore store, long leaseId, long term) {
        Optional<EtcdStore.Lease> known = store.lease(leaseId);
        if (known.isEmpty()) {
            return new LeaseProof.Answer(leaseId, Duration.ofSeconds(-1), Duration.ZERO, term);
        }
        EtcdStore.Lease lease = known.get();
        long seconds = Math.floorDiv(cluster.remainingNanos(lease), 1_000_000_000L);
        return new LeaseProof.Answer(
                leaseId, Duration.ofSeconds(seconds), Duration.ofNanos(lease.grantedNanos()), term);
    }

    private LeaseProof.Answer nonsense(long leaseId, long term) {
        world.tally().note(Tally.Subject.HAPPENED, "nonsense time to live");
        return new LeaseProof.Answer(
                leaseId,
                Duration.ofSeconds(NONSENSE_SECONDS),
                Duration.ofSeconds(world.scenario().ttlSeconds()),
                term);
    }

    /** A key without a lease lives by one that nobody can see: how it ends is Patroni's affair. */
    private EtcdEntry shown(EtcdEntry entry) {
        return world.scenario().keys() == Scenario.Keys.PLAIN
                ? new EtcdEntry(entry.key(), entry.value(), entry.modRevision(), 0)
                : entry;
    }

    // Connections and watches.

    void connected(SimulatedConnection connection) {
        connections.add(connection);
    }

    void closed(SimulatedConnection connection) {
        connections.remove(connection);
    }

    /** The process ends: who was connected learns it, if the way there is open. */
    void breakConnections() {
        List<SimulatedConnection> broken = List.copyOf(connections);
        connections.clear();
        watches.clear();
        broken.forEach(SimulatedConnection::brokenByServer);
    }

    void add(SimulatedWatch watch) {
        if (isDown()) {
            return;
        }
        watches.add(watch);
        tellWatches();
    }

    void remove(SimulatedWatch watch) {
        watches.remove(watch);
    }

    /** One without a leader, or that lags, answers as well. */
    void answerWhetherAlive(SimulatedWatch watch) {
        if (isDown() || !watches.contains(watch)) {
            return;
        }
        if (isHung()) {
            cluster.park(() -> answerWhetherAlive(watch));
        } else if (!world.jitter().rolls(STAYS_UNANSWERED)) {
            watch.sendAlive();
        }
    }

    void tellWatches() {
        if (isDown() || isHung() || isLeaderless()) {
            return;
        }
        for (SimulatedWatch watch : List.copyOf(watches)) {
            if (condition == Condition.LAGGING) {
                world.agenda().after(dice.seconds(0.2, 4), () -> tell(watch));
            } else {
                tell(watch);
            }
        }
    }

    private void tell(SimulatedWatch watch) {
        if (isDown() || isHung() || isLeaderless()) {
            return;
        }
        EtcdStore store = cluster.store();
        List<EtcdEntry> news =
                store.history().stream()
                        .filter(entry -> entry.modRevision() >= watch.nextRevision())
                        .map(this::shown)
                        .toList();
        if (!news.isEmpty()) {
            watch.send(store.clusterId(), news);
        }
    }
}
