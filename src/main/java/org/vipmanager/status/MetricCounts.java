package org.vipmanager.status;

import java.util.List;

/**
 * What was counted since metrics were first wanted. Immutable.
 *
 * @param takeovers from the DCS's answer to the address on the interface
 * @param releases from the DCS's answer to the address gone
 * @param reads from asking the DCS to its answer
 */
public record MetricCounts(
        List<Counts.OfAddress> addresses,
        Durations.Histogram takeovers,
        Durations.Histogram releases,
        Durations.Histogram reads) {}
