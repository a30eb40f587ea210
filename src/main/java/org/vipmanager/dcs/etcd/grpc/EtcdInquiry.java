package org.vipmanager.dcs.etcd.grpc;

import com.google.protobuf.ByteString;

import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdFailure;
import org.vipmanager.dcs.etcd.proto.KVGrpc;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.MaintenanceGrpc;
import org.vipmanager.dcs.etcd.proto.RangeRequest;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.StatusRequest;
import org.vipmanager.dcs.etcd.proto.StatusResponse;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a person asks an endpoint beside what the daemon does: which version it is, and which keys
 * there are. Methods are called on the loop, as those of {@link EtcdConnection}.
 */
public final class EtcdInquiry implements AutoCloseable {

    /** So many names fit into a message of the longest length that is taken. */
    private static final int MOST_KEYS = 500;

    private final GrpcEtcdConnection connection;

    /**
     * What a member says of itself.
     *
     * @param version such as {@code 3.5.16}
     * @param hasLeader whether it knows a leader of its cluster
     */
    public record Member(String version, long clusterId, boolean hasLeader) {}

    /** Begins to connect. */
    public EtcdInquiry(GrpcEtcdCalls calls, URI endpoint) {
        connection = calls.open(endpoint);
    }

    /** For what the daemon asks as well. */
    public EtcdConnection connection() {
        return connection;
    }

    /** Asks which version it is. */
    public void status(Duration deadline, Consumer<Member> answered, Consumer<EtcdFailure> failed) {
        connection.call(
                new GrpcCall.Question<>(
                        MaintenanceGrpc.getStatusMethod(),
                        StatusRequest.getDefaultInstance(),
                        "ask for the version",
                        deadline,
                        EtcdInquiry::member),
                answered,
                failed);
    }

    /**
     * Asks for the names of keys that begin so, in their order; of many, the first {@value
     * #MOST_KEYS}.
     */
    public void keysBelow(
            String prefix,
            Duration deadline,
            Consumer<List<String>> answered,
            Consumer<EtcdFailure> failed) {
        RangeRequest range =
                RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(endOf(prefix))
                        .setLimit(MOST_KEYS)
                        .setKeysOnly(true)
                        .build();
        connection.call(
                new GrpcCall.Question<>(
                        KVGrpc.getRangeMethod(),
                        range,
                        "list the keys below \"" + prefix + "\"",
                        deadline,
                        EtcdInquiry::names),
                answered,
                failed);
    }

    @Override
    public void close() {
        connection.close();
    }

    private static Optional<Member> member(StatusResponse response) {
        return Optional.of(
                new Member(
                        response.getVersion(),
                        response.getHeader().getClusterId(),
                        response.getLeader() != 0));
    }

    private static Optional<List<String>> names(RangeResponse response) {
        return Optional.of(
                response.getKvsList().stream()
                        .map(KeyValue::getKey)
                        .map(ByteString::toStringUtf8)
                        .toList());
    }

    /** The first key behind all that begin so: the last byte one greater (clientv3's op.go). */
    private static ByteString endOf(String prefix) {
        byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1]++; // UTF-8 has no byte 0xff
        return ByteString.copyFrom(bytes);
    }
}
