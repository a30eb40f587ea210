package org.vipmanager.dcs.etcd;

import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;

import org.jspecify.annotations.Nullable;

/** Makes the sockets of one channel, which has one at a time. Safe for use by any thread. */
final class ChannelSockets implements ChannelFactory<NioSocketChannel> {

    private volatile @Nullable NioSocketChannel newest;
    private volatile @Nullable FloodGuard guard;

    @Override
    public NioSocketChannel newChannel() {
        NioSocketChannel made = new NioSocketChannel();
        guard = FloodGuard.of(made);
        newest = made;
        return made;
    }

    /** What has come over the newest one. */
    FloodGuard.Heard heard() {
        FloodGuard listening = guard;
        return listening == null ? FloodGuard.Heard.NOTHING : listening.heard();
    }

    /** Whether the other side has accepted the connection; TLS comes after that. */
    boolean isConnected() {
        NioSocketChannel socket = newest;
        return socket != null && socket.isActive();
    }
}
