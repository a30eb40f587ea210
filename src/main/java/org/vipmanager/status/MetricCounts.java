package org.vipmanager.status;

import org.vipmanager.provider.RequestCounts;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What was counted since metrics were first wanted. Immutable.
 *
 * @param takeovers from the DCS's answer to the address on the interface
 * @param releases from the DCS's answer to the address gone
 * @param reads from asking the DCS to its answer
 * @param failedReads how often the DCS could not be read
 * @param requests to providers, since the start
 */
public record MetricCounts(
        List<Counts.OfAddress> addresses,
        Durations.Histogram takeovers,
        Durations.Histogram releases,
        Durations.Histogram reads,
        long failedReads,
        Reload lastReload,
        Map<RequestCounts.Kind, Long> requests) {

    /**
     * The configuration was read, at the start or since.
     *
     * @param successful whether the last time
     * @param lastSuccess when it was read with success
     */
    public record Reload(boolean successful, Instant lastSuccess) {}
}
