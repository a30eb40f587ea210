package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

final class HttpReaderTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8010, 127.0.0.1, 8010",
        "[::1]:80, 0:0:0:0:0:0:0:1, 80",
        "*:65535, 0.0.0.0, 65535",
        ":1, 0.0.0.0, 1"
    })
    void addresses(String written, String address, int port) {
        StatusConfig.Http http =
                loaded(Map.of("http-listen", written)).status().http().orElseThrow();
        String host = http.listen().getAddress().getHostAddress();

        assertThat(host.equals("0:0:0:0:0:0:0:0") ? "0.0.0.0" : host).isEqualTo(address);
        assertThat(http.listen().getPort()).isEqualTo(port);
        assertThat(http.token()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8010",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "::1:80",
                "[127.0.0.1:80",
                "localhost:80",
                "127.0.0.1:+80",
                "http://127.0.0.1:80"
            })
    void mistakes(String written) {
        LoadOutcome outcome = outcome(Map.of("http-listen", written));

        assertThat(((LoadOutcome.Refused) outcome).mistakes().getFirst().message())
                .contains("http-listen = \"" + written + "\"", "is no address with a port");
    }

    @Test
    void token() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "geheim\n");
        Map<String, String> flags =
                Map.of("http-listen", "127.0.0.1:8010", "http-token-file", file.toString());
        StatusConfig.Http http = loaded(flags).status().http().orElseThrow();

        assertThat(http.token().orElseThrow().current().get()).isEqualTo("geheim");
        Files.writeString(file, "neu\n");
        assertThat(http.token().orElseThrow().current().get()).isEqualTo("neu");
        assertThat(outcome(Map.of("http-token-file", file.toString())).warnings())
                .anyMatch(warning -> warning.contains("there is no http-listen"));
    }

    @Test
    void offByDefault() {
        assertThat(loaded(Map.of()).status().http()).isEmpty();
    }

    private static Config loaded(Map<String, String> flags) {
        return ((LoadOutcome.Loaded) outcome(flags)).config();
    }

    private static LoadOutcome outcome(Map<String, String> flags) {
        Map<String, String> all = new HashMap<>(flags);
        all.putAll(
                Map.of(
                        "ip", "10.0.0.9",
                        "netmask", "24",
                        "interface", "eth0",
                        "trigger-key", "/service/db/leader"));
        return new ConfigLoader(all, Map.of()).load();
    }
}
