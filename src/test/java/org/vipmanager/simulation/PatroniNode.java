package org.vipmanager.simulation;

import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;

import java.util.Optional;

/**
 * A Patroni as far as it moves the leader key: it keeps one lease alive in each loop, on which its
 * member key lives as well, takes the key when nobody has it, and gives it back when it is told to.
 */
final class PatroniNode implements RestApi {

    private static final long LATE_BY_AT_MOST = 100_000_000;

    /**
     * How long a replica that has been told of failsafe mode leaves the key alone: Patroni's ttl.
     */
    private final long failsafeReach;

    private final World world;
    private final Host host;
    private final Dice dice;
    private long ttl;
    private final long loopWait;
    private boolean hung;
    private boolean isLate;
    private long lease;
    private long lastRefresh = Long.MIN_VALUE / 2;
    private boolean leads;
    private long failsafeUntil = Long.MIN_VALUE / 2;
    private long failsafeSince = Long.MAX_VALUE / 4;
    private long lastInFailsafe = Long.MIN_VALUE / 2;
    private long holdBackUntil;
    private long deniesSince;

    /** When it began to hang, or went on, last. */
    private long worksSince = Long.MIN_VALUE / 2;

    PatroniNode(World world, Host host, Dice dice) {
        this.world = world;
        this.host = host;
        this.dice = dice;
        loopWait = world.scenario().loopSeconds() * 1_000_000_000L;
        ttl = world.scenario().ttlSeconds() * 1_000_000_000L;
        failsafeReach = ttl;
    }

    void start(long firstLoopAfter) {
        world.agenda().after(firstLoopAfter, this::loop);
    }

    private boolean works() {
        return !hung && !host.standsStill();
    }

    private boolean reachesEtcd() {
        return !host.dcsLink().isCut() && world.etcd().decides();
    }

    private void loop() {
        world.agenda().after(loopWait, this::loop);
        if (!isLate) {
            cycle();
        }
    }

    /** What stood still when a loop was due does it late, rather than leaving it out. */
    private void cycle() {
        isLate = !works();
        if (isLate) {
            world.agenda().after(LATE_BY_AT_MOST, this::cycle);
        } else if (reachesEtcd()) {
            world.agenda().after(dice.between(200_000, 4_000_000), this::runCycle);
        } else if (leads) {
            endureLoss();
        }
    }

    private void runCycle() {
        if (!works() || !reachesEtcd()) {
            return;
        }
        refreshLease();
        failsafeUntil = Long.MIN_VALUE / 2;
        leads(isLeader());
        if (leads) {
            world.etcd().bump();
        }
        tryToLead();
    }

    private void refreshLease() {
        if (!world.etcd().keepAlive(lease)) {
            grantLease(world.scenario().ttlSeconds());
        }
        lastRefresh = world.agenda().now();
    }

    private void grantLease(int ttlSeconds) {
        lease = world.etcd().grant(ttlSeconds);
        ttl = ttlSeconds * 1_000_000_000L;
    }

    /** etcd is lost: go on if all the others agree, else give up when the retries are used up. */
    private void endureLoss() {
        boolean othersAgree =
                world.hosts().stream()
                        .allMatch(other -> other.patroni().works() && !other.dcsLink().isCut());
        if (world.scenario().failsafe() && othersAgree && !world.etcd().decides()) {
            failsafeSince = isInFailsafe() ? failsafeSince : world.agenda().now();
            failsafeUntil = world.agenda().now() + failsafeReach / 2;
            lastInFailsafe = failsafeUntil;
            long until = world.agenda().now() + failsafeReach;
            world.hosts().stream()
                    .map(Host::patroni)
                    .filter(other -> other != this)
                    .forEach(other -> other.holdBack(until));
            world.tally().note(Tally.Subject.HAPPENED, "Patroni in failsafe mode");
        } else {
            leads(world.agenda().now() < lastRefresh + loopWait);
        }
    }

    private void leads(boolean does) {
        if (leads && !does) {
            deniesSince = world.agenda().now();
        }
        leads = does;
    }

    /** Since when it has said without a pause that it does not lead, however long ago. */
    Optional<Long> deniesSince() {
        return leads || !works() ? Optional.empty() : Optional.of(deniesSince);
    }

    private boolean isLeader() {
        return world.etcd().leader().equals(Optional.of(host.name()));
    }

    private void holdBack(long until) {
        holdBackUntil = Math.max(holdBackUntil, until);
    }

    /** Replicas watch the leader key and race when it is gone. */
    void leaderKeyGone() {
        leads(false);
        double mostSeconds = dice.rolls(0.5) ? 0.02 : 1.5;
        world.agenda().after(dice.seconds(0.002, mostSeconds), this::race);
    }

    private void race() {
        if (works() && reachesEtcd()) {
            tryToLead();
        }
    }

    private void tryToLead() {
        if (world.etcd().leader().isPresent() || world.agenda().now() < holdBackUntil) {
            return;
        }
        boolean lapsed = world.etcd().store().lease(lease).isEmpty();
        if (lapsed || world.agenda().now() - lastRefresh >= loopWait) {
            refreshLease();
        }
        leads(world.etcd().create(host.name(), lease));
    }

    // What the REST API says.

    @Override
    public PatroniMember member() {
        return new PatroniMember(Optional.of("db"), Optional.of(host.name()), true);
    }

    @Override
    public int leaderStatus() {
        if (!works()) {
            return 0;
        }
        boolean lockLives = world.agenda().now() < lastRefresh + ttl;
        return leads && (isInFailsafe() || lockLives) ? 200 : 503;
    }

    /** It leads by its lease and does not know yet that etcd is lost, or leads without etcd. */
    @Override
    public PatroniAnswer.Failsafe failsafe() {
        if (isInFailsafe()) {
            return PatroniAnswer.Failsafe.ACTIVE;
        }
        boolean expected = world.scenario().failsafe() && leaderStatus() == 200;
        return expected ? PatroniAnswer.Failsafe.EXPECTED : PatroniAnswer.Failsafe.NONE;
    }

    /** Until when its word that it leads in failsafe mode may count. */
    long failsafeCountsUntil() {
        return lastInFailsafe + OverlapClass.FAILSAFE_COUNTS + OverlapClass.SECOND;
    }

    /** Since when it has said without a pause that it leads in failsafe mode. */
    long vouchesSince() {
        return isInFailsafe() && leaderStatus() == 200
                ? Math.max(failsafeSince, worksSince)
                : Long.MAX_VALUE / 4;
    }

    private boolean isInFailsafe() {
        return world.agenda().now() < failsafeUntil;
    }

    // How leadership is moved.

    void hang(boolean hang) {
        hung = hang;
        deniesSince = world.agenda().now();
        worksSince = world.agenda().now();
        world.story().tell(host.name(), "Patroni " + (hang ? "hangs" : "works again"));
    }

    /** Gives the key back; this node does not race for it for a while. The lease lives on. */
    void release(long holdBack) {
        leads(false);
        holdBack(world.agenda().now() + holdBack);
        if (isLeader()) {
            world.etcd().delete(LeadershipEnd.RELEASED);
        }
    }

    /** An operator writes this node into the key. */
    void writtenInByOperator() {
        refreshLease();
        leads(true);
        world.etcd().write(host.name(), lease);
    }

    /** The key is deleted and made again by the same node, with the same lease or another. */
    void recreate(long pause, boolean otherLease) {
        if (!isLeader()) {
            return;
        }
        world.etcd().delete(LeadershipEnd.RELEASED);
        world.agenda()
                .after(
                        pause,
                        () -> {
                            if (otherLease && !isLeader()) {
                                lease = 0;
                            }
                            if (reachesEtcd()) {
                                race();
                            }
                        });
    }

    /** The ttl was changed: a new lease, and the key is written again with it. */
    void changeLease(int ttlSeconds) {
        if (isLeader() && works()) {
            grantLease(ttlSeconds);
            lastRefresh = world.agenda().now();
            world.etcd().write(host.name(), lease);
        }
    }
}
