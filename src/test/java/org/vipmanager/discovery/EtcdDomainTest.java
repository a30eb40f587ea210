package org.vipmanager.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which names are asked for, in Patroni's order, and what becomes of the records. */
final class EtcdDomainTest {

    private final Map<String, List<SrvRecord>> records = new HashMap<>();
    private final List<String> silent = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    private List<SrvRecord> srv(String name) throws IOException {
        asked.add(name);
        if (silent.contains(name)) {
            throw new SocketTimeoutException("timed out");
        }
        return records.getOrDefault(name, List.of());
    }

    private String endpoints(String suffix) throws IOException {
        EtcdDomain domain = new EtcdDomain("example.com", Optional.ofNullable(suffix));
        return domain.endpoints(this::srv, () -> 0).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "_etcd-client-ssl._tcp, https",
        "_etcd-client._tcp, http",
        "_etcd-ssl._tcp, https",
        "_etcd._tcp, http"
    })
    void scheme_isThatOfTheName(String name, String scheme) throws IOException {
        records.put(name + ".example.com", List.of(new SrvRecord(0, 0, 2379, "a.example.com")));

        assertThat(endpoints(null)).isEqualTo("[" + scheme + "://a.example.com:2379]");
    }

    @Test
    void firstNameWithRecordsCounts() throws IOException {
        records.put("_etcd._tcp.example.com", List.of(new SrvRecord(0, 0, 1, "last")));
        records.put("_etcd-client._tcp.example.com", List.of(new SrvRecord(0, 0, 2, "first")));

        assertThat(endpoints(null)).isEqualTo("[http://first:2]");
        assertThat(asked)
                .containsExactly(
                        "_etcd-client-ssl._tcp.example.com", "_etcd-client._tcp.example.com");
    }

    @Test
    void suffix_standsBehindTheService() throws IOException {
        records.put("_etcd-client-ssl-prod._tcp.example.com", List.of(new SrvRecord(0, 0, 2, "a")));

        assertThat(endpoints("prod")).isEqualTo("[https://a:2]");
    }

    /** Somebody who keeps the first answer back must not get questions without TLS. */
    @Test
    void nameThatNobodyAnswersFor_endsTheSearch() {
        silent.add("_etcd-client-ssl._tcp.example.com");
        records.put("_etcd-client._tcp.example.com", List.of(new SrvRecord(0, 0, 2, "a")));

        assertThatThrownBy(() -> endpoints(null))
                .hasMessage("no answer about _etcd-client-ssl._tcp.example.com (timed out)");
    }

    @Test
    void noRecords_areSaid() {
        assertThatThrownBy(() -> endpoints(null))
                .hasMessageStartingWith("there is no SRV record _etcd-client-ssl._tcp.example.com")
                .hasMessageEndingWith("_etcd._tcp.example.com");
    }

    @Test
    void recordThatSaysThatThereIsNone_isNone() {
        records.put("_etcd-client._tcp.example.com", List.of(new SrvRecord(0, 0, 0, ".")));

        assertThatThrownBy(() -> endpoints(null)).hasMessageStartingWith("there is no SRV record");
    }

    @Test
    void lowestPriorityComesFirst_andWeightCountsWithinIt() {
        SrvRecord light = new SrvRecord(1, 1, 1, "light");
        SrvRecord heavy = new SrvRecord(1, 99, 1, "heavy");
        SrvRecord later = new SrvRecord(2, 999, 1, "later");

        int first = 0;
        for (int i = 0; i < 1000; i++) {
            double chance = i / 1000.0;
            List<SrvRecord> order =
                    SrvRecord.inOrder(List.of(later, light, heavy, light), () -> chance);
            assertThat(order).hasSize(3).last().isEqualTo(later);
            first += order.getFirst().equals(heavy) ? 1 : 0;
        }
        assertThat(first).isBetween(950, 1000);
    }

    @Test
    void record_isReadAsNameServersWriteIt() throws IOException {
        assertThat(SrvRecord.parse("10 60 2379 etcd_1.example.com."))
                .isEqualTo(new SrvRecord(10, 60, 2379, "etcd_1.example.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1 2 3", "1 2 70000 a.", "1 2 -3 a.", "1 2 3 a b.", "1 2 3 a/../b."})
    void recordWithoutSense_isRefused(String text) {
        assertThatThrownBy(() -> SrvRecord.parse(text)).isInstanceOf(IOException.class);
    }
}
