package org.vipmanager.dcs.etcd;

import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;

import org.jspecify.annotations.Nullable;

/** Makes the sockets of one channel, which has one at a time. Safe for use by any thread. */
final class ChannelSockets implements ChannelFactory<NioSocketChannel> {

    private volatile @Nullable NioSocketChannel newest;

    @Override
    public NioSocketChannel newChannel() {
        NioSocketChannel made = new NioSocketChannel();
        newest = made;
        return made;
    }

    /** Whether the other side has accepted the connection; TLS comes after that. */
    boolean isConnected() {
        NioSocketChannel socket = newest;
        return socket != null && socket.isActive();
    }
}
