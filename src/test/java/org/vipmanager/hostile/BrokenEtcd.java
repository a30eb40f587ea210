package org.vipmanager.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;

import org.vipmanager.dcs.etcd.proto.Event;
import org.vipmanager.dcs.etcd.proto.KeyValue;
import org.vipmanager.dcs.etcd.proto.LeaseTimeToLiveResponse;
import org.vipmanager.dcs.etcd.proto.RangeResponse;
import org.vipmanager.dcs.etcd.proto.ResponseHeader;
import org.vipmanager.dcs.etcd.proto.ResponseOp;
import org.vipmanager.dcs.etcd.proto.TxnResponse;
import org.vipmanager.dcs.etcd.proto.WatchResponse;
import org.vipmanager.hostile.FaultyPeer.Manners;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;

/** Makes servers whose HTTP/2, gRPC or protobuf is wrong, or whose etcd talks nonsense. */
final class BrokenEtcd {

    private static final String[] FIRST_WORDS = {
        "",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\u0015\u0003\u0001\0\u0002\u0002\n",
        "SSH-2.0-x\r\n"
    };

    private static final String[] TEXTS = {
        "etcdserver: permission denied",
        "etcdserver: invalid auth token",
        "etcdserver: no leader",
        "etcdserver: user name is empty",
        "etcdserver: mvcc: required revision has been compacted",
        "\u001b[2J%E2%80%AE%0A%0D%00 " + "x".repeat(7000),
        "%"
    };

    private BrokenEtcd() {}

    static Manners manners(Random dice) {
        return switch (dice.nextInt(10)) {
            case 0 ->
                    firstBytes(FIRST_WORDS[dice.nextInt(FIRST_WORDS.length)].getBytes(ISO_8859_1));
            case 1 -> firstBytes(anyBytes(dice));
            case 2 -> firstBytes(anyFrames(dice));
            case 3 -> floods(dice);
            case 4 -> watches(dice);
            case 5 -> answers(stream -> spoilt(dice, RawEtcd.answer(stream, read(dice, false))));
            case 6 -> answers(stream -> framing(dice, stream));
            case 7 -> answers(stream -> RawEtcd.answer(stream, tooMuch(dice)));
            case 8 -> leases(dice);
            default -> answers(stream -> RawEtcd.answer(stream, read(dice, true)));
        };
    }

    private static Manners answers(IntFunction<byte[]> answer) {
        return RawEtcd.with(
                new RawEtcd.Good() {
                    @Override
                    public byte[] read(int stream) {
                        return answer.apply(stream);
                    }
                });
    }

    private static Manners leases(Random dice) {
        return RawEtcd.with(
                new RawEtcd.Good() {
                    @Override
                    public byte[] lease(int stream) {
                        LeaseTimeToLiveResponse nonsense =
                                LeaseTimeToLiveResponse.newBuilder()
                                        .setHeader(header(dice))
                                        .setId(dice.nextBoolean() ? RawEtcd.LEASE : number(dice))
                                        .setTtl(number(dice))
                                        .setGrantedTtl(number(dice))
                                        .build();
                        return RawEtcd.answer(stream, nonsense.toByteArray());
                    }
                });
    }

    private static Manners watches(Random dice) {
        return RawEtcd.with(
                new RawEtcd.Good() {
                    @Override
                    public byte[] watch(int stream) {
                        byte[] events = events(dice).toByteArray();
                        byte[] message = Http2Frame.message(0, events.length, events);
                        int times = dice.nextInt(4) == 0 ? 1000 : 1 + dice.nextInt(5);
                        return Http2Frame.concat(
                                RawEtcd.headers(stream),
                                RawEtcd.data(
                                        stream,
                                        Http2Frame.repeated(message, times * message.length)));
                    }
                });
    }

    private static Manners firstBytes(byte[] bytes) {
        return connection -> {
            OutputStream out = connection.getOutputStream();
            out.write(bytes);
            if (bytes.length % 2 == 0) {
                connection.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        };
    }

    private static Manners floods(Random dice) {
        Http2Flood[] kinds = Http2Flood.values();
        return kinds[dice.nextInt(kinds.length)].manners(dice.nextBoolean());
    }

    private static byte[] anyBytes(Random dice) {
        byte[] bytes = new byte[dice.nextInt(5000)];
        dice.nextBytes(bytes);
        return bytes;
    }

    private static byte[] anyFrames(Random dice) {
        byte[][] frames = new byte[1 + dice.nextInt(20)][];
        frames[0] = Http2Frame.of(Http2Frame.SETTINGS, 0, 0, new byte[0]);
        for (int i = 1; i < frames.length; i++) {
            byte[] payload = new byte[dice.nextInt(40)];
            dice.nextBytes(payload);
            int claimed = dice.nextInt(4) == 0 ? dice.nextInt(1 << 24) : payload.length;
            int stream = dice.nextInt(3) == 0 ? dice.nextInt() : dice.nextInt(6);
            frames[i] =
                    Http2Frame.claiming(
                            claimed, dice.nextInt(12), dice.nextInt(256), stream, payload);
        }
        return Http2Frame.concat(frames);
    }

    /** Bits turned, cut off, told twice. */
    private static byte[] spoilt(Random dice, byte[] good) {
        byte[] bytes = good.clone();
        for (int i = dice.nextInt(8); i > 0; i--) {
            bytes[dice.nextInt(bytes.length)] ^= (byte) (1 << dice.nextInt(8));
        }
        return switch (dice.nextInt(3)) {
            case 0 -> Arrays.copyOf(bytes, dice.nextInt(bytes.length));
            case 1 -> Http2Frame.concat(bytes, bytes);
            default -> bytes;
        };
    }

    /** What gRPC puts around a message is wrong. */
    private static byte[] framing(Random dice, int stream) {
        byte[] good = RawEtcd.goodRead().toByteArray();
        byte[] ok = RawEtcd.trailers(stream, Http2Frame.header("grpc-status", "0"));
        return switch (dice.nextInt(8)) {
            case 0 -> message(stream, dice.nextInt(256), good.length, good, ok);
            case 1 -> message(stream, 0, dice.nextInt(), good, ok);
            case 2 -> message(stream, 0, good.length, good, new byte[0]);
            case 3 -> Http2Frame.concat(RawEtcd.headers(stream), ok);
            case 4 -> Http2Frame.concat(ok, RawEtcd.answer(stream, good));
            case 5 ->
                    RawEtcd.trailers(
                            stream,
                            Http2Frame.concat(
                                    Http2Frame.answerHeaders(),
                                    Http2Frame.header("grpc-status", "" + (dice.nextInt(20) - 1)),
                                    Http2Frame.header(
                                            "grpc-message", TEXTS[dice.nextInt(TEXTS.length)])));
            case 6 ->
                    RawEtcd.trailers(
                            stream,
                            Http2Frame.concat(
                                    Http2Frame.header(":status", "" + (100 + dice.nextInt(500))),
                                    Http2Frame.header("content-type", "text/html")));
            default -> bomb(stream, ok);
        };
    }

    private static byte[] message(
            int stream, int compressed, int length, byte[] bytes, byte[] trailers) {
        return Http2Frame.concat(
                RawEtcd.headers(stream),
                RawEtcd.data(stream, Http2Frame.message(compressed, length, bytes)),
                trailers);
    }

    /** A few KiB that unpack to 16 MiB. */
    private static byte[] bomb(int stream, byte[] trailers) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(new byte[16 << 20]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] headers =
                Http2Frame.concat(
                        Http2Frame.answerHeaders(), Http2Frame.header("grpc-encoding", "gzip"));
        return Http2Frame.concat(
                Http2Frame.of(Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, headers),
                RawEtcd.data(stream, Http2Frame.message(1, packed.size(), packed.toByteArray())),
                trailers);
    }

    /** Small elements without end, groups within groups, one long value. */
    private static byte[] tooMuch(Random dice) {
        return switch (dice.nextInt(4)) {
            case 0 -> Http2Frame.repeated(new byte[] {0x1a, 0}, 1 << 18);
            case 1 -> Http2Frame.repeated(new byte[] {0x0b}, 1 << 17);
            case 2 -> Http2Frame.repeated(new byte[] {0x78, 1}, 1 << 18);
            default -> {
                ByteString kvs =
                        ByteString.copyFrom(Http2Frame.repeated(new byte[] {18, 0}, 250_000));
                yield TxnResponse.newBuilder()
                        .addResponses(ResponseOp.newBuilder().setResponseRange(parsed(kvs)))
                        .build()
                        .toByteArray();
            }
        };
    }

    private static RangeResponse parsed(ByteString bytes) {
        try {
            return RangeResponse.parseFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Random dice, boolean nonsense) {
        TxnResponse.Builder answer = RawEtcd.goodRead().toBuilder();
        if (!nonsense) {
            return answer.build().toByteArray();
        }
        answer.setHeader(header(dice));
        answer.clearResponses();
        for (int i = dice.nextInt(3); i >= 0; i--) {
            RangeResponse.Builder range = RangeResponse.newBuilder();
            int count = dice.nextInt(8) == 0 ? 3000 : dice.nextInt(3);
            for (int k = 0; k < count; k++) {
                range.addKvs(pair(dice));
            }
            answer.addResponses(ResponseOp.newBuilder().setResponseRange(range));
        }
        return answer.build().toByteArray();
    }

    private static WatchResponse events(Random dice) {
        WatchResponse.Builder response = WatchResponse.newBuilder().setHeader(header(dice));
        if (dice.nextInt(4) == 0) {
            response.setCanceled(true)
                    .setCancelReason(TEXTS[dice.nextInt(TEXTS.length)])
                    .setCompactRevision(dice.nextBoolean() ? number(dice) : 0);
        }
        for (int i = dice.nextInt(5); i > 0; i--) {
            response.addEvents(Event.newBuilder().setTypeValue(dice.nextInt(4)).setKv(pair(dice)));
        }
        return response.build();
    }

    private static KeyValue pair(Random dice) {
        byte[] value = new byte[dice.nextInt(40)];
        dice.nextBytes(value);
        return KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8(dice.nextInt(3) == 0 ? "/other" : RawEtcd.KEY))
                .setValue(
                        dice.nextBoolean()
                                ? ByteString.copyFromUtf8(RawEtcd.VALUE)
                                : ByteString.copyFrom(value))
                .setModRevision(number(dice))
                .setLease(number(dice))
                .build();
    }

    private static ResponseHeader header(Random dice) {
        return dice.nextBoolean()
                ? RawEtcd.header()
                : ResponseHeader.newBuilder()
                        .setClusterId(number(dice))
                        .setRevision(number(dice))
                        .setRaftTerm(number(dice))
                        .build();
    }

    private static long number(Random dice) {
        return switch (dice.nextInt(6)) {
            case 0 -> -1;
            case 1 -> 0;
            case 2 -> Long.MAX_VALUE - dice.nextInt(2);
            case 3 -> Long.MIN_VALUE + dice.nextInt(2);
            case 4 -> dice.nextInt(20);
            default -> dice.nextLong();
        };
    }
}
