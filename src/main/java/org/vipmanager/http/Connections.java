package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.tls.ServerName;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

/**
 * Asks over connections that are made with the same certificates. One that has brought a whole
 * answer is kept for the next question; any other is closed, whatever became of the exchange.
 *
 * <p>Safe for use by any thread; {@link #ask} blocks.
 */
final class Connections {

    /** Kept no longer without a question: by then the server, or a firewall, may have ended it. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private static final int MOST_IDLE = 128;

    private final @Nullable SSLContext context;
    private final Function<String, ServerName> servers;
    private final HostAddresses addresses;
    private final Duration connect;
    private final Proxies proxies;
    private final Map<Origin, Deque<HttpConnection>> idle = new HashMap<>();
    private int idleCount;
    private boolean ended;

    /**
     * @param context null for the runtime's own
     * @param servers whom the server at a host must prove to be
     * @param connect for the name resolution, and again for the connection to stand
     * @param proxies through which secured servers are reached
     */
    Connections(
            @Nullable SSLContext context,
            Function<String, ServerName> servers,
            HostAddresses addresses,
            Duration connect,
            Proxies proxies) {
        this.context = context;
        this.servers = servers;
        this.proxies = proxies;
        this.addresses = addresses;
        this.connect = connect;
    }

    HttpReply ask(Origin origin, HttpRequest request, Cancellation call, BodyMemory.Share memory)
            throws IOException {
        HttpConnection kept = takeIdle(origin);
        while (kept != null && !addresses.has(connected(origin).host(), kept.address())) {
            kept.close(); // the name leads to another host now
            kept = takeIdle(origin);
        }
        if (kept != null) {
            call.on(kept);
            ReplyReader reader = new ReplyReader(kept.answers(), memory);
            try {
                return askThrough(kept, origin, request, reader, call);
            } catch (IOException failure) {
                // The server may have ended it while it was idle, as when it was restarted; or a
                // firewall has forgotten it, and all the others.
                if (!reader.hasReceivedAnything()) {
                    closeIdle(origin);
                }
                if (reader.hasReceivedAnything() || !request.changesNothing()) {
                    throw failure;
                }
                call.check();
            }
        }
        HttpConnection fresh = open(origin, call);
        ReplyReader reader = new ReplyReader(fresh.answers(), memory);
        return askThrough(fresh, origin, request, reader, call);
    }

    /** Closes those that wait for a question, and from now on each when its exchange is over. */
    void end() {
        synchronized (this) {
            ended = true;
            idle.keySet().forEach(this::closeIdle);
        }
    }

    synchronized boolean isEnded() {
        return ended;
    }

    private HttpReply askThrough(
            HttpConnection connection,
            Origin origin,
            HttpRequest request,
            ReplyReader reader,
            Cancellation call)
            throws IOException {
        boolean whole = false;
        try {
            HttpReply reply = reply(connection, request, reader);
            call.release();
            whole = !reply.last();
            addresses.worked(connected(origin).host(), connection.address());
            return reply;
        } catch (IOException failure) {
            addresses.failed(connected(origin).host(), connection.address());
            throw failure;
        } finally {
            if (!whole || !keep(origin, connection)) {
                connection.close();
            }
        }
    }

    /**
     * A server that does not want the client's certificate, or has too many connections, says so
     * and closes without having listened.
     */
    private static HttpReply reply(
            HttpConnection connection, HttpRequest request, ReplyReader reader) throws IOException {
        try {
            connection.send(request.bytes());
        } catch (IOException unheard) {
            try {
                return reader.read();
            } catch (IOException said) {
                said.addSuppressed(unheard);
                throw said;
            }
        }
        return reader.read();
    }

    private HttpConnection open(Origin origin, Cancellation call) throws IOException {
        Origin connected = connected(origin);
        SocketChannel channel = connect(origin, connected, call);
        InetAddress address = channel.socket().getInetAddress();
        boolean usable = false;
        try {
            if (proxies.of(origin).isPresent()) {
                ProxyTunnel.open(channel, origin, proxies.authorization());
            }
            HttpConnection made =
                    origin.secure()
                            ? HttpConnection.secure(
                                    channel, servers.apply(origin.host()), origin.port(), context)
                            : HttpConnection.plain(channel);
            usable = true;
            return made;
        } finally {
            if (!usable) {
                addresses.failed(connected.host(), address);
                channel.close();
            }
        }
    }

    private SocketChannel connect(Origin origin, Origin connected, Cancellation call)
            throws IOException {
        try {
            return FirstToConnect.among(
                    addresses.of(connected.host(), connect), connected.port(), connect, call);
        } catch (IOException failure) {
            if (connected.equals(origin)) {
                throw failure;
            }
            throw new IOException(
                    "the proxy " + connected + " " + FailureText.of(failure), failure);
        }
    }

    /** What a connection leads to: the server, or the proxy before it. */
    private Origin connected(Origin server) {
        return proxies.of(server).orElse(server);
    }

    private synchronized @Nullable HttpConnection takeIdle(Origin origin) {
        Deque<HttpConnection> kept = idle.getOrDefault(origin, new ArrayDeque<>());
        while (!kept.isEmpty()) {
            HttpConnection newest = kept.removeLast();
            idleCount--;
            if (hasRested(newest) || !newest.isQuiet()) {
                newest.close();
            } else {
                return newest;
            }
        }
        return null;
    }

    private synchronized void closeIdle(Origin origin) {
        Deque<HttpConnection> kept = idle.getOrDefault(origin, new ArrayDeque<>());
        kept.forEach(HttpConnection::close);
        idleCount -= kept.size();
        kept.clear();
    }

    private synchronized boolean keep(Origin origin, HttpConnection connection) {
        idle.values().forEach(this::dropRested);
        if (ended || idleCount >= MOST_IDLE || !connection.isQuiet()) {
            return false;
        }
        connection.rest();
        idle.computeIfAbsent(origin, _ -> new ArrayDeque<>()).addLast(connection);
        idleCount++;
        return true;
    }

    private void dropRested(Deque<HttpConnection> kept) {
        while (!kept.isEmpty() && hasRested(kept.getFirst())) {
            kept.removeFirst().close();
            idleCount--;
        }
    }

    private static boolean hasRested(HttpConnection connection) {
        long rested = System.nanoTime() - connection.idleSinceNanos();
        return rested > LONGEST_REST.toNanos();
    }
}
