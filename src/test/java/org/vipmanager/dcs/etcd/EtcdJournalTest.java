package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.http.RecordedLog;

import java.net.URI;

final class EtcdJournalTest {

    private static final URI ENDPOINT = URI.create("http://a:2379");

    private final RecordedLog log = new RecordedLog();
    private final EtcdJournal journal = new EtcdJournal(log);

    @Test
    void trouble_isToldOnceUntilItIsOver() {
        journal.trouble("a refuses");
        journal.trouble("b refuses");
        journal.trouble("a refuses");
        journal.allGood(ENDPOINT);
        journal.allGood(ENDPOINT);
        journal.trouble("a refuses");

        assertThat(log.lines())
                .filteredOn(line -> !line.startsWith("DEBUG"))
                .containsExactly(
                        "WARNING a refuses",
                        "WARNING b refuses",
                        "INFO etcd http://a:2379: answers; the trouble with etcd is over",
                        "WARNING a refuses");
    }

    @Test
    void troublesThatAllDiffer_doNotFillTheLog() {
        for (int number = 0; number < 1000; number++) {
            journal.trouble("trouble " + number);
        }

        assertThat(log.lines()).filteredOn(line -> line.startsWith("WARNING")).hasSize(16);
    }
}
