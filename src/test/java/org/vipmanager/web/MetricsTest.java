package org.vipmanager.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.provider.RequestCounts;
import org.vipmanager.status.Snapshots;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsReload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

final class MetricsTest {

    @TempDir private Path folder;
    private final Metrics metrics = new Metrics(Snapshots.DAEMON);
    private final StatusSnapshot snapshot = Snapshots.ofAddresses(2, "pg1");

    /** However many ask, it is made once; another one, or another format, is made anew. */
    @Test
    void madeOnceForEachSnapshot() throws IOException {
        Metrics.Text first = metrics.of(snapshot, null);

        assertThat(metrics.of(snapshot, "text/plain")).isSameAs(first);
        assertThat(metrics.of(snapshot, "application/openmetrics-text").type())
                .contains("openmetrics");
        assertThat(metrics.of(Snapshots.ofAddresses(3, "pg1"), null).bytes())
                .isNotEqualTo(first.bytes());
    }

    @Test
    void ofTheProcess() throws IOException {
        assertThat(text())
                .containsPattern("(?m)^process_start_time_seconds [0-9.E]+$")
                .containsPattern("(?m)^process_cpu_seconds_total [0-9.E]+$")
                .containsPattern("(?m)^process_resident_memory_bytes [0-9.]+E[789]$")
                .containsPattern("(?m)^process_open_fds [0-9.]+$")
                .containsPattern("(?m)^process_max_fds [0-9.E]+$");
    }

    /** While they are in use, and no longer; those of the system are not told. */
    @Test
    void ofCertificatesInUse() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        TestAuthority.Issued own = authority.issueFor("client", "IP:127.0.0.1");
        TlsFiles files =
                new TlsFiles(
                        Optional.of(authority.certificate()),
                        Optional.of(own.certificate()),
                        Optional.of(own.key()));
        try (TlsReload reload = new TlsReload(files);
                TlsReload ofTheSystem = new TlsReload(TlsFiles.NONE)) {
            assertThat(text()).doesNotContain(folder.toString());
            reload.current();
            ofTheSystem.current();
            for (Path file : new Path[] {authority.certificate(), own.certificate()}) {
                assertThat(text())
                        .containsPattern(
                                "vip_manager_certificate_expiry_timestamp_seconds\\{file=\"%s\"} [0-9.]+E9"
                                        .formatted(file));
            }
            assertThat(text()).doesNotContain("ca-certificates");
        }
        assertThat(text()).doesNotContain("certificate_expiry");
    }

    @Test
    void ofProviders_areBounded() {
        RequestCounts requests = new RequestCounts();
        for (int code = 0; code < 1000; code++) {
            requests.count("hetzner", Integer.toString(code));
        }
        requests.count("hetzner", "5");

        Map<RequestCounts.Kind, Long> all = requests.all();
        assertThat(all).hasSize(101);
        assertThat(all.get(new RequestCounts.Kind("hetzner", "5"))).isEqualTo(2);
        assertThat(all.get(new RequestCounts.Kind("hetzner", "other"))).isEqualTo(900);
    }

    private String text() throws IOException {
        return new String(
                new Metrics(Snapshots.DAEMON).of(snapshot, null).bytes(), StandardCharsets.UTF_8);
    }
}
