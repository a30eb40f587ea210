package org.vipmanager.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.http.HttpQuestion;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class KeyRequestsTest {

    private static final URI ENDPOINT = URI.create("http://127.0.0.1:8500");

    @ParameterizedTest
    @CsvSource({
        "service/db/leader, service/db/leader",
        "/service/db/leader, service/db/leader",
        "//service/db/leader, service/db/leader",
        "/service/my db/leader, service/my%20db/leader",
        "/service/50%+x?y/leader, service/50%25%2Bx%3Fy/leader",
        "/dienst/größe/leader, dienst/gr%C3%B6%C3%9Fe/leader",
        "a//b/, a//b/",
    })
    void keys(String key, String path) {
        assertThat(requests(Optional.empty()).read(ENDPOINT, key).uri())
                .hasToString("http://127.0.0.1:8500/v1/kv/" + path + "?consistent");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8500, http://127.0.0.1:8500",
        "http://127.0.0.1:8500/, http://127.0.0.1:8500",
        "https://[::1]:8501, https://[::1]:8501",
        "https://gate.example/consul/, https://gate.example/consul",
    })
    void endpoints(URI endpoint, String base) {
        assertThat(requests(Optional.empty()).read(endpoint, "k").uri())
                .hasToString(base + "/v1/kv/k?consistent");
    }

    /** The server adds up to a sixteenth to the waiting time; the deadline must be longer. */
    @Test
    void aBlockingQueryHasALongerDeadlineThanTheServerMayTake() {
        HttpQuestion question = requests(Optional.empty()).waitForChange(ENDPOINT, "k", 42);

        assertThat(question.uri())
                .hasToString("http://127.0.0.1:8500/v1/kv/k?consistent&index=42&wait=10000ms");
        assertThat(question.deadline()).isEqualTo(Duration.ofMillis(10_625 + 2000));
    }

    @Test
    void theTokenIsSentAndNotShown() {
        HttpQuestion question = requests(Optional.of("s3cret")).read(ENDPOINT, "k");

        assertThat(question.headers()).containsOnlyKeys("X-Consul-Token");
        assertThat(question.headers().get("X-Consul-Token").get()).isEqualTo("s3cret");
        assertThat(question.toString()).doesNotContain("s3cret");
        assertThat(settings(Optional.of("s3cret")).toString()).doesNotContain("s3cret");
    }

    private static KeyRequests requests(Optional<String> token) {
        return new KeyRequests(settings(token));
    }

    private static ConsulSettings settings(Optional<String> token) {
        return new ConsulSettings(
                List.of(ENDPOINT),
                token.map(text -> () -> text),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                3,
                Duration.ofMillis(250),
                ConsulSettings.USUAL_LONG_POLL);
    }
}
