package org.vipmanager.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on a free port of the loopback interface that does to each connection whatever is wrong
 * today.
 *
 * <p>It never ends a connection by itself unless its manners do: what is left open was left open by
 * the client.
 */
public final class FaultyPeer implements AutoCloseable {

    private static final int BACKLOG = 200;

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Manners manners;

    /** What is done to a connection, on a thread of its own; whatever it throws ends it. */
    @FunctionalInterface
    public interface Manners {

        void speak(Socket connection) throws Exception;
    }

    public FaultyPeer(Manners manners) {
        this.manners = manners;
        try {
            listening = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("faulty-peer").start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** How many connections there ever were. */
    public int connections() {
        return accepted.get();
    }

    /** How many connections neither side has ended. */
    public int openConnections() {
        return open.size();
    }

    /** Treats those who connect from now on in another way, and ends the connections of before. */
    public void behave(Manners other) {
        manners = other;
        open.forEach(FaultyPeer::end);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(FaultyPeer::end);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listening.accept();
                open.add(connection);
                accepted.incrementAndGet();
                Manners now = manners;
                Thread.ofVirtual().start(() -> serve(connection, now));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket connection, Manners now) {
        try (connection) {
            now.speak(connection);
        } catch (Exception end) {
            // The client has had enough, or the test has.
        } finally {
            open.remove(connection);
        }
    }

    private static void end(Socket connection) {
        try {
            connection.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }
}
