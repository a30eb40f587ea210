package org.vipmanager.lab;

import java.net.InetAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that writes one row after the other and knows nothing but the address.
 *
 * <p>It remembers each row that was acknowledged, by which server, and on which timeline of
 * PostgreSQL.
 */
final class WritingClient implements AutoCloseable {

    private static final long PAUSE_NANOS = 5_000_000;

    private static final String WRITE =
            "insert into writes values (?) returning current_setting('data_directory'),"
                    + " ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))"
                    + "::bit(32)::int";

    /** A row that the server has acknowledged. */
    record Acknowledged(long number, long atNanos, String server, int timelineId) {}

    private final String url;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Thread thread;
    private String trouble = "";
    private long number;
    private volatile boolean closed;

    WritingClient(Host host, InetAddress address) {
        this.url = "jdbc:postgresql://" + address.getHostAddress() + ":5432/postgres";
        this.thread = host.namespace().start("writing client", this::write);
    }

    /** A connection that fails within fractions of a second rather than wait. */
    static Connection connect(String url) throws SQLException {
        Properties properties = properties();
        properties.setProperty("socketTimeout", "1");
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("socketFactory", ImpatientSockets.class.getName());
        return DriverManager.getConnection(url, properties);
    }

    /** For who counts afterwards, on a machine however busy. */
    private static Properties patient() {
        Properties properties = properties();
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("connectTimeout", "60");
        return properties;
    }

    /** What every client here needs. */
    static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "secret");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return properties;
    }

    private void write() {
        while (!closed) {
            try (Connection connection = connect(url)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("create table if not exists writes (number bigint)");
                }
                try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
                    while (!closed) {
                        writeOne(statement);
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                }
            } catch (SQLException e) {
                synchronized (this) {
                    trouble = String.valueOf(e.getMessage());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void writeOne(PreparedStatement statement) throws SQLException {
        // A number whose answer was lost is not used again: the row may be there or not.
        number++;
        statement.setLong(1, number);
        try (ResultSet answer = statement.executeQuery()) {
            answer.next();
            String server = answer.getString(1).replaceFirst(".*/(pg\\d+)-database/.*", "$1");
            int timelineId = answer.getInt(2);
            synchronized (this) {
                acknowledged.add(new Acknowledged(number, System.nanoTime(), server, timelineId));
            }
        }
    }

    synchronized List<Acknowledged> acknowledgedSince(long nanos) {
        return acknowledged.stream().filter(row -> row.atNanos() >= nanos).toList();
    }

    synchronized List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** The last error message. */
    synchronized String trouble() {
        return trouble;
    }

    /** The numbers that were acknowledged and are not in the server's table. */
    static Set<Long> lost(List<Acknowledged> acknowledged, String url) {
        Set<Long> missing = new HashSet<>();
        acknowledged.forEach(row -> missing.add(row.number()));
        try (Connection connection = DriverManager.getConnection(url, patient());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select number from writes")) {
            while (rows.next()) {
                missing.remove(rows.getLong(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(url, e);
        }
        return missing;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
