package org.vipmanager.simulation;

import java.util.Optional;

/** Judges whether a daemon that dropped the address had a reason to. */
final class NeedlessDrop {

    private final World world;
    private final Scenario scenario;
    private final Host host;
    private final long now;

    NeedlessDrop(World world, Host host) {
        this.world = world;
        this.scenario = world.scenario();
        this.host = host;
        now = world.agenda().now();
    }

    /** Empty when there was a reason. */
    Optional<String> why() {
        boolean leadsForLong =
                world.leadership().leads(host) && now - world.leadership().since() > settled();
        if (!leadsForLong
                || wasStopped()
                || world.etcd().restoredAt() > now - settled()
                || world.etcd().isLeaseShort()
                || world.etcd().lateRefreshAt() > now - settled()
                || hasALeaseOfUnknownTime()
                || host.foreignAllowedUntil() >= now
                || host.mayYield()
                || host.hasYielded()) {
            return Optional.empty();
        }
        long cutSince =
                host.impairments()
                        .troubledSince(Impairment.CUT_OFF, OverlapClass.recovery(scenario));
        if (cutSince == Long.MAX_VALUE) {
            return Optional.of("while it leads, runs and is connected");
        }
        boolean settledBefore =
                cutSince - world.leadership().writtenAt() > settled()
                        && cutSince - host.daemonUpSince() > settled();
        boolean endured = now - cutSince < mustEndure();
        return endured
                        && settledBefore
                        && !scenario.askPatroni()
                        && world.etcd().irregularRefreshAt() < cutSince - settled()
                        && world.etcd().hasUsualLease()
                ? Optional.of(
                        "while it leads and has been cut off for only "
                                + (now - cutSince) / 1_000_000
                                + " ms")
                : Optional.empty();
    }

    private long settled() {
        return 2 * OverlapClass.recovery(scenario);
    }

    /**
     * With reads more than two seconds apart a key that is written again has been read too long ago
     * for its new lease to be trusted before its time is known.
     */
    private boolean hasALeaseOfUnknownTime() {
        return scenario.provesLeases()
                && world.leadership().writtenAt() > now - settled()
                && scenario.rules().interval().toMillis() >= 2000;
    }

    private boolean wasStopped() {
        long from = now - OverlapClass.kernel(scenario) - settled();
        return host.impairments().during(Impairment.STALLED, from, now)
                || host.impairments().during(Impairment.STOOD_STILL, from, now)
                || host.impairments().during(Impairment.DEAD, from, now);
    }

    /** How long without etcd the address must be kept: a DCS that merely restarts costs nothing. */
    private long mustEndure() {
        if (!scenario.provesLeases()) {
            return OverlapClass.policyTrust(scenario)
                    - OverlapClass.local(scenario.rules().interval())
                    - 1_000_000_000L;
        }
        long ttl = scenario.ttlSeconds() * 1_000_000_000L;
        long alwaysLeft = Math.min(ttl * 2 / 3, ttl - scenario.loopSeconds() * 1_000_000_000L);
        // It is asked about once an interval: so much later than at two thirds.
        return alwaysLeft - 5_500_000_000L - OverlapClass.local(scenario.rules().interval());
    }
}
