package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import org.junit.jupiter.api.Test;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnResponse;

import java.util.List;
import java.util.Optional;

final class EtcdMessagesTest {

    private static final List<String> KEYS = List.of("/a", "/b");

    @Test
    void read_showsWhatIsThereAndWhatIsNot() {
        TxnResponse response =
                TxnResponse.newBuilder()
                        .setHeader(
                                ResponseHeader.newBuilder()
                                        .setClusterId(1)
                                        .setRevision(9)
                                        .setRaftTerm(3))
                        .addResponses(found("pg1"))
                        .addResponses(ResponseOp.getDefaultInstance())
                        .build();

        assertThat(EtcdMessages.read(KEYS, response))
                .contains(
                        new EtcdRead(
                                1,
                                9,
                                3,
                                List.of(
                                        new EtcdEntry("/a", Optional.of("pg1"), 7, 0x1f),
                                        EtcdEntry.absent("/b"))));
    }

    /** What is between us and etcd, or pretends to be one, may answer anything. */
    @Test
    void tooFewOrTooManyAnswers_areNone() {
        TxnResponse.Builder response = TxnResponse.newBuilder();
        assertThat(EtcdMessages.read(KEYS, response.build())).isEmpty();
        response.addResponses(found("pg1"));
        assertThat(EtcdMessages.read(KEYS, response.build())).isEmpty();
        response.addResponses(found("pg1")).addResponses(found("pg1"));
        assertThat(EtcdMessages.read(KEYS, response.build())).isEmpty();
    }

    private static ResponseOp found(String value) {
        KeyValue pair =
                KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8("/a"))
                        .setValue(ByteString.copyFromUtf8(value))
                        .setModRevision(7)
                        .setLease(0x1f)
                        .build();
        return ResponseOp.newBuilder()
                .setResponseRange(RangeResponse.newBuilder().addKvs(pair))
                .build();
    }
}
