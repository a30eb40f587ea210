package org.vipmanager.web;

import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.status.AddressStatus;
import org.vipmanager.status.KernelAddresses;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.tls.CertificateFile;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A snapshot as metrics; docs/metrics.md describes them. Series are as many as addresses, endpoints
 * and files are configured, and kinds of reasons.
 */
final class MetricsPage {

    private static final double NANOS_PER_SECOND = 1e9;

    private final StatusSnapshot snapshot;
    private final KernelAddresses kernel;
    private final MetricSet metrics;

    private MetricsPage(StatusSnapshot snapshot, KernelAddresses kernel, MetricSet metrics) {
        this.snapshot = snapshot;
        this.kernel = kernel;
        this.metrics = metrics;
    }

    /**
     * Adds all of it.
     *
     * @param kernel what it has
     * @param certificates that are in use
     */
    static void addTo(
            MetricSet metrics,
            StatusDocument.Daemon daemon,
            StatusSnapshot snapshot,
            KernelAddresses kernel,
            List<CertificateFile> certificates) {
        metrics.info(
                "vip_manager_build", "The version of this daemon.", "version", daemon.version());
        metrics.gauge(
                "vip_manager_start_timestamp_seconds",
                "When this daemon was started.",
                seconds(daemon.started()));
        MetricsPage page = new MetricsPage(snapshot, kernel, metrics);
        page.addresses();
        page.dcs();
        page.counters();
        page.certificates(certificates);
        snapshot.counts().ifPresent(counts -> CountedMetrics.addTo(metrics, counts));
    }

    private void addresses() {
        ofAddresses(
                "vip_manager_vip_held",
                "Whether the kernel has the address, on its interface or another one.",
                address -> isHeld(address) || kernel.has(address.vip().address()) ? 1 : 0);
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
        metrics.gauges(
                "vip_manager_vip_routed",
                "Whether the provider routes the address to this host, as it has told.",
                series ->
                        snapshot.routed()
                                .forEach(
                                        routed ->
                                                series.add(
                                                        routed.isHere() ? 1 : 0,
                                                        "ip",
                                                        PrintedAddress.of(
                                                                routed.vip().address()))));
    }

    private void dcs() {
        Optional<URI> by = snapshot.answer().map(DcsAnswer::endpoint);
        Set<URI> endpoints = new LinkedHashSet<>(snapshot.dcs().endpoints());
        by.ifPresent(endpoints::add); // one that SRV records have told is not configured
        boolean isFresh = isFresh();
        metrics.gauges(
                "vip_manager_dcs_up",
                "Whether this endpoint has answered the last read, and lately; one of them is asked.",
                series -> {
                    for (URI endpoint : endpoints) {
                        boolean isUp = isFresh && by.equals(Optional.of(endpoint));
                        series.add(isUp ? 1 : 0, "endpoint", endpoint.toString());
                    }
                });
        snapshot.answer()
                .ifPresent(
                        answer ->
                                metrics.gauge(
                                        "vip_manager_dcs_last_seen_timestamp_seconds",
                                        "When the DCS last answered, a read or whether the watch is alive.",
                                        seconds(snapshot.time())
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
                                metrics.counter(
                                        "vip_manager_" + name,
                                        "Since the start; docs/metrics.md says of what.",
                                        value));
    }

    private void certificates(List<CertificateFile> certificates) {
        Map<String, Instant> ends = new TreeMap<>();
        for (CertificateFile file : certificates) {
            Instant end = file.nextEnd(snapshot.time());
            ends.merge(file.file().toString(), end, (a, b) -> a.isBefore(b) ? a : b);
        }
        metrics.gauges(
                "vip_manager_certificate_expiry_timestamp_seconds",
                "When the first of the certificates in use that are in this file expires.",
                series -> ends.forEach((file, end) -> series.add(seconds(end), "file", file)));
    }

    private void ofAddresses(String name, String help, ToDoubleFunction<AddressStatus> value) {
        metrics.gauges(
                name,
                help,
                series -> {
                    for (AddressStatus address : snapshot.addresses()) {
                        series.add(value.applyAsDouble(address), labels(address.vip()));
                    }
                });
    }

    private static boolean isHeld(AddressStatus address) {
        return address.state().phase() instanceof Phase.Holding holding && holding.isPlaced();
    }

    /** The labels of an address, and others. */
    static String[] labels(VirtualIp vip, String... others) {
        return Stream.concat(
                        Stream.of(
                                "ip",
                                PrintedAddress.of(vip.address()),
                                "interface",
                                vip.interfaceName()),
                        Stream.of(others))
                .toArray(String[]::new);
    }

    private double left(Moment end) {
        return end.isAfter(snapshot.now()) ? seconds(snapshot.now(), end) : 0;
    }

    private static double seconds(Moment from, Moment to) {
        return from.until(to).toNanos() / NANOS_PER_SECOND;
    }

    static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }
}
