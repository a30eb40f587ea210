package org.vipmanager.dcs.etcd.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.DelegatingSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;
import org.vipmanager.http.Origin;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;
import org.vipmanager.tls.TlsReload;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * Opens gRPC channels that share one network thread.
 *
 * <p>{@link #open} blocks while a name is resolved and files are read; it is safe for use by any
 * thread.
 */
final class GrpcChannels implements AutoCloseable {

    private static final String NETTY = "io.grpc.netty.shaded.io.netty.";

    /** Below 10 s gRPC does not go, below 5 s etcd ends the connection ("too many pings"). */
    private static final long KEEPALIVE_SECONDS = 10;

    private static final long KEEPALIVE_TIMEOUT_SECONDS = 5;

    /**
     * Of a hundred keys with all that is known of each, several times that. A message of this
     * length may become thirty times as much in the heap, as each element takes two bytes there.
     */
    private static final int LONGEST_MESSAGE = 1 << 18;

    /** Left to itself, gRPC lets it grow to 8 MiB for each connection. */
    private static final int MOST_UNREAD_BYTES = 1 << 19;

    static {
        keepNettySmall();
    }

    private final EventLoopGroup network =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("etcd", true), NioIoHandler.newFactory());
    private final TlsFiles configured;
    private final TlsReload tls;
    private @Nullable TlsMaterial contextMaterial;
    private @Nullable SslContext context;

    /**
     * How far the addresses of a host name are turned, so that a silent one does not stay first.
     */
    private final Map<String, Integer> turns = new HashMap<>();

    GrpcChannels(TlsFiles files) {
        this.configured = files;
        this.tls = new TlsReload(files);
    }

    /**
     * A channel, and what it is made of.
     *
     * @param material the certificates that it uses; null for a channel without TLS
     */
    record Opened(ManagedChannel channel, Sockets sockets, @Nullable TlsMaterial material) {}

    /** Makes the sockets of one channel, which has one at a time. Safe for use by any thread. */
    static final class Sockets implements ChannelFactory<NioSocketChannel> {

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

    Opened open(Origin endpoint) throws TlsFileException, UnknownHostException, SSLException {
        Sockets sockets = new Sockets();
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget(
                                ResolvedAddresses.target(
                                        addresses(endpoint.host()), endpoint.port()))
                        .overrideAuthority(endpoint.hostAndPort())
                        .eventLoopGroup(network)
                        .channelFactory(sockets)
                        .directExecutor()
                        .offloadExecutor(Runnable::run)
                        .disableRetry()
                        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                        .idleTimeout(365, TimeUnit.DAYS)
                        .flowControlWindow(MOST_UNREAD_BYTES)
                        .maxInboundMessageSize(LONGEST_MESSAGE);
        if (!endpoint.secure()) {
            return new Opened(builder.usePlaintext().build(), sockets, null);
        }
        TlsMaterial material = tls.current();
        SslContext asking = new HostAsking(context(material), configured.serverAt(endpoint.host()));
        return new Opened(builder.sslContext(asking).build(), sockets, material);
    }

    /** Whether the certificates have been replaced since; never blocks. */
    boolean isOutdated(@Nullable TlsMaterial material) {
        return material != null && material != tls.newest();
    }

    /** The endpoint did not answer: if its name has another address, that comes first now. */
    synchronized void wasSilent(Origin endpoint) {
        turns.merge(endpoint.host(), 1, Integer::sum);
    }

    /** A context whose connections ask for the host itself, which gRPC does for some names only. */
    private static final class HostAsking extends DelegatingSslContext {

        private final ServerName server;

        HostAsking(SslContext context, ServerName server) {
            super(context);
            this.server = server;
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            SSLParameters parameters = engine.getSSLParameters();
            server.demandBy(parameters);
            engine.setSSLParameters(parameters);
        }
    }

    @Override
    public void close() {
        tls.close();
        network.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }

    private synchronized SslContext context(TlsMaterial material) throws SSLException {
        SslContext ready = context;
        if (ready == null || material != contextMaterial) {
            SslContextBuilder builder =
                    GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                            .trustManager(material.trust());
            material.keys().ifPresent(builder::keyManager);
            ready = builder.build();
            context = ready;
            contextMaterial = material;
        }
        return ready;
    }

    private List<InetAddress> addresses(String host) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getAllByName(host)));
        int turn;
        synchronized (this) {
            turn = turns.getOrDefault(host, 0);
        }
        Collections.rotate(addresses, -turn);
        return addresses;
    }

    /**
     * Makes the network library small: it is built for servers with thousands of connections, and
     * here it has one. A bare client took 72 MiB with mutual TLS before, most of it in pools and
     * native code.
     *
     * <p>The settings are read when the library's classes are loaded, so they come first.
     */
    private static void keepNettySmall() {
        set(NETTY + "transport.noNative", "true");
        set(NETTY + "handler.ssl.noOpenSsl", "true");
        // Else it calls malloc by java.lang.foreign, and makes sixty classes for that at each
        // start.
        set(NETTY + "noUnsafe", "false");
        set(NETTY + "allocator.type", "unpooled");
        set("io.grpc.netty.shaded.io.grpc.netty.useCustomAllocator", "false");
        set(NETTY + "eventLoopThreads", "1");
        set(NETTY + "leakDetection.level", "disabled");
        // Only for names of channels in logs: spare the search through all network interfaces,
        // and its warning on a host whose only one is the loopback.
        set(NETTY + "machineId", "02:00:00:00:00:01");
        set(NETTY + "processId", "1");
    }

    private static void set(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
