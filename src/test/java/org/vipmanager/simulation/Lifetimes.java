package org.vipmanager.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Judges whether a daemon that nothing keeps from it sees to it that the address ends by itself in
 * time, whoever put it, and that what had ended does not stay when it was created again.
 */
final class Lifetimes {

    /** The kernel tells at once, and one put or removal is enough. */
    private static final long WITHIN = 300_000_000L;

    private static final List<Impairment> TROUBLES =
            List.of(
                    Impairment.STALLED,
                    Impairment.FROZEN,
                    Impairment.PUTS_FAIL,
                    Impairment.UNREMOVABLE,
                    Impairment.LINK_DOWN,
                    Impairment.STOOD_STILL);

    private final World world;
    private final Referee referee;

    Lifetimes(World world, Referee referee) {
        this.world = world;
        this.referee = referee;
    }

    /** Others have just put the address there, or a daemon has just begun to look. */
    void judge(Host host) {
        long since = world.agenda().now();
        world.agenda().at(since + WITHIN, () -> judge(host, since));
    }

    private void judge(Host host, long since) {
        Duration most = world.scenario().rules().addressLifetime();
        Optional<Duration> left = host.kernel().lifetime();
        boolean tooLong = left.map(given -> given.compareTo(most) > 0).orElse(true);
        if (host.kernel().isPresent() && tooLong && isWell(host, since)) {
            referee.outlasts(
                    host + " leaves the address as long as others please: " + left.orElse(null));
        }
    }

    private boolean isWell(Host host, long since) {
        long from = since - 2 * OverlapClass.recovery(world.scenario());
        long now = world.agenda().now();
        return host.daemon().isPresent()
                && host.daemonUpSince() <= since
                && !host.isUnconfirmedSinceWaking()
                && host.foreignSince() <= since
                && TROUBLES.stream().noneMatch(kind -> host.impairments().during(kind, from, now))
                && !host.impairments().during(Impairment.DEAD, since + 1, now);
    }

    /**
     * What had ended unnoticed was put as if it were there. Before the lease's end its connections
     * may be ended first.
     */
    void createdAgain(Host host) {
        long farewell = world.scenario().rules().margins().connectionReset().toNanos();
        long since = world.agenda().now();
        int removals = host.kernel().removals();
        world.agenda()
                .at(
                        since + farewell + OverlapClass.TWO_SYSTEM_CALLS,
                        () -> {
                            boolean kept = host.kernel().removals() == removals;
                            if (kept && !host.kernel().isOfOthers() && isAble(host, since)) {
                                referee.outlasts(host + " keeps what it created after its end");
                            }
                        });
    }

    private boolean isAble(Host host, long since) {
        long now = world.agenda().now();
        return Impairment.UNABLE.stream()
                .noneMatch(kind -> host.impairments().during(kind, since + 1, now));
    }
}
