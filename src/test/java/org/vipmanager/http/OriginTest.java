package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;

final class EndpointAddressTest {

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:2379, 127.0.0.1, 2379, false",
        "https://etcd1.example:4001, etcd1.example, 4001, true",
        "HTTPS://etcd1, etcd1, 2379, true",
        "http://[::1]:2380, [::1], 2380, false",
        "http://etcd_1:2380, etcd_1, 2380, false",
        "http://etcd_1, etcd_1, 2379, false",
        "http://etcd1:2379/, etcd1, 2379, false",
    })
    void endpoint_isTakenApart(URI endpoint, String host, int port, boolean secure) {
        assertThat(EndpointAddress.of(endpoint)).isEqualTo(new EndpointAddress(host, port, secure));
    }
}
