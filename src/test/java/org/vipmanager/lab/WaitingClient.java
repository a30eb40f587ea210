package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/** A client that has asked something over TCP and waits for an answer that nobody sends. */
final class WaitingClient implements AutoCloseable {

    static final int PORT = 5433;

    /** What a server of the host is to it: it accepts connections and says nothing. */
    static final class Server implements AutoCloseable {

        private final ServerSocketChannel listening;

        Server(Host host) {
            listening = host.namespace().call(Server::listen);
        }

        private static ServerSocketChannel listen() {
            try {
                return ServerSocketChannel.open().bind(new InetSocketAddress(PORT), 1000);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    /** How the wait ended, and when, on the clock of {@link System#nanoTime}. */
    record End(String how, long atNanos) {}

    private final SocketChannel channel;
    private final CompletableFuture<End> end = new CompletableFuture<>();

    /** Returns when it is connected. */
    WaitingClient(Host host, InetAddress address) {
        channel = host.namespace().call(() -> connect(address));
        Thread.ofPlatform().daemon().name("waiting client").start(this::await);
    }

    private static SocketChannel connect(InetAddress address) {
        try {
            return SocketChannel.open(new InetSocketAddress(address, PORT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await() {
        String how;
        try {
            how = channel.read(ByteBuffer.allocate(1)) < 0 ? "closed" : "answered";
        } catch (IOException e) {
            how = String.valueOf(e.getMessage());
        }
        end.complete(new End(how, System.nanoTime()));
    }

    boolean isWaiting() {
        return !end.isDone();
    }

    /** Its end, once there is one. */
    End end() {
        return end.getNow(new End("waiting", 0));
    }

    /** Says something, as a client does that has been told so by its user. */
    void send() throws IOException {
        channel.write(ByteBuffer.wrap(new byte[] {1}));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
