package org.vipmanager.netlink;

import org.vipmanager.core.HardwareAddress;
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
final class OwnHardwareAddresses {

    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final Map<Integer, Set<HardwareAddress>> byLink = new HashMap<>();
    private final Map<HardwareAddress, Integer> bearers = new HashMap<>();
    private final Map<HardwareAddress, Moment> left = new HashMap<>();

    boolean contains(HardwareAddress address, Moment now) {
        if (bearers.containsKey(address)) {
            return true;
        }
        Moment leftAt = left.get(address);
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
    void update(int index, Set<HardwareAddress> addresses, Moment now) {
        Set<HardwareAddress> before = byLink.getOrDefault(index, Set.of());
        if (before.equals(addresses)) {
            return;
        }
        addresses.forEach(address -> bearers.merge(address, 1, Integer::sum));
        for (HardwareAddress address : before) {
            bearers.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
            left.put(address, now);
        }
        if (addresses.isEmpty()) {
            byLink.remove(index);
        } else {
            byLink.put(index, addresses);
        }
        left.values().removeIf(leftAt -> leftAt.plus(REMEMBERED).isBefore(now));
    }
}
