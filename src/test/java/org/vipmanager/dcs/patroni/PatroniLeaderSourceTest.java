package org.vipmanager.dcs.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Sighting.Origin;
import org.vipmanager.core.Trigger;
import org.vipmanager.http.ScriptedHttp;
import org.vipmanager.http.ScriptedHttp.Sent;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

final class PatroniLeaderSourceTest {

    private final FakeLoop loop = new FakeLoop();
    private final ScriptedHttp http = new ScriptedHttp(loop);
    private final List<Sighting> seen = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final PatroniLeaderSource source =
            new PatroniLeaderSource(
                    loop,
                    http,
                    new PatroniSettings(
                            URI.create("http://127.0.0.1:8008/"),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            3,
                            Duration.ofMillis(250)));

    @Test
    void theStatusIsTheValue() {
        start("/leader");
        Moment sentAt = loop.now();
        advance(5);
        http.open("/leader").answer(200, "{}");

        assertThat(seen)
                .containsExactly(
                        new Sighting(
                                "/leader",
                                Optional.of("200"),
                                Origin.READ,
                                new Revision(0, 0),
                                0,
                                0,
                                sentAt,
                                loop.now()));
        assertThat(seen.getFirst().isLeader(new Trigger("/leader", "200"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 401, 404, 500, 503})
    void everyStatusIsASighting(int status) {
        start("/leader");
        http.open("/leader").answer(status, "whatever");
        assertThat(seen.getFirst().value()).contains(Integer.toString(status));
        assertThat(failures).isEmpty();
    }

    /** A key of etcd where a path of the REST API belongs only ever got 404. */
    @Test
    void unknownPath_isToldOnce_unlessThatIsWaitedFor() {
        List<String> told = new ArrayList<>();
        Handler listening = listening(told);
        Logger.getLogger("org.vipmanager.patroni").addHandler(listening);
        try {
            source.start(
                    List.of(new Trigger("/service/x/leader", "200"), new Trigger("/gone", "404")),
                    listener());
            for (int second = 0; second < 5; second++) {
                http.open("/service/x/leader").answer(404, "");
                http.open("/gone").answer(404, "");
                advance(1000);
            }
        } finally {
            Logger.getLogger("org.vipmanager.patroni").removeHandler(listening);
        }
        assertThat(told)
                .filteredOn(line -> line.contains("404"))
                .containsExactly(
                        "Patroni at http://127.0.0.1:8008 answers 404: it has no path"
                                + " /service/x/leader, which must be one of its REST API, such as"
                                + " /leader, with dcs-type patroni; it looks like a leader key, for"
                                + " dcs-type etcd or consul");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8008, /leader, http://127.0.0.1:8008/leader",
        "http://127.0.0.1:8008/, /leader, http://127.0.0.1:8008/leader",
        "http://127.0.0.1:8008/, leader, http://127.0.0.1:8008/leader",
        "http://pg1:8008, /replica?lag=1MB, http://pg1:8008/replica?lag=1MB",
        "http://pg1:8008, /standby-leader, http://pg1:8008/standby-leader",
        "http://pg1:8008, /replica?tag_key=a b, http://pg1:8008/replica?tag_key=a%20b",
        "http://pg1:8008, /replica?tag_key=50%&x=%41, http://pg1:8008/replica?tag_key=50%25&x=%41",
        "https://[::1]:8008/patroni//, //primary, https://[::1]:8008/patroni/primary",
    })
    void anyPathOfAnyBase(URI base, String path, String expected) {
        assertThat(PatroniSettings.below(base, path)).hasToString(expected);
    }

    @Test
    void pollsEveryIntervalOneRequestAtATime() {
        start("/leader");
        for (int second = 0; second < 10; second++) {
            http.open("/leader").answer(200, "");
            advance(1000);
        }
        assertThat(http.count()).isEqualTo(11);
        assertThat(http.open()).hasSize(1);
        assertThat(http.open("/leader").question().method()).isEqualTo("GET");
    }

    @Test
    void errorsUseUpTheRetries() {
        start("/leader");
        http.open("/leader").refuse();
        advance(250);
        http.open("/leader").refuse();
        assertThat(failures).isEmpty();
        advance(250);
        http.open("/leader").refuse();

        assertThat(failures)
                .containsExactly(
                        "Patroni at http://127.0.0.1:8008 refused the connection when asked for"
                                + " /leader");
        assertThat(seen).isEmpty();
        advance(500);
        http.open("/leader").answer(503, "");
        assertThat(seen.getFirst().value()).contains("503");
    }

    @Test
    void restart_ignoresAnOldAnswer() {
        start("/leader");
        Sent old = http.open("/leader");
        source.restart();
        old.answer(200, "");
        assertThat(seen).isEmpty();
        http.open("/leader").answer(503, "");
        assertThat(seen).hasSize(1);
    }

    @Test
    void readNow_asksWithoutWaitingForTheInterval() {
        start("/leader");
        http.open("/leader").answer(200, "");
        source.readNow();
        assertThat(http.open()).hasSize(1);
    }

    @Test
    void follow_anotherPath() {
        start("/leader");
        http.open("/leader").answer(200, "");
        source.follow(List.of(new Trigger("/replica", "200")));
        http.open("/replica").answer(503, "");
        assertThat(seen.getLast().key()).isEqualTo("/replica");
        assertThat(http.open()).isEmpty();
    }

    @Test
    void close_endsAll() {
        start("/leader");
        Sent old = http.open("/leader");
        source.close();
        old.answer(200, "");
        advance(10_000);
        assertThat(seen).isEmpty();
        assertThat(loop.alarms()).isZero();
        assertThat(http.isClosed()).isTrue();
    }

    private void start(String path) {
        source.start(List.of(new Trigger(path, "200")), listener());
    }

    private LeaderSource.Listener listener() {
        return new LeaderSource.Listener() {
            @Override
            public void seen(Sighting sighting) {
                seen.add(sighting);
            }

            @Override
            public void proved(LeaseProof proof) {
                throw new AssertionError("Patroni proves no lease");
            }

            @Override
            public void failed(String trouble) {
                failures.add(trouble);
            }
        };
    }

    private static Handler listening(List<String> told) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private void advance(long millis) {
        loop.advance(Duration.ofMillis(millis));
    }
}
