package org.vipmanager.dcs.etcd.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;

import java.util.List;
import java.util.Optional;

/** What is practised is what etcd says, and so goes the way of a takeover to its end. */
final class PracticeMessagesTest {

    private static final String KEY = "/service/db/leader";

    private final PracticeMessages practice = new PracticeMessages(new Trigger(KEY, "pg1"));

    @Test
    void messagesAreThoseOfATakeover() {
        EtcdEntry ours = new EtcdEntry(KEY, Optional.of("pg1"), 2, PracticeMessages.LEASE);

        assertThat(EtcdMessages.changes(practice.change())).containsExactly(ours);
        assertThat(EtcdMessages.read(List.of(KEY), practice.confirmation()))
                .map(EtcdConnection.Answer::entries)
                .contains(List.of(ours));
        assertThat(EtcdMessages.timeToLive(PracticeMessages.LEASE, PracticeMessages.timeToLive()))
                .isPresent();
    }

    @Test
    void writesAndReads_asGrpcDoes() {
        assertThatCode(practice::run).doesNotThrowAnyException();
    }
}
