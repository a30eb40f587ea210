package org.vipmanager.web;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;

import org.jspecify.annotations.Nullable;
import org.vipmanager.status.KernelAddresses;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.tls.TlsReload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The text of the metrics, in Prometheus's format or OpenMetrics, whichever is asked for. It is
 * made once for each snapshot, so ten times a second at most, however many ask. Safe for use by
 * several threads.
 */
final class Metrics {

    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();
    private static final ExpositionFormatWriter TEXT = PrometheusTextFormatWriter.create();

    private static final Duration WRITER_STAYS = Duration.ofSeconds(2);

    /**
     * A platform thread while there is somebody to write for: on a virtual one, {@code
     * java.io.BufferedWriter} has a buffer that grows character by character, by megabytes of
     * garbage for a page of kilobytes.
     */
    private final ExecutorService writer =
            new ThreadPoolExecutor(
                    0,
                    1,
                    WRITER_STAYS.toNanos(),
                    TimeUnit.NANOSECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofPlatform().daemon().name("metrics").factory());

    private final StatusDocument.Daemon daemon;
    private @Nullable StatusSnapshot snapshot;
    private @Nullable Text text;

    Metrics(StatusDocument.Daemon daemon) {
        this.daemon = daemon;
    }

    /**
     * For one answer.
     *
     * @param type of its content
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Text(String type, byte[] bytes) {}

    /**
     * The text for a snapshot.
     *
     * @param accept the header of the request
     */
    synchronized Text of(StatusSnapshot asked, @Nullable String accept) throws IOException {
        ExpositionFormatWriter format = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : TEXT;
        Text ready = text;
        if (ready == null || snapshot != asked || !ready.type().equals(format.getContentType())) {
            ready = new Text(format.getContentType(), elsewhere(() -> written(asked, format)));
            text = ready;
            snapshot = asked;
        }
        return ready;
    }

    private byte[] elsewhere(Callable<byte[]> written) throws IOException {
        try {
            return writer.submit(written).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the daemon ends", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the metrics could not be written", e.getCause());
        }
    }

    private byte[] written(StatusSnapshot asked, ExpositionFormatWriter format) throws IOException {
        MetricSet metrics = new MetricSet();
        MetricsPage.addTo(
                metrics, daemon, asked, KernelAddresses.now(), TlsReload.certificatesInUse());
        ProcessMetrics.addTo(metrics);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        format.write(bytes, metrics.all());
        return bytes.toByteArray();
    }
}
