package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;

final class OriginTest {

    private static final int ETCD = 2379;

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:2379, 127.0.0.1, 2379, false, 127.0.0.1:2379",
        "https://etcd1.example:4001, etcd1.example, 4001, true, etcd1.example:4001",
        "HTTPS://etcd1, etcd1, 2379, true, etcd1:2379",
        "http://[::1]:2380, ::1, 2380, false, [::1]:2380",
        "http://[::1], ::1, 2379, false, [::1]:2379",
        "http://etcd_1:2380, etcd_1, 2380, false, etcd_1:2380",
        "http://etcd_1, etcd_1, 2379, false, etcd_1:2379",
        "http://etcd1:2379/, etcd1, 2379, false, etcd1:2379",
        "http://user@etcd1/v3, etcd1, 2379, false, etcd1:2379",
    })
    void uri_isTakenApart(URI uri, String host, int port, boolean secure, String hostAndPort) {
        Origin origin = Origin.of(uri, ETCD);

        assertThat(origin.host()).isEqualTo(host);
        assertThat(origin.port()).isEqualTo(port);
        assertThat(origin.secure()).isEqualTo(secure);
        assertThat(origin.hostAndPort()).isEqualTo(hostAndPort);
    }
}
