package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** A key where a path of Patroni's REST API belongs, and the reverse. */
final class TriggerKeyTest {

    @ParameterizedTest
    @CsvSource({
        "patroni, /service/x/leader, looks like a leader key of etcd or Consul",
        "patroni, service/x/leader, looks like a leader key of etcd or Consul",
        "etcd, /leader, is a path of Patroni's REST API",
        "etcd, /primary, is a path of Patroni's REST API",
        "etcd, /replica?lag=1MB, is a path of Patroni's REST API",
        "consul, leader, is a path of Patroni's REST API"
    })
    void isNamed(String type, String key, String odd) {
        assertThat(load(type, key).warnings())
                .singleElement()
                .asString()
                .startsWith("trigger-key (--trigger-key): \"" + key + "\"")
                .contains(odd);
    }

    @ParameterizedTest
    @CsvSource({
        "patroni, /leader",
        "patroni, /replica?lag=1MB",
        "patroni, /my/proxy/primary",
        "etcd, /service/x/leader",
        "etcd, /x/leader",
        "etcd, /mykey",
        "consul, service/x/leader"
    })
    void isNotNamed(String type, String key) {
        assertThat(load(type, key).warnings()).isEmpty();
    }

    private static LoadOutcome.Loaded load(String type, String key) {
        Map<String, String> flags =
                Map.of(
                        "ip",
                        "10.0.0.9",
                        "netmask",
                        "24",
                        "interface",
                        "eth0",
                        "dcs-type",
                        type,
                        "trigger-key",
                        key,
                        "trigger-value",
                        type.equals("patroni") ? "200" : "pg1");
        return (LoadOutcome.Loaded) new ConfigLoader(flags, Map.of()).load();
    }
}
