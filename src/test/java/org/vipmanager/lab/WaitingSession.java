package org.vipmanager.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** A client of PostgreSQL that waits, with its driver's defaults: for as long as it takes. */
final class WaitingSession implements AutoCloseable {

    /** What it waits for. */
    enum Kind {
        /** The answer to a query that takes hours. */
        ASKING,
        /** Anything that the server says, idle within a transaction. */
        IN_TRANSACTION
    }

    private final Connection connection;
    private final Socket socket;
    private final CompletableFuture<WaitingClient.End> end = new CompletableFuture<>();

    /** Returns when it is connected. */
    WaitingSession(Host host, InetAddress address, Kind kind) {
        String url = "jdbc:postgresql://" + address.getHostAddress() + ":5432/postgres";
        AtomicReference<Socket> opened = new AtomicReference<>();
        connection = host.namespace().call(() -> connect(url, opened));
        socket = opened.get();
        Thread.ofPlatform().daemon().name("waiting session").start(() -> await(kind));
    }

    private static Connection connect(String url, AtomicReference<Socket> opened) {
        Properties properties = WritingClient.properties();
        properties.setProperty("socketFactory", Sockets.class.getName());
        try {
            Connection connection = DriverManager.getConnection(url, properties);
            opened.set(Sockets.LAST.get());
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(url, e);
        }
    }

    private void await(Kind kind) {
        String how;
        try (Statement statement = connection.createStatement()) {
            if (kind == Kind.ASKING) {
                statement.execute("select pg_sleep(3600)");
                how = "answered";
            } else {
                connection.setAutoCommit(false);
                statement.execute("select 1");
                // The driver looks only when it is asked for something; a pool would poll(2).
                int first = socket.getInputStream().read();
                how = first < 0 ? "closed" : first == 'E' ? "an error of PostgreSQL" : "said";
            }
        } catch (SQLException | IOException e) {
            how = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            how += e.getCause() instanceof IOException cause ? " " + cause : "";
        }
        end.complete(new WaitingClient.End(how, System.nanoTime()));
    }

    boolean isWaiting() {
        return !end.isDone();
    }

    /** Its end, once there is one. */
    WaitingClient.End end() {
        return end.getNow(new WaitingClient.End("waiting", 0));
    }

    @Override
    public void close() throws SQLException {
        connection.abort(Runnable::run);
    }

    /** Plain ones, of which the last of each thread can be had. Named to the driver. */
    public static final class Sockets extends UnconnectedSockets {

        private static final ThreadLocal<Socket> LAST = new ThreadLocal<>();

        @Override
        public Socket createSocket() {
            LAST.set(new Socket(Proxy.NO_PROXY));
            return LAST.get();
        }
    }
}
