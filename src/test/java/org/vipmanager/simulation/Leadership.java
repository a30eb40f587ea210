package org.vipmanager.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who leads by the store's own word, since when, and how those before have ended. */
final class Leadership {

    /**
     * How a host's last time as leader ended.
     *
     * @param writtenAt when its leader key had been written
     */
    record Ended(long at, LeadershipEnd cause, long writtenAt) {
        @Override
        public String toString() {
            return cause + " at " + at / 1_000_000 / 1e3 + " s";
        }
    }

    private final World world;
    private final Map<String, Ended> ended = new HashMap<>();
    private Optional<String> leader = Optional.empty();
    private long since;
    private long writtenAt;

    Leadership(World world) {
        this.world = world;
    }

    Optional<String> leader() {
        return leader;
    }

    boolean leads(Host host) {
        return leader.isPresent() && leader.get().equals(host.name());
    }

    /** When leadership last passed from one to another, or to nobody. */
    long since() {
        return since;
    }

    Optional<Ended> lastEnd(Host host) {
        return Optional.ofNullable(ended.get(host.name()));
    }

    /** When the leader key was last written, by the same host perhaps. */
    long writtenAt() {
        return writtenAt;
    }

    void changed(Optional<String> next, LeadershipEnd cause) {
        long now = world.agenda().now();
        long writtenBefore = writtenAt;
        writtenAt = now;
        if (next.equals(leader)) {
            return;
        }
        leader.ifPresent(
                before -> {
                    ended.put(before, new Ended(now, cause, writtenBefore));
                    world.tally().note(Tally.Subject.LEADERSHIP, cause);
                });
        leader = next;
        since = now;
        world.referee().holdersOrLeaderChanged();
        world.hosts().stream().filter(this::leads).forEach(world.referee().promptness()::leads);
        if (next.isEmpty()) {
            world.hosts().forEach(host -> host.patroni().leaderKeyGone());
        }
    }
}
