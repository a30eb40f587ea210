package org.vipmanager.web;

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
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import org.vipmanager.status.Durations;

import java.util.function.Consumer;

/** Gathers metrics in the classes of Prometheus's library. One without a series is left out. */
final class MetricSet {

    private final MetricSnapshots.Builder all = MetricSnapshots.builder();

    /** Takes what there is of one metric. */
    interface Series {

        /**
         * @param labels names and values in turn
         */
        void add(double value, String... labels);
    }

    void info(String name, String help, String... labels) {
        all.metricSnapshot(
                InfoSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(
                                InfoDataPointSnapshot.builder().labels(Labels.of(labels)).build())
                        .build());
    }

    void gauge(String name, String help, double value) {
        gauges(name, help, series -> series.add(value));
    }

    void gauges(String name, String help, Consumer<Series> series) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        series.accept(
                (value, labels) ->
                        gauge.dataPoint(
                                new GaugeDataPointSnapshot(value, Labels.of(labels), null)));
        add(gauge.build());
    }

    /**
     * @param name without {@code _total}
     */
    void counter(String name, String help, double value) {
        counters(name, help, series -> series.add(value));
    }

    void counters(String name, String help, Consumer<Series> series) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        series.accept(
                (value, labels) ->
                        counter.dataPoint(
                                CounterDataPointSnapshot.builder()
                                        .value(value)
                                        .labels(Labels.of(labels))
                                        .build()));
        add(counter.build());
    }

    void histogram(String name, String help, Durations.Histogram counted) {
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

    private void add(MetricSnapshot metric) {
        if (!metric.getDataPoints().isEmpty()) {
            all.metricSnapshot(metric);
        }
    }

    MetricSnapshots all() {
        return all.build();
    }
}
