package org.vipmanager.dcs.etcd.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;

import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.proto.Event;
import org.vipmanager.dcs.etcd.proto.KVGrpc;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.LeaseGrpc;
import org.vipmanager.dcs.etcd.proto.LeaseTimeToLiveResponse;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnResponse;
import org.vipmanager.dcs.etcd.proto.WatchGrpc;
import org.vipmanager.dcs.etcd.proto.WatchResponse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes and reads the messages of a takeover as gRPC does, and sends nothing.
 *
 * <p>Two methods of protobuf are so long that the JVM needs ten milliseconds to compile each: a
 * follower, which hears one message a second, would have them compiled during its first takeover.
 * Belongs to the loop.
 */
public final class PracticeMessages implements Runnable {

    static final long LEASE = 1;

    private final Trigger trigger;

    /** Prepares nothing yet: at the start that would take time. */
    public PracticeMessages(Trigger trigger) {
        this.trigger = trigger;
    }

    @Override
    public void run() {
        List<String> keys = List.of(trigger.key());
        write(WatchGrpc.getWatchMethod(), EtcdMessages.progress());
        EtcdMessages.changes(read(WatchGrpc.getWatchMethod(), change()));
        write(LeaseGrpc.getLeaseTimeToLiveMethod(), EtcdMessages.timeToLive(LEASE));
        EtcdMessages.timeToLive(LEASE, read(LeaseGrpc.getLeaseTimeToLiveMethod(), timeToLive()));
        write(KVGrpc.getTxnMethod(), EtcdMessages.read(keys));
        EtcdMessages.read(keys, read(KVGrpc.getTxnMethod(), confirmation()));
    }

    WatchResponse change() {
        return WatchResponse.newBuilder()
                .setHeader(header())
                .addEvents(Event.newBuilder().setType(Event.Type.PUT).setKv(pair()))
                .build();
    }

    static LeaseTimeToLiveResponse timeToLive() {
        return LeaseTimeToLiveResponse.newBuilder()
                .setHeader(header())
                .setId(LEASE)
                .setTtl(1)
                .setGrantedTtl(1)
                .build();
    }

    TxnResponse confirmation() {
        return TxnResponse.newBuilder()
                .setHeader(header())
                .addResponses(
                        ResponseOp.newBuilder()
                                .setResponseRange(RangeResponse.newBuilder().addKvs(pair())))
                .build();
    }

    private static ResponseHeader header() {
        return ResponseHeader.newBuilder().setClusterId(1).setRevision(2).setRaftTerm(1).build();
    }

    private KeyValue pair() {
        return KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8(trigger.key()))
                .setValue(ByteString.copyFromUtf8(trigger.value()))
                .setModRevision(2)
                .setLease(LEASE)
                .build();
    }

    private static <Q extends MessageLite> void write(MethodDescriptor<Q, ?> method, Q message) {
        try {
            ((Drainable) method.streamRequest(message)).drainTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <A extends MessageLite> A read(MethodDescriptor<?, A> method, A message) {
        return method.parseResponse(new Received(message.toByteArray()));
    }

    /** gRPC reads what it knows the length of from an array. */
    private static final class Received extends ByteArrayInputStream implements KnownLength {
        Received(byte[] message) {
            super(message);
        }
    }
}
