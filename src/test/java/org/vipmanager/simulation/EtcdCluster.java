package org.vipmanager.simulation;

import org.vipmanager.dcs.etcd.EtcdEntry;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An etcd: one store, some members, and what the cluster as a whole goes through.
 *
 * <p>Leases are ended by the leader, up to 0.6 s late and never early; a new leader extends all of
 * them.
 */
final class EtcdCluster {

    /** Whether the cluster can decide anything. */
    enum Condition {
        WELL,
        /** Every request waits: a disk stalls, or a lone member is frozen. */
        HUNG,
        /** No quorum, or an election is under way. */
        LEADERLESS,
        /** All members are down. */
        DOWN
    }

    /**
     * What a lease must have left for the address to be held: the kernel's 2 s, a second lost to
     * rounding twice, and the rates of the clocks.
     */
    private static final long LEAST_LEASE = 5_500_000_000L;

    private static final long LONGEST_INTERVAL = 5_500_000_000L;

    private final World world;
    private final Dice dice;
    private final List<EtcdMember> members;
    private final List<Runnable> parked = new ArrayList<>();
    private final long clockPartsPerMillion;
    private EtcdStore store = new EtcdStore(1, 100);
    private EtcdStore backup = store.copy(1);
    private Condition condition = Condition.WELL;
    private long raftTerm = 2;
    private long lastLeaseId;
    private long irregularRefreshAt = Long.MIN_VALUE / 2;
    private long lateRefreshAt = Long.MIN_VALUE / 2;
    private long restoredAt = Long.MIN_VALUE / 2;
    private long electedAt = Long.MIN_VALUE / 2;

    EtcdCluster(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
        clockPartsPerMillion = dice.between(-5000, 5000);
        members =
                IntStream.range(0, world.scenario().members())
                        .mapToObj(number -> new EtcdMember(number, this, world, dice.split()))
                        .toList();
    }

    EtcdStore store() {
        return store;
    }

    long raftTerm() {
        return raftTerm;
    }

    Condition condition() {
        return condition;
    }

    boolean decides() {
        return condition == Condition.WELL;
    }

    List<EtcdMember> members() {
        return members;
    }

    /** Whether there are other members than this one, and all of them are well. */
    boolean areWellBut(EtcdMember one) {
        return members.size() > 1
                && members.stream().allMatch(member -> member == one || member.isWell());
    }

    EtcdMember member(URI endpoint) {
        return members.stream()
                .filter(member -> member.endpoint().equals(endpoint))
                .findFirst()
                .orElseThrow();
    }

    /** When the store was last brought back from a backup. */
    long restoredAt() {
        return restoredAt;
    }

    Optional<String> leader() {
        return store.leaderKey().value();
    }

    /** Whether the leader's lease has too little left for the address to be put. */
    boolean isLeaseShort() {
        return world.scenario().provesLeases()
                && store.lease(store.leaderKey().leaseId())
                        .map(lease -> lease.end() - world.agenda().now() < LEAST_LEASE)
                        .orElse(true);
    }

    // What Patroni and operators do; only while the cluster decides.

    long grant(int ttlSeconds) {
        long id = ++lastLeaseId;
        long granted = ttlSeconds * 1_000_000_000L;
        store.putLease(new EtcdStore.Lease(id, granted, endFromNow(granted)));
        watchOver(id);
        return id;
    }

    boolean keepAlive(long id) {
        Optional<EtcdStore.Lease> lease = store.lease(id);
        lease.ifPresent(this::noteLateRefresh);
        lease.ifPresent(
                known ->
                        store.putLease(
                                new EtcdStore.Lease(
                                        id,
                                        known.grantedNanos(),
                                        endFromNow(known.grantedNanos()))));
        return lease.isPresent();
    }

    /** Whether the leader's lease is the one that is usual here. */
    boolean hasUsualLease() {
        long usual = world.scenario().ttlSeconds() * 1_000_000_000L;
        return store.lease(store.leaderKey().leaseId())
                .map(lease -> lease.grantedNanos() == usual)
                .orElse(false);
    }

    private void noteLateRefresh(EtcdStore.Lease lease) {
        boolean late = lease.end() - world.agenda().now() < LEAST_LEASE + LONGEST_INTERVAL;
        long usual = lease.grantedNanos() - world.scenario().loopSeconds() * 1_000_000_000L;
        boolean irregular = lease.end() - world.agenda().now() < usual - 1_000_000_000L;
        if (late && lease.id() == store.leaderKey().leaseId()) {
            lateRefreshAt = world.agenda().now();
        }
        if (irregular && lease.id() == store.leaderKey().leaseId()) {
            irregularRefreshAt = world.agenda().now();
        }
    }

    /** When the leader's lease was last refreshed later than Patroni does it in each loop. */
    long irregularRefreshAt() {
        return irregularRefreshAt;
    }

    /** When the leader's lease was last refreshed so late that a daemon may have given it up. */
    long lateRefreshAt() {
        return lateRefreshAt;
    }

    boolean create(String value, long leaseId) {
        if (leader().isPresent() || store.lease(leaseId).isEmpty()) {
            return false;
        }
        write(value, leaseId);
        return true;
    }

    void write(String value, long leaseId) {
        store.writeLeader(value, leaseId);
        world.story().tell("etcd", "leader key = " + value + " " + described(store.leaderKey()));
        changed(LeadershipEnd.REWRITTEN);
    }

    void delete(LeadershipEnd cause) {
        if (leader().isPresent()) {
            store.deleteLeader();
            world.story()
                    .tell(
                            "etcd",
                            "leader key deleted: " + cause + ", revision " + store.revision());
            changed(cause);
        }
    }

    void bump() {
        store.bump();
    }

    private void changed(LeadershipEnd cause) {
        world.leadership().changed(leader(), cause);
        members.forEach(EtcdMember::tellWatches);
    }

    // Leases.

    private long endFromNow(long granted) {
        return world.agenda().now() + granted * 1_000_000 / (1_000_000 + clockPartsPerMillion);
    }

    /** What etcd's own clock takes the time that is left for. */
    long remainingNanos(EtcdStore.Lease lease) {
        long left = lease.end() - world.agenda().now();
        return left + left * clockPartsPerMillion / 1_000_000;
    }

    private void watchOver(long id) {
        store.lease(id)
                .ifPresent(
                        lease -> {
                            EtcdStore watched = store;
                            world.agenda()
                                    .at(
                                            lease.end() + dice.seconds(0, 0.6),
                                            () -> endIfOver(watched, id));
                        });
    }

    private void endIfOver(EtcdStore watched, long id) {
        Optional<EtcdStore.Lease> lease = store.lease(id);
        if (watched != store || lease.isEmpty()) {
            return;
        }
        if (lease.get().end() > world.agenda().now()) {
            watchOver(id);
        } else if (!decides()) {
            parked.add(
                    () -> world.agenda().after(dice.seconds(0, 0.6), () -> endIfOver(watched, id)));
        } else {
            store.dropLease(id);
            world.story().tell("etcd", "lease " + id + " expired");
            if (leader().isPresent() && store.leaderKey().leaseId() == id) {
                delete(LeadershipEnd.EXPIRED);
            }
        }
    }

    /** A new leader gives every lease its full time and an election timeout more. */
    private void extendLeases() {
        for (EtcdStore.Lease lease : store.leases()) {
            noteLateRefresh(lease);
            long end = endFromNow(lease.grantedNanos()) + dice.seconds(0, 1);
            store.putLease(new EtcdStore.Lease(lease.id(), lease.grantedNanos(), end));
            watchOver(lease.id());
        }
    }

    // What happens to the cluster.

    /** Makes a request wait until something changes. */
    void park(Runnable request) {
        parked.add(request);
    }

    void retryParked() {
        List<Runnable> waiting = List.copyOf(parked);
        parked.clear();
        for (Runnable request : waiting) {
            world.agenda().after(dice.seconds(0, 0.02), request);
        }
    }

    void become(Condition next) {
        if (next == condition) {
            return;
        }
        world.story().tell("etcd", "cluster is " + next);
        Condition before = condition;
        condition = next;
        if (next == Condition.DOWN) {
            members.forEach(EtcdMember::breakConnections);
        }
        if (next == Condition.WELL && before != Condition.HUNG) {
            elected();
        }
        retryParked();
        members.forEach(EtcdMember::tellWatches);
        if (next == Condition.LEADERLESS) {
            members.forEach(EtcdMember::leaderLost);
        }
    }

    /** When a member was deposed last, which answers nonsense about leases for a moment. */
    long electedAt() {
        return electedAt;
    }

    private void elected() {
        electedAt = world.agenda().now();
        raftTerm++;
        dice.oneOf(members).demoted();
        extendLeases();
        world.story().tell("etcd", "leader elected, term " + raftTerm + ", leases extended");
    }

    /** Leadership of the cluster passes on without a pause that anybody would notice. */
    void electAnother() {
        if (decides()) {
            elected();
        }
    }

    void backUp() {
        backup = store.copy(store.clusterId());
    }

    /** All members restart with what the backup has. */
    void restore(boolean asNewCluster) {
        world.story()
                .tell(
                        "etcd",
                        "restored from a backup of revision "
                                + backup.revision()
                                + (asNewCluster ? ", as a new cluster" : ""));
        store = backup.copy(asNewCluster ? backup.clusterId() + 1 : backup.clusterId());
        restoredAt = world.agenda().now();
        lastLeaseId += 1000;
        members.forEach(EtcdMember::breakConnections);
        elected();
        changed(LeadershipEnd.RESTORED);
    }

    private static String described(EtcdEntry entry) {
        return "(revision " + entry.modRevision() + ", lease " + entry.leaseId() + ")";
    }
}
