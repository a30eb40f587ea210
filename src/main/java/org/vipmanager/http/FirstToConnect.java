package org.vipmanager.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Connects to whichever of a host's addresses accepts first. The next one is tried when one has
 * failed or has been silent for a while, as RFC 8305 ("Happy Eyeballs") recommends; so one that is
 * dead delays the others by that while alone.
 */
final class FirstToConnect {

    /** RFC 8305 section 5, "Connection Attempt Delay". */
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final Selector selector;
    private final Deque<InetAddress> left;
    private final int port;
    private @Nullable IOException firstFailure;
    private long nextAtNanos;

    private FirstToConnect(Selector selector, List<InetAddress> addresses, int port) {
        this.selector = selector;
        this.left = new ArrayDeque<>(addresses);
        this.port = port;
    }

    /**
     * A connection in blocking mode.
     *
     * @throws IOException that of the first address, when all have failed
     * @throws SocketTimeoutException when none has accepted in time
     */
    static SocketChannel among(
            List<InetAddress> addresses, int port, Duration limit, Cancellation cancellation)
            throws IOException {
        SocketChannel connected;
        try (Selector selector = Selector.open()) {
            cancellation.on(selector::wakeup);
            connected =
                    new FirstToConnect(selector, addresses, port)
                            .connect(System.nanoTime() + limit.toNanos(), cancellation);
        }
        cancellation.on(connected);
        connected.configureBlocking(true); // possible only without the selector
        connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return connected;
    }

    private SocketChannel connect(long endNanos, Cancellation cancellation) throws IOException {
        SocketChannel connected = null;
        try {
            while (connected == null) {
                cancellation.check();
                connected = isTimeForNext() ? attempt(left.removeFirst()) : awaited(endNanos);
            }
            return connected;
        } finally {
            for (SelectionKey key : selector.keys()) {
                if (key.channel() != connected) {
                    key.channel().close();
                }
            }
        }
    }

    private boolean isTimeForNext() {
        return !left.isEmpty() && (isNobodyTrying() || System.nanoTime() - nextAtNanos >= 0);
    }

    private boolean isNobodyTrying() {
        return selector.keys().stream().noneMatch(SelectionKey::isValid);
    }

    private @Nullable SocketChannel attempt(InetAddress address) throws IOException {
        nextAtNanos = System.nanoTime() + HEAD_START.toNanos();
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            if (channel.connect(new InetSocketAddress(address, port))) {
                return channel;
            }
            channel.register(selector, SelectionKey.OP_CONNECT);
        } catch (IOException | RuntimeException unreachable) {
            failed(channel, unreachable);
        }
        return null;
    }

    private @Nullable SocketChannel awaited(long endNanos) throws IOException {
        long now = System.nanoTime();
        if (isNobodyTrying()) {
            throw firstFailure == null ? new IOException("it has no address") : firstFailure;
        }
        if (now - endNanos >= 0) {
            throw new SocketTimeoutException("no answer to the connection attempt");
        }
        long until = left.isEmpty() ? endNanos : Math.min(endNanos, nextAtNanos);
        selector.select(Math.max(1, Duration.ofNanos(until - now).toMillis()));
        for (SelectionKey key : selector.selectedKeys()) {
            SocketChannel channel = (SocketChannel) key.channel();
            try {
                if (channel.finishConnect()) {
                    return channel;
                }
            } catch (IOException refused) {
                failed(channel, refused);
            }
        }
        selector.selectedKeys().clear();
        return null;
    }

    private void failed(SocketChannel channel, Exception failure) throws IOException {
        channel.close();
        if (firstFailure == null) {
            firstFailure = failure instanceof IOException io ? io : new IOException(failure);
        }
    }
}
