package org.vipmanager.web;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.status.AddressStatus;
import org.vipmanager.status.Counts;
import org.vipmanager.status.Durations;
import org.vipmanager.status.MetricCounts;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusSnapshot;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * A snapshot as metrics, in Prometheus's text format or OpenMetrics, whichever is asked for;
 * docs/metrics.md describes them. Series are as many as addresses are configured, and kinds of
 * reasons.
 */
final class MetricsPage {

    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();
    private static final ExpositionFormatWriter TEXT = PrometheusTextFormatWriter.create();
    private static final double NANOS_PER_SECOND = 1e9;

    private final StatusDocument.Daemon daemon;
    private final StatusSnapshot snapshot;
    private final MetricSnapshots.Builder all = MetricSnapshots.builder();

    private MetricsPage(StatusDocument.Daemon daemon, StatusSnapshot snapshot) {
        this.daemon = daemon;
        this.snapshot = snapshot;
    }

    /**
     * The format that is asked for.
     *
     * @param accept the header of the request
     */
    static ExpositionFormatWriter writerFor(@Nullable String accept) {
        return OPEN_METRICS.accepts(accept) ? OPEN_METRICS : TEXT;
    }

    static void write(
            StatusDocument.Daemon daemon,
            StatusSnapshot snapshot,
            ExpositionFormatWriter format,
            OutputStream to)
            throws IOException {
        format.write(to, new MetricsPage(daemon, snapshot).metrics());
    }

    private MetricSnapshots metrics() {
        all.metricSnapshot(
                InfoSnapshot.builder()
                        .name("vip_manager_build")
                        .help("The version of this daemon.")
                        .dataPoint(
                                InfoDataPointSnapshot.builder()
                                        .labels(Labels.of("version", daemon.version()))
                                        .build())
                        .build());
        gauge(
                "vip_manager_start_timestamp_seconds",
                "When this daemon was started.",
                daemon.started().toEpochMilli() / 1e3);
        addresses();
        dcs();
        counters();
        snapshot.counts().ifPresent(this::counts);
        return all.build();
    }

    private void addresses() {
        ofAddresses(
                "vip_manager_vip_held",
                "Whether the address is on the interface, as the kernel has told.",
                address -> isHeld(address) ? 1 : 0);
        ofAddresses(
                "vip_manager_vip_desired",
                "Whether the address is to be on the interface.",
                address -> address.state().isHolding() ? 1 : 0);
        ofAddresses(
                "vip_manager_is_leader",
                "Whether the leader key names this host, as it was last seen.",
                address -> address.state().leadership().isLeader(address.trigger()) ? 1 : 0);
        ofAddresses(
                "vip_manager_in_doubt",
                "Whether the address is held while the DCS is silent.",
                address ->
                        address.state().isHolding()
                                        && address.state().leadership().contact().isTold()
                                ? 1
                                : 0);
        ofAddresses(
                "vip_manager_trust_remaining_seconds",
                "For how long no other host can lead if nothing more is heard; 0 for not at all.",
                address -> left(address.state().leadership().effectiveTrust().heldUntil()));
        ofAddresses(
                "vip_manager_kernel_lifetime_remaining_seconds",
                "After how long the kernel removes the address by itself; 0 where it is not there.",
                address ->
                        address.state().phase() instanceof Phase.Holding holding
                                ? left(holding.placement().kernelEnd())
                                : 0);
    }

    private void dcs() {
        GaugeSnapshot.Builder up =
                GaugeSnapshot.builder()
                        .name("vip_manager_dcs_up")
                        .help(
                                "Whether this endpoint has answered the last read, and lately; one"
                                        + " of them is asked.");
        Optional<URI> by = snapshot.answer().map(DcsAnswer::endpoint);
        Set<URI> endpoints = new LinkedHashSet<>(snapshot.dcs().endpoints());
        by.ifPresent(endpoints::add); // one that SRV records have told is not configured
        boolean isFresh = isFresh();
        for (URI endpoint : endpoints) {
            boolean isUp = isFresh && by.equals(Optional.of(endpoint));
            up.dataPoint(
                    new GaugeDataPointSnapshot(
                            isUp ? 1 : 0, Labels.of("endpoint", endpoint.toString()), null));
        }
        all.metricSnapshot(up.build());
        snapshot.answer()
                .ifPresent(
                        answer ->
                                gauge(
                                        "vip_manager_dcs_last_seen_timestamp_seconds",
                                        "When the DCS last answered a read.",
                                        snapshot.time().toEpochMilli() / 1e3
                                                - seconds(answer.at(), snapshot.now())));
    }

    private boolean isFresh() {
        return snapshot.answer()
                .map(DcsAnswer::at)
                .filter(at -> at.until(snapshot.now()).compareTo(snapshot.dcs().silentAfter()) <= 0)
                .isPresent();
    }

    /** What others have counted, such as {@code notify_failed}. */
    private void counters() {
        snapshot.counters()
                .forEach(
                        (name, value) ->
                                all.metricSnapshot(
                                        CounterSnapshot.builder()
                                                .name("vip_manager_" + name)
                                                .help(
                                                        "Since the start; docs/metrics.md says of what.")
                                                .dataPoint(counted(Labels.EMPTY, value))
                                                .build()));
    }

    private void counts(MetricCounts counts) {
        CounterSnapshot.Builder transitions =
                CounterSnapshot.builder()
                        .name("vip_manager_transitions")
                        .help("How often the address came or went, by direction and reason.");
        for (Counts.OfAddress address : counts.addresses()) {
            for (Map.Entry<Counts.Transition, Long> entry : address.transitions().entrySet()) {
                Counts.Transition transition = entry.getKey();
                Labels labels =
                        labels(address.vip())
                                .merge(
                                        Labels.of(
                                                "direction",
                                                transition
                                                        .direction()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT),
                                                "reason",
                                                transition.reason()));
                transitions.dataPoint(counted(labels, entry.getValue()));
            }
        }
        all.metricSnapshot(transitions.build());
        counter(
                counts.addresses(),
                "vip_manager_announcements_sent",
                "How often the address was announced on the network.",
                Counts.OfAddress::announced);
        counter(
                counts.addresses(),
                "vip_manager_announcement_errors",
                "How often the kernel refused an announcement.",
                Counts.OfAddress::refused);
        counter(
                counts.addresses(),
                "vip_manager_conflicts",
                "How often a claim of another station was answered while this host led.",
                Counts.OfAddress::conflicts);
        counter(
                counts.addresses(),
                "vip_manager_restorations",
                "How often the address was added again after somebody else had removed it.",
                Counts.OfAddress::restored);
        histogram(
                "vip_manager_takeover_duration_seconds",
                "From the DCS's answer that this host leads to the address on the interface.",
                counts.takeovers());
        histogram(
                "vip_manager_release_duration_seconds",
                "From the DCS's answer that this host does not lead to the address gone.",
                counts.releases());
        histogram(
                "vip_manager_dcs_request_duration_seconds",
                "From sending a read to the DCS to its answer.",
                counts.reads());
    }

    private void ofAddresses(String name, String help, ToDoubleFunction<AddressStatus> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (AddressStatus address : snapshot.addresses()) {
            gauge.dataPoint(
                    new GaugeDataPointSnapshot(
                            value.applyAsDouble(address), labels(address.vip()), null));
        }
        all.metricSnapshot(gauge.build());
    }

    private void gauge(String name, String help, double value) {
        all.metricSnapshot(
                GaugeSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(new GaugeDataPointSnapshot(value, Labels.EMPTY, null))
                        .build());
    }

    private void counter(
            List<Counts.OfAddress> addresses,
            String name,
            String help,
            ToLongFunction<Counts.OfAddress> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (Counts.OfAddress address : addresses) {
            counter.dataPoint(counted(labels(address.vip()), value.applyAsLong(address)));
        }
        all.metricSnapshot(counter.build());
    }

    private static CounterDataPointSnapshot counted(Labels labels, long value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private void histogram(String name, String help, Durations.Histogram counted) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counted.counts().length; i++) {
            double bound =
                    i < counted.bounds().length ? counted.bounds()[i] : Double.POSITIVE_INFINITY;
            buckets.bucket(bound, counted.counts()[i]);
        }
        all.metricSnapshot(
                HistogramSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(
                                HistogramDataPointSnapshot.builder()
                                        .classicHistogramBuckets(buckets.build())
                                        .sum(counted.sum())
                                        .build())
                        .build());
    }

    private static boolean isHeld(AddressStatus address) {
        return address.state().phase() instanceof Phase.Holding holding && holding.isPlaced();
    }

    private static Labels labels(VirtualIp vip) {
        return Labels.of("ip", PrintedAddress.of(vip.address()), "interface", vip.interfaceName());
    }

    private double left(Moment end) {
        return end.isAfter(snapshot.now()) ? seconds(snapshot.now(), end) : 0;
    }

    private static double seconds(Moment from, Moment to) {
        return from.until(to).toNanos() / NANOS_PER_SECOND;
    }
}
