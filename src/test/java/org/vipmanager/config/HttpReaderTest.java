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
        assertThat(mistake(Map.of("http-listen", written)))
                .contains("http-listen = \"" + written + "\"", "is no address with a port");
    }

    /** They may be answered where nothing else is, and not at the same place as all else. */
    @Test
    void probes() {
        Map<String, String> alone = Map.of("http-probe-listen", "10.0.0.1:8011");
        StatusConfig status = loaded(alone).status();

        assertThat(status.http()).isEmpty();
        assertThat(status.probes().orElseThrow().getPort()).isEqualTo(8011);
        assertThat(
                        mistake(
                                Map.of(
                                        "http-listen", "127.0.0.1:8010",
                                        "http-probe-listen", "127.0.0.1:8010")))
                .contains("http-probe-listen = \"127.0.0.1:8010\"", "is http-listen");
        assertThat(mistake(Map.of("http-probe-listen", "8011")))
                .contains("http-probe-listen = \"8011\"", "is no address with a port");
    }

    private static String mistake(Map<String, String> flags) {
        return ((LoadOutcome.Refused) outcome(flags)).mistakes().getFirst().message();
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
    void peers() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "geheim\n");
        Map<String, String> flags =
                Map.of(
                        "http-listen", "127.0.0.1:8010",
                        "http-token-file", file.toString(),
                        "http-peers", "http://10.0.0.2:8010, https://pg3:8010/vip/");
        LoadOutcome.Loaded outcome = (LoadOutcome.Loaded) outcome(flags);

        assertThat(outcome.config().status().http().orElseThrow().peers().urls())
                .hasToString("[http://10.0.0.2:8010, https://pg3:8010/vip]");
        assertThat(outcome.warnings())
                .anyMatch(
                        warning -> warning.contains("is sent unencrypted to http://10.0.0.2:8010"));
        assertThat(outcome(Map.of("http-peers", "http://10.0.0.2:8010")).warnings())
                .anyMatch(warning -> warning.contains("there is no http-listen"));
        assertThat(
                        loaded(Map.of("http-listen", "*:1"))
                                .status()
                                .http()
                                .orElseThrow()
                                .peers()
                                .urls())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pg2:8010 | has no scheme",
                "ftp://pg2 | has the unsupported scheme",
                "http://pg2:99999 | has no port",
                "http://pg2?x=1 | has more than a path",
                "http://a,http://b,http://c,http://d,http://e,http://f,http://g,http://h,http://i,http://j,http://k,http://l,http://m,http://n,http://o,http://p,http://q | names 17 hosts, more than 16"
            })
    void mistakesInPeers(String written, String problem) {
        LoadOutcome outcome = outcome(Map.of("http-listen", "*:8010", "http-peers", written));

        assertThat(((LoadOutcome.Refused) outcome).mistakes().getFirst().message())
                .contains("http-peers = ", problem, "(--http-peers)");
    }

    @Test
    void authoritiesOfPeers() {
        Map<String, String> flags =
                Map.of(
                        "http-listen", "127.0.0.1:8010",
                        "http-peers", "https://pg2:8010",
                        "http-ca-file", folder.resolve("none.pem").toString());

        assertThat(((LoadOutcome.Refused) outcome(flags)).mistakes().getFirst().message())
                .contains("http-ca-file", "none.pem");
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
