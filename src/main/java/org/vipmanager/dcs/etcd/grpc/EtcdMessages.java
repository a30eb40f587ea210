package org.vipmanager.dcs.etcd.grpc;

import com.google.protobuf.ByteString;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.proto.AuthenticateRequest;
import org.vipmanager.dcs.etcd.proto.Event;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.LeaseTimeToLiveRequest;
import org.vipmanager.dcs.etcd.proto.LeaseTimeToLiveResponse;
import org.vipmanager.dcs.etcd.proto.RangeRequest;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.RequestOp;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnRequest;
import org.vipmanager.dcs.etcd.proto.TxnResponse;
import org.vipmanager.dcs.etcd.proto.WatchCreateRequest;
import org.vipmanager.dcs.etcd.proto.WatchProgressRequest;
import org.vipmanager.dcs.etcd.proto.WatchRequest;
import org.vipmanager.dcs.etcd.proto.WatchResponse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Our words for etcd's messages, and the other way round. */
final class EtcdMessages {

    private static final long TEN_YEARS = Duration.ofDays(3650).toSeconds();

    private EtcdMessages() {}

    /** Some keys in a sentence. */
    static String named(List<String> keys) {
        return keys.size() == 1
                ? "\"" + keys.getFirst() + "\""
                : "\"" + keys.getFirst() + "\" and " + (keys.size() - 1) + " more keys";
    }

    /** A transaction without conditions: ranges of one key each, not serializable. */
    static TxnRequest read(List<String> keys) {
        TxnRequest.Builder transaction = TxnRequest.newBuilder();
        for (String key : keys) {
            transaction.addSuccess(
                    RequestOp.newBuilder()
                            .setRequestRange(
                                    RangeRequest.newBuilder()
                                            .setKey(ByteString.copyFromUtf8(key))));
        }
        return transaction.build();
    }

    /** What was read; empty when that is no answer to those questions, or cannot be true. */
    static Optional<EtcdConnection.Answer> read(List<String> keys, TxnResponse response) {
        if (response.getResponsesCount() != keys.size()) {
            return Optional.empty();
        }
        ResponseHeader header = response.getHeader();
        List<EtcdEntry> entries = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            Optional<EtcdEntry> entry = entry(keys.get(i), response.getResponses(i), header);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            entries.add(entry.get());
        }
        return Optional.of(
                new EtcdConnection.Answer(
                        header.getClusterId(),
                        header.getRevision(),
                        header.getRaftTerm(),
                        entries));
    }

    private static Optional<EtcdEntry> entry(
            String key, ResponseOp response, ResponseHeader header) {
        if (!response.hasResponseRange()) {
            return Optional.empty();
        }
        RangeResponse range = response.getResponseRange();
        if (range.getKvsCount() == 0) {
            return Optional.of(EtcdEntry.absent(key));
        }
        KeyValue found = range.getKvs(0);
        boolean isTheOne = range.getKvsCount() == 1 && found.getKey().toStringUtf8().equals(key);
        boolean canBe =
                found.getModRevision() > 0 && found.getModRevision() <= header.getRevision();
        return isTheOne && canBe ? Optional.of(entry(key, found, true)) : Optional.empty();
    }

    static AuthenticateRequest logIn(String user, String password) {
        return AuthenticateRequest.newBuilder().setName(user).setPassword(password).build();
    }

    static LeaseTimeToLiveRequest timeToLive(long leaseId) {
        return LeaseTimeToLiveRequest.newBuilder().setId(leaseId).build();
    }

    /** What is left of a lease; empty when that is the answer to another question. */
    static Optional<LeaseProof.Answer> timeToLive(long asked, LeaseTimeToLiveResponse response) {
        return response.getId() != asked
                ? Optional.empty()
                : Optional.of(
                        new LeaseProof.Answer(
                                asked,
                                seconds(response.getTtl()),
                                seconds(response.getGrantedTtl()),
                                response.getHeader().getRaftTerm()));
    }

    /** Whatever is answered can be reckoned with. */
    private static Duration seconds(long number) {
        return Duration.ofSeconds(Math.clamp(number, -1, TEN_YEARS));
    }

    static WatchRequest watch(String key, long startRevision) {
        return WatchRequest.newBuilder()
                .setCreateRequest(
                        WatchCreateRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setStartRevision(startRevision))
                .build();
    }

    /** Asks a stream of watches whether it is alive; etcd 3.4 and later answer. */
    static WatchRequest progress() {
        return WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build();
    }

    static List<EtcdEntry> changes(WatchResponse response) {
        List<EtcdEntry> changes = new ArrayList<>(response.getEventsCount());
        for (Event event : response.getEventsList()) {
            KeyValue pair = event.getKv();
            changes.add(
                    entry(pair.getKey().toStringUtf8(), pair, event.getType() == Event.Type.PUT));
        }
        return changes;
    }

    private static EtcdEntry entry(String key, KeyValue pair, boolean present) {
        return new EtcdEntry(
                key,
                present ? Optional.of(pair.getValue().toStringUtf8()) : Optional.empty(),
                pair.getModRevision(),
                pair.getLease());
    }
}
