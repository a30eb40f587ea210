package org.vipmanager.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.http.BoundedJson;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

final class StatusDocumentTest {

    @Test
    void holder() throws IOException {
        Map<?, ?> document = document(Snapshots.ofAddresses(1, "pg1"));
        Map<?, ?> address = (Map<?, ?>) ((List<?>) document.get("addresses")).getFirst();

        assertThat(document.get("schema")).isEqualTo(1L);
        assertThat(document.get("dcs"))
                .asString()
                .contains("latency_seconds=0.003", "endpoint=http://127.0.0.1:2379");
        assertThat(address.get("address")).isEqualTo("10.0.0.1/16");
        assertThat(address.get("state")).isEqualTo("holding");
        assertThat(address.get("since")).isEqualTo("2026-11-29T08:59:59.500Z");
        assertThat(address.get("leads")).isEqualTo(true);
        assertThat(address.get("trust")).asString().contains("basis=policy");
        assertThat((double) address.get("kernel_seconds_left")).isBetween(1.4, 1.5);
        assertThat(address.get("announcements")).asString().contains("sent=1");
        assertThat(address.get("why")).asString().contains("is here: this host leads");
        assertThat(address.get("last_event"))
                .asString()
                .contains("reason=TookOver", "level=info", "taking over 10.0.0.1/16 on eth0");
    }

    @Test
    void standby_withAValueThatCouldHarmATerminal() throws IOException {
        Map<?, ?> document = document(Snapshots.ofAddresses(1, "\u001b[2Jpg2\n".repeat(1000)));
        Map<?, ?> address = (Map<?, ?>) ((List<?>) document.get("addresses")).getFirst();

        assertThat(address.get("state")).isEqualTo("standby");
        assertThat(address.get("trust")).isNull();
        assertThat(address.get("holder")).asString().hasSizeLessThan(1000).doesNotContain("\u001b");
    }

    private static Map<?, ?> document(StatusSnapshot snapshot) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StatusDocument.write(Snapshots.DAEMON, snapshot, bytes);
        return (Map<?, ?>) BoundedJson.read(bytes.toString(StandardCharsets.UTF_8));
    }
}
