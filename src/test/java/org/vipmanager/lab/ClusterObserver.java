package org.vipmanager.lab;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the leader key and at each PostgreSQL many times a second, past the address, and
 * remembers every change.
 */
final class ClusterObserver implements AutoCloseable {

    static final String KEY = "leader key";
    static final String WRITABLE = "writable";
    private static final String DOWN = "down";
    private static final String STANDBY = "in recovery";
    private static final String UNKNOWN = "unknown";
    private static final String ABSENT = "absent";
    private static final long KEY_PAUSE_NANOS = 5_000_000;
    private static final long DATABASE_PAUSE_NANOS = 10_000_000;

    private final Map<String, NavigableMap<Long, String>> states = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    ClusterObserver(Host observer, Store store, String key, List<DatabaseHost> hosts) {
        threads.add(observer.namespace().start("observes the key", () -> watchKey(store, key)));
        for (DatabaseHost host : hosts) {
            threads.add(observer.namespace().start("observes " + host, () -> watchDatabase(host)));
        }
    }

    private void watchKey(Store store, String key) {
        while (!closed) {
            String state;
            try {
                state = store.value(key).orElse(ABSENT);
            } catch (RuntimeException e) {
                state = UNKNOWN;
            }
            remember(KEY, state);
            LockSupport.parkNanos(KEY_PAUSE_NANOS);
        }
    }

    private void watchDatabase(DatabaseHost host) {
        while (!closed) {
            try (Connection connection = WritingClient.connect(host.databaseUrl());
                    Statement statement = connection.createStatement()) {
                while (!closed) {
                    try (ResultSet answer = statement.executeQuery("select pg_is_in_recovery()")) {
                        answer.next();
                        remember(host.name(), answer.getBoolean(1) ? STANDBY : WRITABLE);
                    }
                    LockSupport.parkNanos(DATABASE_PAUSE_NANOS);
                }
            } catch (SQLException e) {
                remember(host.name(), DOWN);
                LockSupport.parkNanos(DATABASE_PAUSE_NANOS);
            }
        }
    }

    private void remember(String subject, String state) {
        NavigableMap<Long, String> history =
                states.computeIfAbsent(subject, _ -> new ConcurrentSkipListMap<>());
        Map.Entry<Long, String> last = history.lastEntry();
        if (last == null || !last.getValue().equals(state)) {
            history.put(System.nanoTime(), state);
        }
    }

    /** The state of the leader key or of a host's PostgreSQL at that time. */
    String state(String subject, long atNanos) {
        NavigableMap<Long, String> history = states.get(subject);
        Map.Entry<Long, String> entry = history == null ? null : history.floorEntry(atNanos);
        return entry == null ? UNKNOWN : entry.getValue();
    }

    String stateNow(String subject) {
        return state(subject, System.nanoTime());
    }

    /** The first time since then at which the subject was in the state; -1 when it was not. */
    long first(String subject, String state, long sinceNanos) {
        if (state(subject, sinceNanos).equals(state)) {
            return sinceNanos;
        }
        return states.getOrDefault(subject, new TreeMap<>()).tailMap(sinceNanos).entrySet().stream()
                .filter(entry -> entry.getValue().equals(state))
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
    }

    /** Every change of anything between the two times, as a time and what changed. */
    NavigableMap<Long, String> changes(long fromNanos, long toNanos) {
        NavigableMap<Long, String> changes = new TreeMap<>();
        new HashMap<>(states)
                .forEach(
                        (subject, history) ->
                                history.subMap(fromNanos, toNanos)
                                        .forEach(
                                                (at, state) ->
                                                        changes.merge(
                                                                at,
                                                                subject + " " + state,
                                                                (a, b) -> a + ", " + b)));
        return changes;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
