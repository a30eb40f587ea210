package org.vipmanager.netlink;

import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hardware addresses of this host: whoever hears a frame from one of them hears himself.
 *
 * <p>Current and permanent ones of all interfaces, of slaves of a bond and ports of a bridge, and
 * any that was held in the last five minutes: a frame can go round a loop for long. Used on the
 * loop.
 */
final class HostStations {

    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final Map<Integer, Set<String>> byLink = new HashMap<>();
    private final Map<String, Integer> bearers = new HashMap<>();
    private final Map<String, Moment> left = new HashMap<>();

    boolean contains(String station, Moment now) {
        if (bearers.containsKey(station)) {
            return true;
        }
        Moment leftAt = left.get(station);
        return leftAt != null && !leftAt.plus(REMEMBERED).isBefore(now);
    }

    /** Only these interfaces are there any more. */
    void retain(Set<Integer> indexes, Moment now) {
        for (int index : List.copyOf(byLink.keySet())) {
            if (!indexes.contains(index)) {
                update(index, Set.of(), now);
            }
        }
    }

    /** The addresses that an interface has from now on; none when it is gone. */
    void update(int index, Set<String> stations, Moment now) {
        Set<String> before = byLink.getOrDefault(index, Set.of());
        if (before.equals(stations)) {
            return;
        }
        stations.forEach(station -> bearers.merge(station, 1, Integer::sum));
        for (String station : before) {
            bearers.computeIfPresent(station, (any, count) -> count == 1 ? null : count - 1);
            left.put(station, now);
        }
        if (stations.isEmpty()) {
            byLink.remove(index);
        } else {
            byLink.put(index, stations);
        }
        left.values().removeIf(leftAt -> leftAt.plus(REMEMBERED).isBefore(now));
    }
}
