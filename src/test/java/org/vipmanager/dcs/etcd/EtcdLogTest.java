package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.dcs.etcd.EtcdFailure.Kind;
import org.vipmanager.http.RecordedLog;

import java.net.URI;
import java.util.List;

final class EtcdLogTest {

    private static final URI ENDPOINT = URI.create("http://a:2379");

    private final RecordedLog recorded = new RecordedLog();
    private final EtcdLog log = new EtcdLog(recorded);

    @Test
    void trouble_isToldOnceUntilItIsOver() {
        log.trouble(failure(Kind.SILENT, "silence"));
        log.trouble(failure(Kind.UNREACHABLE, "refused"));
        log.trouble(failure(Kind.SILENT, "silence"));
        log.allGood(ENDPOINT);
        log.allGood(ENDPOINT);
        log.trouble(failure(Kind.SILENT, "silence"));

        assertThat(told()).containsExactly("silence", "refused", "over", "silence");
    }

    @Test
    void hangingUp_isNoNewsAfterARefusal() {
        log.trouble(failure(Kind.ENDED, "it hung up"));
        log.trouble(failure(Kind.TLS, "expired"));
        log.trouble(failure(Kind.ENDED, "it hung up otherwise"));
        log.trouble(failure(Kind.UNREACHABLE, "gone"));
        log.allGood(ENDPOINT);
        log.trouble(failure(Kind.ENDED, "it hung up otherwise"));

        assertThat(told())
                .containsExactly("it hung up", "expired", "gone", "over", "it hung up otherwise");
    }

    @Test
    void troublesThatAllDiffer_doNotFillTheLog() {
        for (int number = 0; number < 1000; number++) {
            log.trouble(failure(Kind.UNEXPECTED, "trouble " + number));
        }

        assertThat(recorded.lines()).filteredOn(line -> line.startsWith("WARNING")).hasSize(16);
    }

    private static EtcdFailure failure(Kind kind, String details) {
        return new EtcdFailure(kind, ENDPOINT, details);
    }

    /** What is told above the level of details, without the endpoint and the advice. */
    private List<String> told() {
        return recorded.lines().stream()
                .filter(line -> !line.startsWith("DEBUG"))
                .map(line -> line.replaceFirst("^\\w+ etcd http://a:2379: ", ""))
                .map(line -> line.startsWith("answers; ") ? "over" : line.split(";")[0])
                .toList();
    }
}
