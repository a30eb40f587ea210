package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class PatroniUrlsTest {

    private static final String A = "http://127.0.0.1:8008";
    private static final String B = "http://127.0.0.1:8009";

    @TempDir private Path folder;
    private final Map<String, String> flags = new HashMap<>();

    @BeforeEach
    void common() {
        flags.put("interface", "eth0");
        flags.put("netmask", "24");
        flags.put("trigger-value", "pg1");
    }

    @Test
    void eachEntryMayHaveItsOwn() throws IOException {
        file(
                "vips:",
                "  - {ip: 10.0.0.1, trigger-key: /service/a/leader, patroni-url: '" + A + "/'}",
                "  - {ip: 10.0.0.2, trigger-key: /service/b/leader, patroni-url: '" + B + "'}",
                "  - {ip: 10.0.0.3, trigger-key: /service/c/leader}");

        LoadOutcome.Loaded loaded = load();
        assertThat(urls(loaded)).containsExactly(Optional.of(A), Optional.of(B), Optional.empty());
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.effective().stream().map(Effective::toString))
                .anyMatch(line -> line.contains("vips[1]") && line.contains("patroni-url " + B));
    }

    @Test
    void anEntryWithoutOne_asksThatOfTheTop() throws IOException {
        file(
                "patroni-url: " + A,
                "vips:",
                "  - {ip: 10.0.0.1, trigger-key: /service/a/leader}",
                "  - {ip: 10.0.0.2, trigger-key: /service/b/leader, patroni-url: '" + B + "'}");

        assertThat(urls(load())).containsExactly(Optional.of(A), Optional.of(B));
    }

    @Test
    void oneForTwoKeys_isNamed() throws IOException {
        file(
                "patroni-url: " + A,
                "vips:",
                "  - {ip: 10.0.0.1, trigger-key: /service/a/leader}",
                "  - {ip: 10.0.0.2, trigger-key: /service/a/leader}",
                "  - {ip: 10.0.0.3, trigger-key: /service/b/leader, label: b}");

        assertThat(load().warnings())
                .containsExactly(
                        "patroni-url http://127.0.0.1:8008 is one member of one cluster, and cannot"
                                + " speak for both 10.0.0.1 (/service/a/leader is \"pg1\") and b"
                                + " (/service/b/leader is \"pg1\"): what it says of another will not"
                                + " count; give each entry of vips the url of its own Patroni");
    }

    @Test
    void keyThatNoPatroniLeadsBy_isNamed() throws IOException {
        file("patroni-url: " + A, "vips:", "  - {ip: 10.0.0.1, trigger-key: /service/a/sync}");

        assertThat(load().warnings())
                .containsExactly(
                        "patroni-url http://127.0.0.1:8008 cannot speak for 10.0.0.1, whose trigger-key"
                                + " /service/a/sync is no leader key of Patroni"
                                + " (/NAMESPACE/SCOPE/leader): its answers will not count");
    }

    @Test
    void anAddressThatMoves_isRefused() throws IOException {
        file(
                "vips:",
                "  - {ip: 10.0.0.1, trigger-key: /service/a/leader}",
                "  - {ip: 10.0.0.2, trigger-key: /service/b/leader,"
                        + " patroni-url: 'http://10.0.0.1:8008'}");

        assertThat(refuse())
                .singleElement()
                .asString()
                .contains("http://10.0.0.1:8008")
                .contains("vip.yml:3")
                .contains("names 10.0.0.1, which moves")
                .contains("write the local Patroni's");
    }

    @Test
    void moreThanAHostHas_areRefused() throws IOException {
        StringBuilder lines = new StringBuilder("vips:\n");
        for (int i = 0; i < 33; i++) {
            lines.append(
                    "  - {ip: 10.0.0.%d, trigger-key: /service/c%d/leader, patroni-url: 'http://127.0.0.1:%d'}\n"
                            .formatted(i + 1, i, 9000 + i));
        }
        file(lines.toString());

        assertThat(refuse())
                .singleElement()
                .asString()
                .contains("is one of 33 different urls")
                .contains("vip.yml");
    }

    @Test
    void mistakeAtTheTop_isToldOnce() throws IOException {
        file(
                "patroni-url: 127.0.0.1",
                "vips:",
                "  - {ip: 10.0.0.1, trigger-key: /service/a/leader}",
                "  - {ip: 10.0.0.2, trigger-key: /service/b/leader}");

        assertThat(refuse()).singleElement().asString().contains("has no scheme");
    }

    @Test
    void withPatroniAsTheDcs_itIsNotUsed() throws IOException {
        flags.put("dcs-type", "patroni");
        flags.put("trigger-value", "200");
        flags.put("ip", "10.0.0.1");
        flags.put("patroni-url", A);

        LoadOutcome.Loaded loaded = load();
        assertThat(urls(loaded)).containsExactly(Optional.empty());
        assertThat(loaded.warnings())
                .containsExactly(
                        "patroni-url (--patroni-url) is not used with dcs-type patroni, which asks"
                                + " Patroni all the time");
    }

    @Test
    void anotherHostsAddress_isNamed() {
        flags.put("ip", "10.0.0.1");
        flags.put("trigger-key", "/service/a/leader");
        flags.put("patroni-url", "http://192.0.2.1:8008");
        assertThat(DistantPatroni.warnings(load()))
                .singleElement()
                .asString()
                .startsWith(
                        "patroni-url http://192.0.2.1:8008: this host does not have that address");

        flags.put("patroni-url", "http://[::1]:8008");
        assertThat(DistantPatroni.warnings(load())).isEmpty();
        flags.put("patroni-url", "http://patroni.example:8008");
        assertThat(DistantPatroni.warnings(load())).isEmpty();
    }

    private void file(String... lines) throws IOException {
        Path file = folder.resolve("vip.yml");
        Files.writeString(file, String.join("\n", lines) + "\n");
        flags.put("config", file.toString());
    }

    private LoadOutcome.Loaded load() {
        LoadOutcome outcome = new ConfigLoader(flags, Map.of()).load();
        assertThat(outcome).isInstanceOf(LoadOutcome.Loaded.class);
        return (LoadOutcome.Loaded) outcome;
    }

    private List<String> refuse() {
        LoadOutcome outcome = new ConfigLoader(flags, Map.of()).load();
        assertThat(outcome).isInstanceOf(LoadOutcome.Refused.class);
        return ((LoadOutcome.Refused) outcome).mistakes().stream().map(Mistake::message).toList();
    }

    private static List<Optional<String>> urls(LoadOutcome.Loaded loaded) {
        return loaded.config().vips().stream()
                .map(vip -> vip.patroniUrl().map(URI::toString))
                .toList();
    }
}
