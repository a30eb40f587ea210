package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.dcs.etcd.EtcdFailure.Kind;
import org.vipmanager.http.RecordedLog;

import java.net.URI;
import java.util.List;

final class EtcdJournalTest {

    private static final URI ENDPOINT = URI.create("http://a:2379");

    private final RecordedLog log = new RecordedLog();
    private final EtcdJournal journal = new EtcdJournal(log);

    @Test
    void trouble_isToldOnceUntilItIsOver() {
        journal.trouble(failure(Kind.SILENT, "silence"));
        journal.trouble(failure(Kind.UNREACHABLE, "refused"));
        journal.trouble(failure(Kind.SILENT, "silence"));
        journal.allGood(ENDPOINT);
        journal.allGood(ENDPOINT);
        journal.trouble(failure(Kind.SILENT, "silence"));

        assertThat(told()).containsExactly("silence", "refused", "over", "silence");
    }

    @Test
    void hangingUp_isNoNewsAfterARefusal() {
        journal.trouble(failure(Kind.ENDED, "it hung up"));
        journal.trouble(failure(Kind.TLS, "expired"));
        journal.trouble(failure(Kind.ENDED, "it hung up otherwise"));
        journal.trouble(failure(Kind.UNREACHABLE, "gone"));
        journal.allGood(ENDPOINT);
        journal.trouble(failure(Kind.ENDED, "it hung up otherwise"));

        assertThat(told())
                .containsExactly("it hung up", "expired", "gone", "over", "it hung up otherwise");
    }

    @Test
    void troublesThatAllDiffer_doNotFillTheLog() {
        for (int number = 0; number < 1000; number++) {
            journal.trouble(failure(Kind.UNEXPECTED, "trouble " + number));
        }

        assertThat(log.lines()).filteredOn(line -> line.startsWith("WARNING")).hasSize(16);
    }

    private static EtcdFailure failure(Kind kind, String details) {
        return new EtcdFailure(kind, ENDPOINT, details);
    }

    /** What is told above the level of details, without the endpoint and the advice. */
    private List<String> told() {
        return log.lines().stream()
                .filter(line -> !line.startsWith("DEBUG"))
                .map(line -> line.replaceFirst("^\\w+ etcd http://a:2379: ", ""))
                .map(line -> line.startsWith("answers; ") ? "over" : line.split(";")[0])
                .toList();
    }
}
