package org.vipmanager.status;

import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.Moment;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything at one moment. Immutable, and cheap to take: it holds what the loop has anyway.
 *
 * @param time by the calendar
 * @param now by the clock of the decisions
 * @param answer what the DCS answered last
 * @param addresses those that this host's kernel holds
 * @param routed those that a provider routes
 * @param events the last ones, the newest at the end
 * @param counters what was counted since the start, by name
 * @param counts for the metrics, where these are wanted
 */
public record StatusSnapshot(
        Instant time,
        Moment now,
        Dcs dcs,
        Optional<DcsAnswer> answer,
        List<AddressStatus> addresses,
        List<RoutedStatus> routed,
        List<ToldReason> events,
        Map<String, Long> counters,
        Optional<MetricCounts> counts) {

    /** The same with so many of the addresses at most. */
    public StatusSnapshot withFirst(int most) {
        return new StatusSnapshot(
                time,
                now,
                dcs,
                answer,
                addresses.stream().limit(most).toList(),
                routed.stream().limit(most).toList(),
                events,
                counters,
                counts);
    }

    /**
     * The DCS that is configured.
     *
     * @param silentAfter after how long without an answer it is in doubt
     */
    public record Dcs(String type, List<URI> endpoints, Duration silentAfter) {}
}
