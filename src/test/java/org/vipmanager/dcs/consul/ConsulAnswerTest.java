package org.vipmanager.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.Moment;
import org.vipmanager.dcs.consul.ConsulAnswer.Denied;
import org.vipmanager.dcs.consul.ConsulAnswer.Faulty;
import org.vipmanager.dcs.consul.ConsulAnswer.KeyState;
import org.vipmanager.http.HttpAnswer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

final class ConsulAnswerTest {

    /** As Consul 1.8.7 sends it. */
    private static final String FOUND =
            """
            [
                {
                    "LockIndex": 1,
                    "Key": "service/db/leader",
                    "Flags": 0,
                    "Value": "cGcx",
                    "Session": "adf4238a-882b-9ddc-4a9d-5b6758e4159e",
                    "CreateIndex": 39,
                    "ModifyIndex": 42
                }
            ]
            """;

    @Test
    void aKeyWithItsValueAndIndexes() {
        assertThat(answer(200, "42", FOUND)).isEqualTo(new KeyState(Optional.of("pg1"), 42, 42));
    }

    @Test
    void aKeyWithoutValueIsThereAndEmpty() {
        assertThat(answer(200, "42", "[{\"Value\":null,\"ModifyIndex\":42}]"))
                .isEqualTo(new KeyState(Optional.of(""), 42, 42));
    }

    @Test
    void absent_withTheIndexOfTheTable() {
        assertThat(answer(404, "77", "")).isEqualTo(new KeyState(Optional.empty(), 77, 0));
    }

    @Test
    void notFound_withoutIndex_isNoConsul() {
        assertThat(answer(404, null, "404 page not found"))
                .isEqualTo(
                        new Faulty(
                                "answered 404 without X-Consul-Index (404 page not found)", true));
        assertThat(answer(200, null, FOUND)).isInstanceOf(Faulty.class);
        assertThat(answer(200, "many", FOUND)).isInstanceOf(Faulty.class);
        assertThat(answer(200, "-1", FOUND)).isInstanceOf(Faulty.class);
    }

    @Test
    void denied() {
        assertThat(answer(403, null, "Permission denied\n"))
                .isEqualTo(new Denied("answered 403 (Permission denied)"));
    }

    @Test
    void noLeader() {
        assertThat(answer(500, null, "No cluster leader"))
                .isEqualTo(new Faulty("answered 500 (No cluster leader)", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "[null]",
                "[{}]",
                "<html>",
                "[{\"Value\":\"cGcx\"}]",
                "[{\"ModifyIndex\":42}]",
                "[{\"Value\":\"not base64!\",\"ModifyIndex\":42}]",
                "[{\"Value\":17,\"ModifyIndex\":42}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":\"42\"}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":42},{\"Value\":\"cGcx\",\"ModifyIndex\":42}]",
                "[{\"Value\":\"cGcx\",\"ModifyIn",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":42}] and more",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":4.2}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":1e99}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":-42}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":99999999999999999999}]",
                "[{\"Value\":\"cGcx\",\"ModifyIndex\":42,\"ModifyIndex\":43}]",
                "[{\"Value\":\"cGcx\0\",\"ModifyIndex\":42}]",
            })
    void unparsable(String body) {
        assertThat(answer(200, "42", body)).isInstanceOf(Faulty.class);
    }

    /** The decision thread has a small stack. */
    @ParameterizedTest
    @ValueSource(ints = {20, 300, 999, 500_000})
    void deeplyNested(int depth) throws InterruptedException {
        for (String body :
                List.of(
                        "[".repeat(depth),
                        "{\"a\":".repeat(depth),
                        "[{\"Value\":" + "[".repeat(depth) + "]".repeat(depth) + "}]")) {
            AtomicReference<ConsulAnswer> answer = new AtomicReference<>();
            Thread small =
                    new Thread(null, () -> answer.set(answer(200, "42", body)), "small", 256 << 10);
            small.start();
            small.join();
            assertThat(answer.get()).isInstanceOf(Faulty.class);
        }
    }

    private static ConsulAnswer answer(int status, String index, String body) {
        Map<String, String> headers = index == null ? Map.of() : Map.of("X-Consul-Index", index);
        return ConsulAnswer.of(new HttpAnswer(status, headers, body, new Moment(1), new Moment(2)));
    }
}
