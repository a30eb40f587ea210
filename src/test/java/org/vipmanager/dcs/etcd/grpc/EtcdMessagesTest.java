package org.vipmanager.dcs.etcd.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.LeaseTimeToLiveResponse;
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
                        .addResponses(
                                ResponseOp.newBuilder()
                                        .setResponseRange(RangeResponse.getDefaultInstance()))
                        .build();

        assertThat(EtcdMessages.read(KEYS, response))
                .contains(
                        new EtcdConnection.Answer(
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

    @ParameterizedTest
    @CsvSource({"/a, 7, true", "/b, 7, false", "/a, 10, false", "/a, 0, false", "/a, -7, false"})
    void answerThatCannotBeTrue_isNone(String key, long modRevision, boolean canBe) {
        TxnResponse response = answer(found(key, "pg1", modRevision));

        assertThat(EtcdMessages.read(List.of("/a"), response).isPresent()).isEqualTo(canBe);
    }

    @Test
    void severalValuesOfOneKey_orNoRange_areNone() {
        ResponseOp twice =
                ResponseOp.newBuilder()
                        .setResponseRange(
                                RangeResponse.newBuilder()
                                        .addKvs(KeyValue.getDefaultInstance())
                                        .addKvs(KeyValue.getDefaultInstance()))
                        .build();

        assertThat(EtcdMessages.read(List.of("/a"), answer(twice))).isEmpty();
        assertThat(EtcdMessages.read(List.of("/a"), answer(ResponseOp.getDefaultInstance())))
                .isEmpty();
    }

    /** A time that no clock can be added to ended the daemon. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 30, 9_223_372_036L, Long.MAX_VALUE})
    void anyTimeOfALease_canBeReckonedWith(long seconds) {
        LeaseTimeToLiveResponse response =
                LeaseTimeToLiveResponse.newBuilder()
                        .setId(5)
                        .setTtl(seconds)
                        .setGrantedTtl(seconds)
                        .build();
        LeaseProof.Answer answer = EtcdMessages.timeToLive(5, response).orElseThrow();
        Moment now = new Moment(1);
        Sighting key =
                new Sighting(
                        "/a",
                        Optional.of("pg1"),
                        Sighting.Origin.READ,
                        new Revision(1, 9),
                        7,
                        5,
                        now,
                        now);

        Optional<LeaseProof> proof =
                LeaseProof.weigh(new LeaseProof.Question(key, now), answer, now, key, 0);

        assertThat(proof.isPresent()).isEqualTo(seconds >= 0);
        assertThat(EtcdMessages.timeToLive(6, response)).as("another lease").isEmpty();
    }

    private static TxnResponse answer(ResponseOp operation) {
        return TxnResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder().setRevision(9))
                .addResponses(operation)
                .build();
    }

    private static ResponseOp found(String value) {
        return found("/a", value, 7);
    }

    private static ResponseOp found(String key, String value, long modRevision) {
        KeyValue pair =
                KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value))
                        .setModRevision(modRevision)
                        .setLease(0x1f)
                        .build();
        return ResponseOp.newBuilder()
                .setResponseRange(RangeResponse.newBuilder().addKvs(pair))
                .build();
    }
}
