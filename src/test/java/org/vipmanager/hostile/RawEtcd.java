package org.vipmanager.hostile;

import com.google.protobuf.ByteString;

import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.LeaseTimeToLiveResponse;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnResponse;
import org.vipmanager.hostile.FaultyPeer.Manners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * Speaks HTTP/2 and gRPC by hand, as far as an etcd with one key must, so that bytes can be wrong.
 */
final class RawEtcd {

    static final String KEY = "/leader";
    static final String VALUE = "pg1";
    static final long LEASE = 5;

    private static final int PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length();

    private RawEtcd() {}

    /** What is sent to each question; all of the frames. */
    interface Answers {

        byte[] read(int stream);

        byte[] lease(int stream);

        /** To the first message of a watch. */
        byte[] watch(int stream);
    }

    /** An etcd in which all is well. */
    static class Good implements Answers {

        @Override
        public byte[] read(int stream) {
            return answer(stream, goodRead().toByteArray());
        }

        @Override
        public byte[] lease(int stream) {
            return answer(stream, goodLease().toByteArray());
        }

        @Override
        public byte[] watch(int stream) {
            return new byte[0];
        }
    }

    static Manners with(Answers answers) {
        return connection -> serve(connection, answers);
    }

    static TxnResponse goodRead() {
        KeyValue leader =
                KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8(KEY))
                        .setValue(ByteString.copyFromUtf8(VALUE))
                        .setModRevision(7)
                        .setLease(LEASE)
                        .build();
        RangeResponse range = RangeResponse.newBuilder().addKvs(leader).build();
        return TxnResponse.newBuilder()
                .setHeader(header())
                .addResponses(ResponseOp.newBuilder().setResponseRange(range))
                .build();
    }

    static LeaseTimeToLiveResponse goodLease() {
        return LeaseTimeToLiveResponse.newBuilder()
                .setHeader(header())
                .setId(LEASE)
                .setTtl(20)
                .setGrantedTtl(30)
                .build();
    }

    static ResponseHeader header() {
        return ResponseHeader.newBuilder().setClusterId(1).setRevision(9).setRaftTerm(2).build();
    }

    /** A whole answer: headers, one message, trailers that say that all is well. */
    static byte[] answer(int stream, byte[] message) {
        return Http2Frame.concat(
                headers(stream),
                data(stream, Http2Frame.message(0, message.length, message)),
                trailers(stream, Http2Frame.header("grpc-status", "0")));
    }

    static byte[] headers(int stream) {
        return Http2Frame.of(
                Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, Http2Frame.answerHeaders());
    }

    /** In frames as long as a client takes. */
    static byte[] data(int stream, byte[] bytes) {
        int most = 16_384;
        byte[][] frames = new byte[(bytes.length + most - 1) / most][];
        for (int i = 0; i < frames.length; i++) {
            int length = Math.min(most, bytes.length - i * most);
            byte[] part = new byte[length];
            System.arraycopy(bytes, i * most, part, 0, length);
            frames[i] = Http2Frame.of(Http2Frame.DATA, 0, stream, part);
        }
        return Http2Frame.concat(frames);
    }

    static byte[] trailers(int stream, byte[] block) {
        int flags = Http2Frame.END_HEADERS | Http2Frame.END_STREAM;
        return Http2Frame.of(Http2Frame.HEADERS, flags, stream, block);
    }

    private static void serve(Socket connection, Answers answers) throws IOException {
        InputStream in = connection.getInputStream();
        OutputStream out = connection.getOutputStream();
        in.readNBytes(PREFACE);
        out.write(Http2Frame.of(Http2Frame.SETTINGS, 0, 0, new byte[0]));
        while (true) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(9));
            int lengthAndType = header.getInt();
            int type = lengthAndType & 0xff;
            int flags = header.get();
            int stream = header.getInt();
            byte[] payload = in.readNBytes(lengthAndType >>> 8);
            boolean acknowledges = (flags & Http2Frame.ACK) != 0;
            if (type == Http2Frame.DATA && payload.length > 5) {
                out.write(answer(answers, stream, flags, payload));
            } else if (type == Http2Frame.SETTINGS && !acknowledges) {
                out.write(Http2Frame.of(type, Http2Frame.ACK, 0, new byte[0]));
            } else if (type == Http2Frame.PING && !acknowledges) {
                out.write(Http2Frame.of(type, Http2Frame.ACK, 0, payload));
            }
        }
    }

    /** What is asked shows in the first field: a lease's number, or a transaction's operations. */
    private static byte[] answer(Answers answers, int stream, int flags, byte[] message) {
        if ((flags & Http2Frame.END_STREAM) == 0) {
            return answers.watch(stream);
        }
        return message[5] == 8 ? answers.lease(stream) : answers.read(stream);
    }
}
