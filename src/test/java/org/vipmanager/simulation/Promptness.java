package org.vipmanager.simulation;

import org.vipmanager.core.Rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges whether a host that nothing is the matter with holds as soon as it leads, and tells the
 * network as soon as it holds.
 */
final class Promptness {

    /** The event, then the questions for the lease's time and for the key, and their answers. */
    private static final long TAKES_OVER_WITHIN = 3 * OverlapClass.EVENT;

    private static final long ANNOUNCES_WITHIN = 400_000_000L;

    /** A second at most, by a clock that may be slow, and a few turns of the loop. */
    private static final long TRIES_AGAIN_WITHIN = 1_100_000_000L;

    private static final List<Impairment> TROUBLES =
            List.of(
                    Impairment.STALLED,
                    Impairment.STOOD_STILL,
                    Impairment.DEAD,
                    Impairment.UNREMOVABLE,
                    Impairment.LINK_DOWN,
                    Impairment.CUT_OFF,
                    Impairment.WATCH_SILENT,
                    Impairment.MEMBER_ILL);

    private final World world;
    private final Referee referee;
    private final Map<Host, Long> heldAt = new HashMap<>();
    private final Map<Host, Long> announcedAt = new HashMap<>();
    private final Map<Host, Long> refusedAt = new HashMap<>();

    Promptness(World world, Referee referee) {
        this.world = world;
        this.referee = referee;
    }

    void leads(Host host) {
        long since = world.agenda().now();
        long until = since + TAKES_OVER_WITHIN;
        world.agenda()
                .at(
                        until,
                        () -> {
                            boolean held = host.holds() || isAfter(heldAt, host, since);
                            if (!held && stillLeads(host, since) && isWell(host, since)) {
                                referee.notPrompt(host + " leads and does not hold");
                            }
                        });
    }

    /** Also one that was taken away and is back before anybody has noticed. */
    void holds(Host host) {
        long since = world.agenda().now();
        heldAt.put(host, since);
        world.agenda()
                .at(
                        since + ANNOUNCES_WITHIN,
                        () -> {
                            boolean holdsStill = host.holds() && heldAt.get(host) == since;
                            boolean told = isAfter(announcedAt, host, since);
                            boolean mute =
                                    host.impairments()
                                            .during(Impairment.MUTE, since, world.agenda().now());
                            if (!told && holdsStill && !mute && isWell(host, since)) {
                                referee.notPrompt(host + " holds and does not announce it");
                            }
                        });
    }

    /** When the address came there last. */
    long heldSince(Host host) {
        return heldAt.getOrDefault(host, Long.MAX_VALUE / 4);
    }

    /**
     * The kernel sends again: what it has refused is sent soon, also where the address has been
     * there for long.
     */
    void sendsAgain(Host host) {
        long since = world.agenda().now();
        long heldSince = heldSince(host);
        boolean isOwed =
                host.holds()
                        && refusedAt.containsKey(host)
                        && !isAfter(announcedAt, host, refusedAt.get(host));
        world.agenda()
                .at(
                        since + TRIES_AGAIN_WITHIN,
                        () -> {
                            boolean holdsStill = host.holds() && heldSince(host) == heldSince;
                            boolean told = isAfter(announcedAt, host, since);
                            boolean mute =
                                    host.impairments()
                                            .during(
                                                    Impairment.MUTE,
                                                    since + 1,
                                                    world.agenda().now());
                            if (isOwed && !told && holdsStill && !mute && isWell(host, since)) {
                                referee.notPrompt(
                                        host + " does not announce what it could not before");
                            }
                        });
    }

    /**
     * The clients' network is back: who has kept the address tells it again no later after that
     * than it has had it, or than the refresh.
     */
    void heardAgain(Host host) {
        long since = world.agenda().now();
        long heldSince = heldSince(host);
        if (!host.holds() || heldSince > since) {
            return;
        }
        Rules rules = world.scenario().rules();
        long pause = Math.min(since - heldSince, rules.announceRefresh().toNanos());
        long until = since + OverlapClass.local(pause) + TRIES_AGAIN_WITHIN;
        world.agenda()
                .at(
                        until,
                        () -> {
                            boolean holdsStill = host.holds() && heldSince(host) == heldSince;
                            boolean told = isAfter(announcedAt, host, since);
                            boolean mute = host.impairments().during(Impairment.MUTE, since, until);
                            if (!told && holdsStill && !mute && isWell(host, heldSince)) {
                                referee.notPrompt(
                                        host + " does not announce it to clients that are back");
                            }
                        });
    }

    void refused(Host host) {
        refusedAt.put(host, world.agenda().now());
    }

    void announced(Host host) {
        announcedAt.put(host, world.agenda().now());
    }

    private static boolean isAfter(Map<Host, Long> times, Host host, long time) {
        return times.getOrDefault(host, Long.MIN_VALUE) >= time;
    }

    private boolean stillLeads(Host host, long since) {
        return world.leadership().leads(host)
                && world.leadership().since() == since
                && !world.etcd().isLeaseShort();
    }

    private boolean isWell(Host host, long time) {
        long from = time - 2 * OverlapClass.recovery(world.scenario());
        return world.leadership().leads(host)
                && world.etcd().restoredAt() < from
                && world.etcd().electedAt() < from
                && TROUBLES.stream()
                        .noneMatch(
                                kind ->
                                        host.impairments()
                                                .during(kind, from, world.agenda().now()));
    }
}
