package org.vipmanager.web;

import org.vipmanager.status.Counts;
import org.vipmanager.status.MetricCounts;

import java.util.Locale;
import java.util.function.ToLongFunction;

/** What was counted, as metrics. */
final class CountedMetrics {

    private final MetricSet metrics;
    private final MetricCounts counts;

    private CountedMetrics(MetricSet metrics, MetricCounts counts) {
        this.metrics = metrics;
        this.counts = counts;
    }

    static void addTo(MetricSet metrics, MetricCounts counts) {
        CountedMetrics all = new CountedMetrics(metrics, counts);
        all.addresses();
        all.durations();
        all.daemon();
    }

    private void addresses() {
        metrics.counters(
                "vip_manager_transitions",
                "How often the address came or went, by direction and reason.",
                series -> counts.addresses().forEach(address -> transitions(address, series)));
        ofAddresses(
                "vip_manager_announcements_sent",
                "How often the address was announced on the network.",
                Counts.OfAddress::announced);
        ofAddresses(
                "vip_manager_announcement_errors",
                "How often the kernel refused an announcement.",
                Counts.OfAddress::refused);
        ofAddresses(
                "vip_manager_conflicts",
                "How often a claim of another station was answered while this host led.",
                Counts.OfAddress::conflicts);
        ofAddresses(
                "vip_manager_restorations",
                "How often the address was added again after somebody else had removed it.",
                Counts.OfAddress::restored);
    }

    private void durations() {
        metrics.histogram(
                "vip_manager_takeover_duration_seconds",
                "From the DCS's answer that this host leads to the address on the interface.",
                counts.takeovers());
        metrics.histogram(
                "vip_manager_release_duration_seconds",
                "From the DCS's answer that this host does not lead to the address gone.",
                counts.releases());
        metrics.histogram(
                "vip_manager_dcs_request_duration_seconds",
                "From sending a read to the DCS to its answer.",
                counts.reads());
    }

    private void daemon() {
        metrics.counter(
                "vip_manager_dcs_errors",
                "How often the DCS could not be read.",
                (double) counts.failedReads());
        metrics.gauge(
                "vip_manager_config_last_reload_successful",
                "Whether the configuration could be used when it was last read.",
                counts.lastReload().successful() ? 1 : 0);
        metrics.gauge(
                "vip_manager_config_last_reload_success_timestamp_seconds",
                "When the configuration in use was read.",
                MetricsPage.seconds(counts.lastReload().lastSuccess()));
        metrics.counters(
                "vip_manager_provider_requests",
                "How often a provider was asked, by the status or exit code that came of it.",
                series ->
                        counts.requests()
                                .forEach(
                                        (kind, times) ->
                                                series.add(
                                                        times,
                                                        "provider",
                                                        kind.provider(),
                                                        "code",
                                                        kind.code())));
    }

    private static void transitions(Counts.OfAddress address, MetricSet.Series series) {
        address.transitions()
                .forEach(
                        (transition, times) ->
                                series.add(
                                        times,
                                        MetricsPage.labels(
                                                address.vip(),
                                                "direction",
                                                transition
                                                        .direction()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT),
                                                "reason",
                                                transition.reason())));
    }

    private void ofAddresses(String name, String help, ToLongFunction<Counts.OfAddress> value) {
        metrics.counters(
                name,
                help,
                series -> {
                    for (Counts.OfAddress address : counts.addresses()) {
                        series.add(
                                (double) value.applyAsLong(address),
                                MetricsPage.labels(address.vip()));
                    }
                });
    }
}
