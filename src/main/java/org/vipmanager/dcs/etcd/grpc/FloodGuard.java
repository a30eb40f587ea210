package org.vipmanager.dcs.etcd.grpc;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.FixedRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;

import java.io.IOException;

/**
 * Bounds what a server can make this process do and keep for it over HTTP/2.
 *
 * <p>Each PING and SETTINGS frame is owed an acknowledgement, which waits here until the server
 * reads it: one that floods and does not read filled the heap within three seconds, and gRPC's
 * client has no bound of its own. So nothing more is read while too much waits to be written, and a
 * connection over which more frames come than any etcd sends is ended. What is owed is then never
 * more than the answers to one small read, and what the channel holds before it calls itself full
 * (64 KiB).
 *
 * <p>Frames: RFC 9113, section 4.1. Lives on the network thread.
 */
final class FloodGuard extends ChannelInboundHandlerAdapter {

    /**
     * Frames within a second, where each KiB counts as another. A thousand leases asked about at
     * once, and a thousand keys watched, are 5,000.
     */
    static final int MOST_FRAMES = 50_000;

    /** Of the smallest frames, 2,000: what one read makes owed. */
    private static final int ONE_READ = 16 * 1024;

    private static final int HEADER = 9;
    private static final int LENGTH = 3;
    private static final long SECOND = 1_000_000_000;

    /** What has come over a connection so far. */
    enum Heard {
        NOTHING,
        /** Bytes, which tell nothing of HTTP/2: TLS was talked of, for example. */
        BYTES,
        FRAMES
    }

    private int headerBytes;
    private int length;
    private int payloadLeft;
    private long secondBegan = System.nanoTime();
    private long frames;
    private boolean ended;
    private volatile Heard heard = Heard.NOTHING;

    private FloodGuard() {}

    /** Guards a channel that is not connected yet. */
    static FloodGuard of(NioSocketChannel channel) {
        channel.config()
                .setRecvByteBufAllocator(
                        new FixedRecvByteBufAllocator(ONE_READ).maxMessagesPerRead(1));
        FloodGuard guard = new FloodGuard();
        channel.pipeline().addFirst(new BehindTls(guard));
        return guard;
    }

    /** Callable from any thread. */
    Heard heard() {
        return heard;
    }

    /** Puts the guard where frames can be read, as soon as something comes. */
    private static final class BehindTls extends ChannelInboundHandlerAdapter {
        private final FloodGuard guard;

        BehindTls(FloodGuard guard) {
            this.guard = guard;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
            ChannelHandlerContext before = tls != null ? tls : context;
            context.pipeline().addAfter(before.name(), null, guard);
            guard.heard = Heard.BYTES;
            context.fireChannelRead(message);
            context.pipeline().remove(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!ended && message instanceof ByteBuf bytes) {
            count(bytes);
            ended = frames > MOST_FRAMES;
            if (ended) {
                context.fireExceptionCaught(
                        new IOException("it sends far more than was asked for"));
                context.close();
            }
        }
        if (ended) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** What has just been read is answered now: is the channel full? */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        readWhileWritable(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        readWhileWritable(context);
        context.fireChannelWritabilityChanged();
    }

    private static void readWhileWritable(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
    }

    private void count(ByteBuf bytes) {
        long now = System.nanoTime();
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            frames = 0;
        }
        frames += bytes.readableBytes() / 1024;
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            int skipped = Math.min(payloadLeft, bytes.writerIndex() - at);
            payloadLeft -= skipped;
            at += skipped;
            if (at < bytes.writerIndex()) {
                header(bytes.getUnsignedByte(at));
                at++;
            }
        }
    }

    private void header(int value) {
        if (headerBytes < LENGTH) {
            length = length << 8 | value;
        }
        headerBytes++;
        if (headerBytes == HEADER) {
            frames++;
            heard = Heard.FRAMES;
            payloadLeft = length;
            headerBytes = 0;
            length = 0;
        }
    }
}
