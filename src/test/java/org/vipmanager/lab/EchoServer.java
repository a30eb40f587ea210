package org.vipmanager.lab;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** What a database is to its clients: it waits in a host at the address and says who it is. */
final class EchoServer implements AutoCloseable {

    static final int PORT = 5432;

    private final Host host;
    private final InetAddress address;
    private final CompletableFuture<DatagramChannel> channel = new CompletableFuture<>();
    private volatile boolean frozen;

    EchoServer(Host host, InetAddress address) {
        this.host = host;
        this.address = address;
        host.namespace().start("echo", this::serve);
        channel.join();
    }

    /** Stops answering, as when the whole host is frozen. */
    void freeze(boolean frozen) {
        this.frozen = frozen;
    }

    private void serve() {
        Kernel.measureInRealTime();
        try (DatagramChannel open = DatagramChannel.open(family(address))) {
            open.bind(new InetSocketAddress(address, PORT));
            channel.complete(open);
            byte[] name = host.name().getBytes(StandardCharsets.US_ASCII);
            ByteBuffer buffer = ByteBuffer.allocateDirect(64);
            while (open.isOpen()) {
                buffer.clear();
                SocketAddress asker = open.receive(buffer);
                if (!frozen) {
                    answer(open, buffer.put(name).flip(), asker);
                }
            }
        } catch (IOException e) {
            // The expected end is that close() closed the channel; before that it is a failure.
            channel.completeExceptionally(e);
        }
    }

    private static void answer(DatagramChannel open, ByteBuffer answer, SocketAddress asker)
            throws ClosedChannelException {
        try {
            open.send(answer, asker);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // The address has gone since the question came: nobody can answer from it.
        }
    }

    static StandardProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    @Override
    public void close() throws IOException {
        channel.join().close();
    }
}
